package edit

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"gopkg.in/yaml.v3"

	"embedgen/generator/config/schema"
)

// render returns a single value in its canonical form: without quotes where every YAML reader
// takes the text for text. It never makes text of what the rules do not read as such, nor the
// other way round: that is for the user to decide.
func (d *document) render(n *yaml.Node, kind schema.Kind, flow bool) string {
	quoted := n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0
	switch {
	case n.Kind == yaml.AliasNode:
		return "*" + n.Value
	case !quoted && !readAsText(n, kind), quoted && kind == schema.Other:
		return d.asWritten(n, quoted)
	case kind == schema.Word && (n.Value == "true" || n.Value == "false"):
		return n.Value
	}
	return text(n.Value, flow)
}

// asWritten keeps a value, but on one line.
func (d *document) asWritten(n *yaml.Node, quoted bool) string {
	if s := d.text[d.start(n):d.ends[n]]; !quoted || !strings.Contains(s, "\n") {
		return s
	}
	return quote(n.Value)
}

// readAsText reports whether the rules take a value without quotes for the text that it would be
// within quotes.
func readAsText(n *yaml.Node, kind schema.Kind) bool {
	isNull := n.Tag == "!!null"
	switch kind {
	case schema.Text:
		return n.Tag == "!!str" && !refused.MatchString(n.Value)
	case schema.Digits:
		return n.Tag == "!!str" && !refused.MatchString(n.Value) || decimal.MatchString(n.Value)
	case schema.Written, schema.Word:
		return !isNull
	}
	return false
}

var (
	decimal = regexp.MustCompile(`^(0|[1-9][0-9]*)$`)
	boolean = regexp.MustCompile(`^(?i:true|false|yes|no|on|off|y|n)$`)
	// What the rules refuse as text without quotes, though YAML 1.2 takes it for text.
	refused = regexp.MustCompile(`^(?i:true|false|yes|no|on|off|y|n|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?)$`)
	// What a reader of YAML 1.1 or 1.2 may take for something else than text.
	typed = regexp.MustCompile(`^(?i:~|=|<<|null|true|false|yes|no|on|off|y|n|` +
		`[-+]?[0-9.][0-9._]*(e[-+]?[0-9]*)?|[-+]?0[box][0-9a-f_]+|[-+]?[0-9][0-9_]*(:[0-9]*)+(\.[0-9_]*)?|[-+]?\.(inf|nan)|` +
		`[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([t \t].*)?)$`)
)

// text writes a string, in quotes if need be.
func text(s string, flow bool) string {
	if isPlain(s, flow) {
		return s
	}
	return quote(s)
}

// isPlain reports whether a string needs no quotes. It is stricter than YAML.
func isPlain(s string, flow bool) bool {
	switch {
	case s == "" || typed.MatchString(s) || strings.IndexByte("-?:,[]{}#&*!|>'\"%@` ", s[0]) >= 0:
		return false
	case strings.HasSuffix(s, ":") || strings.Contains(s, ": ") || strings.Contains(s, "::") || strings.Contains(s, " #"):
		return false
	case flow && strings.ContainsAny(s, ",[]{}?"):
		return false
	}
	return strings.TrimSpace(s) == s && !strings.ContainsFunc(s, isHidden)
}

// isHidden reports whether a character must be escaped, lest it break a line or deceive a reader.
func isHidden(c rune) bool {
	return unicode.IsControl(c) || unicode.In(c, unicode.Zl, unicode.Zp, unicode.Bidi_Control, unicode.Noncharacter_Code_Point) || c == '\ufeff'
}

// quote writes a string in double quotes, or in single ones where that saves escapes.
func quote(s string) string {
	if strings.ContainsAny(s, `"\`) && !strings.Contains(s, "'") && !strings.ContainsFunc(s, isHidden) {
		return "'" + s + "'"
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range s {
		switch {
		case c == '"' || c == '\\':
			b.WriteString(`\` + string(c))
		case c == '\n':
			b.WriteString(`\n`)
		case !isHidden(c):
			b.WriteRune(c)
		case c <= 0xff:
			fmt.Fprintf(&b, `\x%02x`, c)
		case c <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, c)
		default:
			fmt.Fprintf(&b, `\U%08x`, c)
		}
	}
	b.WriteByte('"')
	return b.String()
}
