package schema

import (
	"fmt"
	"regexp"
	"slices"
	"unicode/utf8"
)

// text is a string of a pattern.
func text(pattern string) Value {
	return Value{Kind: Text, form: object{{"type", "string"}, {"pattern", pattern}}}
}

// id is a string of a pattern that is none of some reserved names, nor a device name of Windows.
func id(pattern string, reserved ...string) Value {
	v := text(pattern)
	v.form = append(v.form, member{"not", object{{"pattern", folded(append(reserved, devices...)...)}}})
	return v
}

// digits is a number that is a name: a string, or plain decimal digits.
func digits(pattern string) Value {
	return Value{Kind: Digits, form: object{{"type", []string{"string", "integer"}}, {"pattern", pattern}, {"minimum", 0}}}
}

// written is a text that the rules take as it is written.
func written(pattern string) Value {
	v := text(pattern)
	v.Kind = Written
	return v
}

// origin is a string of a pattern whose host is not the IPv4 address of another machine.
func origin(pattern string) Value {
	v := text(pattern)
	v.form = append(v.form, member{"not", object{{"pattern", address}}})
	return v
}

// path is a string of a pattern, of at most so many characters.
func path(pattern string, most int) Value {
	v := text(pattern)
	v.form = append(v.form, member{"maxLength", most})
	return v
}

func displayName() Value { return path(namePattern, 200) }

// words is one of a few words.
func words(list ...any) Value {
	return Value{Kind: Word, form: object{{"enum", list}}}
}

func flag() Value {
	return Value{form: object{{"type", "boolean"}}}
}

// mapping is a mapping with known keys.
func mapping(m *Mapping) Value { return Value{Mapping: m} }

// list is a list of items.
func list(item Value, also ...member) Value {
	return Value{Items: &item, form: append(object{{"type", "array"}, {"items", item.schema()}}, also...)}
}

// named is a mapping whose keys the user chooses, of a pattern unless that is "".
func named(pattern string, v Value) Value {
	form := object{{"type", "object"}}
	if pattern == "" {
		form = append(form, member{"additionalProperties", v.schema()})
	} else {
		form = append(form, member{"patternProperties", object{{pattern, v.schema()}}}, member{"additionalProperties", false})
	}
	return Value{Named: &v, form: form}
}

// Accepts reports whether a text has the form of a single value.
func (v Value) Accepts(s string) bool {
	for _, m := range v.form {
		switch m.name {
		case "pattern":
			if !regexp.MustCompile(m.value.(string)).MatchString(s) {
				return false
			}
		case "not":
			if regexp.MustCompile(m.value.(object)[0].value.(string)).MatchString(s) {
				return false
			}
		case "maxLength":
			if utf8.RuneCountInString(s) > m.value.(int) {
				return false
			}
		case "enum":
			if !slices.Contains(m.value.([]any), any(s)) {
				return false
			}
		}
	}
	return true
}

// Words returns the words that a single value may be, if they are few.
func (v Value) Words() []string {
	var list []string
	for _, m := range v.form {
		if words, ok := m.value.([]any); ok && m.name == "enum" {
			for _, w := range words {
				list = append(list, fmt.Sprint(w))
			}
		}
	}
	return list
}
