package schema

// What no single key can say: which keys must be there because of others. A channel has what it
// inherits, so these conditions reach from a file or a tenant down to its channels.

// fileRules insist on tenants, here or in other files, and on a mode for each channel.
var fileRules = object{
	{"if", object{{"required", []string{"include"}}}},
	{"else", object{{"required", []string{"tenants"}}, {"properties", object{{"tenants", object{{"type", "array"}, {"minItems", 1}}}}}}},
	{"allOf", []object{
		when(not(below("defaults", object{{"type", "object"}, {"required", []string{"mode"}}})), each("tenants", when(lacks("mode"), channels(required("mode"))))),
		when(below("defaults", is("mode", "authorization")), each("tenants", when(lacks("mode"), channels(required("secretKey"))))),
	}},
}

func when(condition, then object) object {
	return object{{"if", condition}, {"then", then}}
}

func required(key string) object { return object{{"required", []string{key}}} }

func not(o object) object { return object{{"not", o}} }

func lacks(key string) object { return not(required(key)) }

// below holds where a key is there and its value is of a form.
func below(key string, form object) object {
	return object{{"type", "object"}, {"required", []string{key}}, {"properties", object{{key, form}}}}
}

// is holds where a key is there and has a value.
func is(key string, value any) object {
	return below(key, object{{"const", value}})
}

// each wants every item of a list to be of a form.
func each(key string, form object) object {
	items := append(object{{"type", "object"}}, form...)
	return object{{"properties", object{{key, object{{"type", "array"}, {"items", items}}}}}}
}

// channels wants something of every channel that has no mode of its own.
func channels(form object) object {
	return each("channels", when(lacks("mode"), form))
}
