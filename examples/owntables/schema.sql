CREATE TABLE IF NOT EXISTS users (
	id integer PRIMARY KEY AUTOINCREMENT,
	email text NOT NULL,
	first_name text NOT NULL DEFAULT '',
	last_name text NOT NULL DEFAULT '',
	password_hash blob,
	disabled_at datetime,
	created_at datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
	updated_at datetime NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE UNIQUE INDEX IF NOT EXISTS users_email ON users (lower(email));
CREATE TABLE IF NOT EXISTS teams (
	id integer PRIMARY KEY AUTOINCREMENT,
	name text NOT NULL,
	updated_at datetime NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE IF NOT EXISTS team_users (
	team_id integer NOT NULL REFERENCES teams (id),
	user_id integer NOT NULL REFERENCES users (id),
	added_at datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
	PRIMARY KEY (team_id, user_id)
);
CREATE TABLE IF NOT EXISTS team_teams (
	team_id integer NOT NULL REFERENCES teams (id),
	part_id integer NOT NULL REFERENCES teams (id),
	PRIMARY KEY (team_id, part_id)
);
CREATE INDEX IF NOT EXISTS team_users_user ON team_users (user_id);
