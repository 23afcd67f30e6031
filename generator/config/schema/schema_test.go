package schema_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"embedgen/generator/config/schema"
)

// compile makes a validator of a schema; it checks the schema against the draft-07 meta-schema.
func compile(t testing.TB, text []byte) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("channels.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("channels.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestDialect holds that the schema is draft-07 and uses only what that draft has: a keyword of a
// later one would be ignored.
func TestDialect(t *testing.T) {
	known := map[string]bool{}
	for _, k := range strings.Fields("$schema $ref title description default examples type enum const pattern minimum " +
		"maxLength minItems maxItems uniqueItems items properties patternProperties additionalProperties required " +
		"definitions if then else not allOf anyOf oneOf") {
		known[k] = true
	}
	for _, text := range [][]byte{schema.JSON(), schema.IncludedJSON()} {
		if compile(t, text).DraftVersion != 7 {
			t.Error("the schema is not draft-07")
		}
		var doc map[string]any
		json.Unmarshal(text, &doc)
		eachSchema(doc, "", func(s map[string]any, at string) {
			for k := range s {
				if !known[k] {
					t.Errorf("%s: keyword %s", at, k)
				}
			}
			if s["$ref"] != nil && len(s) > 1 {
				t.Errorf("%s: draft-07 ignores what stands beside $ref", at)
			}
		})
	}
}

// eachSchema calls do for a JSON Schema and every one inside.
func eachSchema(s map[string]any, at string, do func(s map[string]any, at string)) {
	do(s, at)
	for k, v := range s {
		switch v := v.(type) {
		case map[string]any:
			switch k {
			case "properties", "patternProperties", "definitions":
				for name, inner := range v {
					eachSchema(inner.(map[string]any), at+"/"+k+"/"+name, do)
				}
			case "default":
			default:
				eachSchema(v, at+"/"+k, do)
			}
		case []any:
			for _, inner := range v {
				if inner, ok := inner.(map[string]any); ok {
					eachSchema(inner, at+"/"+k, do)
				}
			}
		}
	}
}

// TestEveryKeyIsDescribed holds that whatever a user may write has a title and a sentence.
func TestEveryKeyIsDescribed(t *testing.T) {
	var walk func(m *schema.Mapping, at string)
	walk = func(m *schema.Mapping, at string) {
		seen := map[string]bool{}
		for _, k := range m.Keys {
			at := at + "." + k.Name
			if k.Title == "" || strings.HasSuffix(k.Title, ".") || !strings.HasSuffix(k.Text, ".") || seen[k.Name] {
				t.Errorf("%s: title %q, text %q", at, k.Title, k.Text)
			}
			seen[k.Name] = true
			for v := &k.Value; v != nil; v = inside(v) {
				if v.Mapping != nil {
					walk(v.Mapping, at)
				}
			}
		}
	}
	walk(&schema.File, "")
	walk(&schema.Included, "")
}

// TestDefaultsAndExamplesAreValid holds each key's default and examples against its own schema.
func TestDefaultsAndExamplesAreValid(t *testing.T) {
	var doc map[string]any
	json.Unmarshal(schema.JSON(), &doc)
	checked := 0
	eachSchema(doc, "", func(s map[string]any, at string) {
		values, _ := s["examples"].([]any)
		if s["default"] != nil {
			values = append(values, s["default"])
		}
		if values == nil {
			return
		}
		alone := map[string]any{"$schema": doc["$schema"], "allOf": []any{s}, "definitions": doc["definitions"]}
		text, _ := json.Marshal(alone)
		validator := compile(t, text)
		for _, v := range values {
			checked++
			if err := validator.Validate(v); err != nil {
				t.Errorf("%s: %v: %v", at, v, err)
			}
		}
	})
	if checked < 40 {
		t.Errorf("only %d values were found", checked)
	}
}
