package main

import (
	"context"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	_ "embed"
	"encoding/json"
	"errors"
	"net/http"
)

// This file is the service as it was before SCIM: users who log in, and teams.

//go:embed schema.sql
var schemaSQL string

// crew is the service.
type crew struct{ db *sql.DB }

// openCrew opens the database of the service and makes its tables.
func openCrew(ctx context.Context, path string) (*crew, error) {
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(WAL)&_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)")
	if err != nil {
		return nil, err
	}
	if _, err := db.ExecContext(ctx, schemaSQL); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &crew{db}, nil
}

func (c *crew) handler() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /signup", c.signup)
	mux.HandleFunc("POST /login", c.login)
	mux.HandleFunc("GET /teams/{id}/members", c.members)
	return mux
}

// credentials are what people type in.
type credentials struct {
	Email     string `json:"email"`
	Password  string `json:"password"`
	FirstName string `json:"firstName"`
	LastName  string `json:"lastName"`
}

func (c *crew) signup(w http.ResponseWriter, r *http.Request) {
	in, ok := read(w, r)
	if !ok {
		return
	}
	hash, err := hashed(in.Password)
	if err == nil {
		_, err = c.db.ExecContext(r.Context(), "INSERT INTO users (email, first_name, last_name, password_hash) VALUES (?, ?, ?, ?)", in.Email, in.FirstName, in.LastName, hash)
	}
	if err != nil {
		http.Error(w, "this address is taken", http.StatusConflict)
		return
	}
	w.WriteHeader(http.StatusCreated)
}

// login lets in whoever has the right password and is not disabled.
func (c *crew) login(w http.ResponseWriter, r *http.Request) {
	in, ok := read(w, r)
	if !ok {
		return
	}
	var hash []byte
	err := c.db.QueryRowContext(r.Context(), "SELECT password_hash FROM users WHERE lower(email) = lower(?) AND disabled_at IS NULL", in.Email).Scan(&hash)
	if err != nil || !matches(in.Password, hash) {
		http.Error(w, "wrong address or password", http.StatusUnauthorized)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func read(w http.ResponseWriter, r *http.Request) (in credentials, ok bool) {
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16)).Decode(&in); err != nil {
		http.Error(w, "this is not JSON", http.StatusBadRequest)
		return in, false
	}
	return in, true
}

// members lists the addresses of a team.
func (c *crew) members(w http.ResponseWriter, r *http.Request) {
	rows, err := c.db.QueryContext(r.Context(), "SELECT u.email FROM team_users t JOIN users u ON u.id = t.user_id WHERE t.team_id = ? ORDER BY u.email", r.PathValue("id"))
	if err != nil {
		http.Error(w, "out of order", http.StatusInternalServerError)
		return
	}
	defer func() { _ = rows.Close() }()
	list := []string{}
	for rows.Next() {
		var email string
		if err := rows.Scan(&email); err != nil {
			http.Error(w, "out of order", http.StatusInternalServerError)
			return
		}
		list = append(list, email)
	}
	_ = json.NewEncoder(w).Encode(list)
}

const (
	rounds = 100_000
	salted = 16 // bytes of salt before the hash
)

func hashed(password string) ([]byte, error) {
	salt := make([]byte, salted)
	if _, err := rand.Read(salt); err != nil {
		return nil, err
	}
	key, err := pbkdf2.Key(sha256.New, password, salt, rounds, sha256.Size)
	return append(salt, key...), err
}

func matches(password string, hash []byte) bool {
	if len(hash) != salted+sha256.Size {
		return false // who was provisioned has no password
	}
	key, err := pbkdf2.Key(sha256.New, password, hash[:salted], rounds, sha256.Size)
	return err == nil && subtle.ConstantTimeCompare(key, hash[salted:]) == 1
}
