package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"unicode"
)

// object is a JSON object that keeps its order.
type object []member

type member struct {
	name  string
	value any
}

// MarshalJSON writes the members in their order.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := marshal(m.name)
		if err != nil {
			return nil, err
		}
		value, err := marshal(m.value)
		if err != nil {
			return nil, err
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimRight(b.Bytes(), "\n"), err
}

const dialect = "http://json-schema.org/draft-07/schema#"

// JSON returns the JSON Schema of channels.yaml.
func JSON() []byte { return document(&File) }

// IncludedJSON returns the JSON Schema of a file that channels.yaml includes.
func IncludedJSON() []byte { return document(&Included) }

func document(m *Mapping) []byte {
	shared := object{}
	define(m, &shared)
	o := append(object{{"$schema", dialect}}, m.schema()...)
	raw, err := marshal(append(o, member{"definitions", shared}))
	if err != nil {
		panic("schema: " + err.Error()) // the table holds nothing that JSON cannot
	}
	var b bytes.Buffer
	json.Indent(&b, raw, "", "  ")
	b.WriteByte('\n')
	return visible(b.Bytes())
}

// visible escapes the characters of a JSON text that a person could not see.
func visible(text []byte) []byte {
	var b bytes.Buffer
	for _, c := range string(text) {
		if unicode.IsPrint(c) || c == '\n' {
			b.WriteRune(c)
		} else {
			fmt.Fprintf(&b, `\u%04x`, c) // none is beyond the basic plane
		}
	}
	return b.Bytes()
}

// define adds the shared keys of a mapping and what is below, each once.
func define(m *Mapping, shared *object) {
	for _, k := range m.Keys {
		known := slices.ContainsFunc(*shared, func(other member) bool { return other.name == k.Name })
		if k.shared && !known {
			*shared = append(*shared, member{k.Name, k.full()})
		}
		for v := &k.Value; v != nil; v = v.below() {
			if v.Mapping != nil {
				define(v.Mapping, shared)
			}
		}
	}
}

// schema returns the JSON Schema of a mapping.
func (m *Mapping) schema() object {
	var o, properties object
	var required []string
	for _, k := range m.Keys {
		properties = append(properties, member{k.Name, k.schema()})
		if k.Required {
			required = append(required, k.Name)
		}
	}
	if m.Title != "" {
		o = object{{"title", m.Title}, {"description", m.Text}}
	}
	o = append(o, object{{"type", "object"}, {"properties", properties}, {"additionalProperties", false}}...)
	if required != nil {
		o = append(o, member{"required", required})
	}
	return append(o, m.also...)
}

// schema returns the JSON Schema of a key, or a reference to it. A reference stands alone: draft-07
// ignores what is beside it.
func (k Key) schema() object {
	if k.shared {
		return object{{"$ref", "#/definitions/" + k.Name}}
	}
	return k.full()
}

// full returns the JSON Schema of a key.
func (k Key) full() object {
	o := append(object{{"title", k.Title}, {"description", k.Text}}, k.Value.schema()...)
	if k.Default != nil {
		o = append(o, member{"default", k.Default})
	}
	if k.Examples != nil {
		o = append(o, member{"examples", k.Examples})
	}
	return o
}

// schema returns the JSON Schema of a value.
func (v Value) schema() object {
	if v.Mapping == nil || v.form != nil {
		return v.form
	}
	return v.Mapping.schema()
}
