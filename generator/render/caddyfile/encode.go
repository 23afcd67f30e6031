package caddyfile

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// render encodes a tree and reads the bytes back: a file whose words, lines and blocks are not
// those of the tree never leaves this package.
func render(tree []directive) ([]byte, error) {
	var e encoder
	e.directives(tree, "")
	if e.err != nil {
		return nil, e.err
	}
	out := e.buf.Bytes()
	if err := readsBackAs(out, tree); err != nil {
		return nil, err
	}
	return out, nil
}

type encoder struct {
	buf bytes.Buffer
	err error // the first one
}

func (e *encoder) fail(format string, args ...any) {
	if e.err == nil {
		e.err = fmt.Errorf(format, args...)
	}
}

func (e *encoder) directives(list []directive, indent string) {
	for i, d := range list {
		if i > 0 && (len(d.comment) > 0 || list[i-1].isBlock && indent == "") {
			e.buf.WriteByte('\n')
		}
		e.comment(d.comment, indent)
		if len(d.words) > 0 {
			e.directive(d, indent)
		}
	}
}

func (e *encoder) directive(d directive, indent string) {
	e.buf.WriteString(indent)
	for i, w := range d.words {
		if i > 0 {
			e.buf.WriteByte(' ')
		}
		e.word(w)
	}
	if d.isBlock {
		e.buf.WriteString(" {\n")
		e.directives(d.block, indent+"\t")
		e.buf.WriteString(indent + "}")
	}
	e.buf.WriteByte('\n')
}

func (e *encoder) comment(lines []string, indent string) {
	for _, text := range lines {
		if !printsASCII(text) || strings.Contains(text, "{$") {
			e.fail("comment %q has a character that does not belong there", text)
		}
		e.buf.WriteString(strings.TrimRight(indent+"# "+text, " ") + "\n")
	}
}

// bare are words that need no quotes: nothing in them ends, quotes or opens anything, wherever in
// the word it stands.
var bare = regexp.MustCompile(`^[A-Za-z0-9_./:@*=+,~^>-]+$`)

func (e *encoder) word(v value) {
	if err := v.check(); err != nil {
		e.fail("%w", err)
	}
	switch text := v.plain(); {
	case v.kind == placeholderValue || bare.MatchString(text):
		e.buf.WriteString(text)
	default:
		e.buf.WriteString("`" + text + "`")
	}
}

// plain is the word as Caddy has it after reading.
func (v value) plain() string {
	if v.kind == placeholderValue {
		return "{" + v.text + "}"
	}
	return v.text
}

var placeholderName = regexp.MustCompile(`^[a-z][a-z0-9_.-]*$`)

// check refuses what Caddy cannot be told.
func (v value) check() error {
	switch {
	case v.kind == placeholderValue && !placeholderName.MatchString(v.text):
		return fmt.Errorf("%q is no placeholder", v.text)
	case v.kind == literalValue && strings.ContainsAny(v.text, "{}$\\"):
		return fmt.Errorf(`%q has a brace, "$" or "\", which may mean something to Caddy`, v.text)
	case strings.Contains(v.text, "`"):
		return fmt.Errorf("%q has a backquote, which Caddy cannot escape", v.text)
	case strings.Contains(v.text, "{$") || strings.HasSuffix(v.text, "{") || v.text == "}":
		return fmt.Errorf("%q has a brace in a place where it means something to Caddy", v.text)
	case !utf8.ValidString(v.text) || strings.ContainsFunc(v.text, func(r rune) bool { return !unicode.IsPrint(r) }):
		return fmt.Errorf("%q has a character that does not print", v.text)
	}
	return nil
}

func printsASCII(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}
