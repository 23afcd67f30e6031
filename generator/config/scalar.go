package config

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"embedgen/generator/config/rule"
)

// grammar is the form of a text value: check returns what is wrong with it and what to write
// instead, or "" twice.
type grammar struct {
	rule  rule.ID
	check func(string) (problem, hint string)
}

// text reads a string of a grammar.
func (r *reader) text(n *yaml.Node, what string, g grammar) Value[string] {
	n, v := r.scalar(n, what)
	if n == nil {
		return v
	}
	if !isText(n) {
		r.report(n, rule.WrongType, inQuotes(n.Value, g), "%s is %s, expected text in quotes", what, describe(n))
		return v
	}
	return r.conform(n, v, what, g)
}

// digits reads a long id: a string, or plain decimal digits taken as written.
func (r *reader) digits(n *yaml.Node, what string, g grammar) Value[string] {
	n, v := r.scalar(n, what)
	if n == nil {
		return v
	}
	if !isText(n) && !isPlainDecimal(n) {
		r.report(n, rule.WrongType, inQuotes(n.Value, g),
			"%s is %s, which YAML readers do not keep as written", what, describe(n))
		return v
	}
	return r.conform(n, v, what, g)
}

// conform checks a scalar's text against a grammar and sets it.
func (r *reader) conform(n *yaml.Node, v Value[string], what string, g grammar) Value[string] {
	if c, unsafe := unsafeRune(n.Value); unsafe {
		r.report(n, rule.UnsafeCharacter, lineEndHint(n), "%s contains %s", what, runeName(c))
		return v
	}
	if problem, hint := g.check(n.Value); problem != "" {
		if r.src.dirty && strings.Contains(n.Value, placeholder) {
			return v // reported when it was taken out
		}
		r.report(n, g.rule, cmp.Or(hint, slip(n.Value, g)), "%s %s %s", what, quote(n.Value), problem)
		return v
	}
	v.V = n.Value
	return v
}

// scalar follows an alias to a scalar without tag tricks. On a problem the node is nil and the
// value is set but zero.
func (r *reader) scalar(n *yaml.Node, what string) (*yaml.Node, Value[string]) {
	use := n
	leave, ok := r.enter(&n)
	if !ok {
		return nil, Value[string]{Set: true, Pos: r.pos(n)}
	}
	defer leave()
	v := Value[string]{Set: true, Pos: r.pos(n)}
	switch {
	case r.src.dirty && n.Value == placeholder:
		return nil, v
	case n.Kind != yaml.ScalarNode:
		r.report(use, rule.WrongType, "", "%s is %s, expected a single value", what, describe(n))
		return nil, v
	case n.Style&yaml.TaggedStyle != 0 && n.Tag != "!!str":
		r.report(n, rule.WrongType, "remove the tag", "%s has the tag %s, which is not supported", what, quote(n.Tag))
		return nil, v
	case isNull(n):
		r.report(n, rule.WrongType, "give it a value or remove the key", "%s has no value", what)
		return nil, v
	}
	return n, v
}

// flag reads true or false.
func (r *reader) flag(n *yaml.Node, what string) Value[bool] {
	n, s := r.scalar(n, what)
	v := Value[bool]{Set: s.Set, Pos: s.Pos}
	if n == nil {
		return v
	}
	if n.Tag != "!!bool" {
		hint := "write true or false"
		if meant, ok := oldBooleans[strings.ToLower(n.Value)]; ok {
			hint = "write " + strconv.FormatBool(meant)
		}
		r.report(n, rule.WrongType, hint, "%s is %s, expected true or false", what, describe(n))
		return v
	}
	v.V = strings.EqualFold(n.Value, "true")
	return v
}

// oneOf reads one of a few words.
func (r *reader) oneOf(n *yaml.Node, what string, id rule.ID, words ...string) Value[string] {
	n, v := r.scalar(n, what)
	if n == nil {
		return v
	}
	for _, w := range words {
		if n.Value == w {
			v.V = w
			return v
		}
	}
	r.report(n, id, didYouMean(n.Value, words), "%s is %s, expected %s", what, quote(n.Value), alternatives(words))
	return v
}

// duration reads a span of time such as 5m.
func (r *reader) duration(n *yaml.Node, what string, low, high string) Value[time.Duration] {
	n, s := r.scalar(n, what)
	v := Value[time.Duration]{Set: s.Set, Pos: s.Pos}
	if n == nil {
		return v
	}
	d, err := time.ParseDuration(n.Value)
	least, _ := time.ParseDuration(low)
	most, _ := time.ParseDuration(high)
	if err != nil || d < least || d > most {
		r.report(n, rule.BadDuration, "write a number with a unit, such as 90s, 5m or 1h",
			"%s is %s, expected a duration from %s to %s", what, quote(n.Value), low, high)
		return v
	}
	v.V = d
	return v
}

// instant reads a time in RFC 3339.
func (r *reader) instant(n *yaml.Node, what string) Value[time.Time] {
	n, s := r.scalar(n, what)
	v := Value[time.Time]{Set: s.Set, Pos: s.Pos}
	if n == nil {
		return v
	}
	t, err := time.Parse(time.RFC3339, n.Value)
	if err != nil {
		r.report(n, rule.BadTime, "write date, time and zone, such as 2026-12-31T00:00:00Z",
			"%s is %s, expected a time as in RFC 3339", what, quote(n.Value))
		return v
	}
	v.V = t.UTC()
	return v
}

// oldBooleans are the words that YAML 1.1 readers take for booleans.
var oldBooleans = map[string]bool{
	"yes": true, "no": false, "on": true, "off": false, "y": true, "n": false, "true": true, "false": false,
}

// isText reports whether every YAML reader takes a scalar for a string.
func isText(n *yaml.Node) bool {
	if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle|yaml.TaggedStyle) != 0 {
		return true
	}
	_, boolean := oldBooleans[strings.ToLower(n.Value)]
	return n.Tag == "!!str" && !boolean && !sexagesimal.MatchString(n.Value)
}

// sexagesimal are the numbers to base 60 of YAML 1.1, such as 12:30.
var sexagesimal = regexp.MustCompile(`^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$`)

// isPlainDecimal reports whether a scalar is decimal digits that no reader takes for octal.
func isPlainDecimal(n *yaml.Node) bool {
	return allDigits(n.Value) && (n.Value == "0" || n.Value[0] != '0')
}

func allDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

func isNull(n *yaml.Node) bool {
	return n.Tag == "!!null" && n.Style == 0
}

// describe names a node's type and value, for "x is …".
func describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	case yaml.AliasNode:
		return "an alias"
	}
	switch _, boolean := oldBooleans[strings.ToLower(n.Value)]; {
	case isNull(n):
		return "empty"
	case n.Style != 0:
		return "the text " + quote(n.Value)
	case n.Tag == "!!int" || n.Tag == "!!float" || sexagesimal.MatchString(n.Value):
		return "the number " + quote(n.Value)
	case boolean:
		return "the boolean " + quote(n.Value)
	case n.Tag == "!!timestamp":
		return "the date " + quote(n.Value)
	}
	return "the text " + quote(n.Value)
}

// unsafeRune finds a character that no text may have: controls, line and paragraph separators,
// and those that reorder text on screen.
func unsafeRune(s string) (rune, bool) {
	for _, c := range s {
		if isUnsafe(c) {
			return c, true
		}
	}
	return 0, false
}

func isUnsafe(c rune) bool {
	if c < utf8.RuneSelf {
		return c < ' ' || c == 0x7f
	}
	switch c {
	case 0x2028, 0x2029, 0xfeff:
		return true
	}
	return unicode.Is(unicode.Bidi_Control, c) || unicode.IsControl(c) || c&0xfffe == 0xfffe
}
