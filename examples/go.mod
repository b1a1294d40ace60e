module github.com/muster-scim/muster/examples

go 1.26.0

require github.com/muster-scim/muster v0.0.0

replace github.com/muster-scim/muster => ../
