// Package schema is the table of every key of channels.yaml: what it is called, what it means,
// what it may hold and what it is when left out.
//
// [JSON] turns the table into a JSON Schema (draft-07), with which an editor completes and checks
// the file. Package edit takes the canonical order and quoting from it. The rules of package config
// do not: they read the file by code of their own, so that they can say more than a schema. Tests
// hold the two together: the same keys, the same defaults, the same verdict on every fixture.
//
// The schema accepts whatever the rules accept. It refuses what has the wrong structure or form; what
// takes the whole file to see, such as an id that is taken, only the rules find.
package schema

import "cmp"

// A Key is one key of a mapping.
type Key struct {
	Name     string
	Title    string // a few words
	Text     string // one or more sentences: what it means and when to use it
	Value    Value
	Default  any // what it is when left out; nil is nothing
	Examples []any
	Required bool

	shared bool // several mappings have it: its JSON Schema stands under definitions
}

// A Mapping is a YAML mapping with known keys.
type Mapping struct {
	Title, Text string // of a file or an item of a list; otherwise the key has them
	Keys        []Key  // in canonical order

	also object // further JSON Schema keywords
}

// Key returns a key by its name, or nil.
func (m *Mapping) Key(name string) *Key {
	for i := range m.Keys {
		if m.Keys[i].Name == name {
			return &m.Keys[i]
		}
	}
	return nil
}

// Index returns the place of a key in the canonical order. Unknown keys come last.
func (m *Mapping) Index(name string) int {
	for i := range m.Keys {
		if m.Keys[i].Name == name {
			return i
		}
	}
	return len(m.Keys)
}

// Kind is how a single value is written.
type Kind int

const (
	Other   Kind = iota // a boolean or a number, or not known
	Text                // a string
	Digits              // a string of digits, which may also be written as a number
	Written             // taken as written, whatever YAML thinks that it is
	Word                // one of a few words, some of which may look like booleans
)

// Value says what a key may hold: a single value, a mapping, a list, or either of two of them.
type Value struct {
	Kind    Kind     // of a single value
	Mapping *Mapping // of a mapping with known keys, or nil
	Items   *Value   // of a list, or nil
	Named   *Value   // of a mapping whose keys the user chooses: its values; or nil

	form object // JSON Schema keywords
}

// below returns what is inside a value: its items, or its values, or nil.
func (v *Value) below() *Value { return cmp.Or(v.Items, v.Named) }

// pick returns keys of a list by their names, in that order. It panics on a name that is not
// there: the table is wrong.
func pick(from []Key, names ...string) []Key {
	var keys []Key
	for _, name := range names {
		k := (&Mapping{Keys: from}).Key(name)
		if k == nil {
			panic("schema: no key " + name)
		}
		keys = append(keys, *k)
	}
	return keys
}

// join returns lists of keys as one.
func join(lists ...[]Key) (keys []Key) {
	for _, l := range lists {
		keys = append(keys, l...)
	}
	return keys
}

// optional returns keys as they are where none is required.
func optional(keys []Key) []Key {
	for i := range keys {
		keys[i].Required = false
	}
	return keys
}
