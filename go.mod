module github.com/muster-scim/muster

go 1.26.0
