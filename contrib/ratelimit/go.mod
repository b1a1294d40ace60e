module github.com/muster-scim/muster/contrib/ratelimit

go 1.26.0

require (
	github.com/muster-scim/muster v0.0.0
	golang.org/x/time v0.16.0
)

require (
	github.com/di-wu/parser v0.2.2 // indirect
	github.com/gabriel-vasile/mimetype v1.4.16 // indirect
	github.com/go-json-experiment/json v1.27.2 // indirect
	github.com/go-playground/locales v0.14.2 // indirect
	github.com/go-playground/universal-translator v0.18.2 // indirect
	github.com/go-playground/validator/v10 v10.30.6 // indirect
	github.com/google/uuid v1.6.0 // indirect
	github.com/leodido/go-urn v1.5.0 // indirect
	github.com/scim2/filter-parser/v2 v2.2.1 // indirect
	golang.org/x/crypto v0.59.0 // indirect
	golang.org/x/sys v0.50.0 // indirect
	golang.org/x/text v0.44.0 // indirect
)

replace github.com/muster-scim/muster => ../../
