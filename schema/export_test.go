package schema

// SchemaOf is For with a type that is made at run time.
var SchemaOf = schemaOf
