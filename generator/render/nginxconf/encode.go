package nginxconf

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// render encodes a tree and reads the bytes back: whatever the encoder's quoting may miss, a file
// whose words and blocks are not those of the tree never leaves this package.
func render(tree []directive) ([]byte, error) {
	var e encoder
	e.directives(tree, "", "")
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

const indentation = "    "

func (e *encoder) directives(list []directive, parent, indent string) {
	for i, d := range list {
		if i > 0 && (len(d.comment) > 0 || d.isBlock || list[i-1].isBlock) {
			e.buf.WriteByte('\n')
		}
		e.comment(d.comment, indent)
		if len(d.words) > 0 {
			e.directive(d, parent, indent)
		}
	}
}

func (e *encoder) directive(d directive, parent, indent string) {
	name := d.words[0].plain()
	if !keyed(parent) && !isDirectiveName(name) {
		e.fail("%q is no directive name", name)
	}
	e.buf.WriteString(indent)
	for i, word := range d.words {
		if i > 0 {
			e.buf.WriteByte(' ')
		}
		e.word(word)
	}
	if !d.isBlock {
		e.buf.WriteString(";\n")
		return
	}
	e.buf.WriteString(" {\n")
	e.directives(d.block, name, indent+indentation)
	e.buf.WriteString(indent + "}\n")
}

// keyed reports whether a block has keys where others have directives.
func keyed(block string) bool { return block == "map" || block == "types" }

// isDirectiveName reports whether s is lower-case letters, digits and "_" after a letter.
func isDirectiveName(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (i == 0 || c != '_' && (c < '0' || c > '9')) {
			return false
		}
	}
	return s != ""
}

// isVariableName reports whether s is a name that stands after a "$": of a variable, or of a map
// entry's match.
func isVariableName(s string) bool {
	return isDirectiveName(s) || len(s) == 1 && '1' <= s[0] && s[0] <= '9'
}

// isBare reports whether s needs no quotes: it has none of the characters that end or quote a
// word, and no space.
func isBare(s string) bool {
	for i := range len(s) {
		if !isWordByte(s[i]) && strings.IndexByte("./:@=~^*+,$[]-", s[i]) < 0 {
			return false
		}
	}
	return s != ""
}

func (e *encoder) comment(lines []string, indent string) {
	for _, text := range lines {
		if !printsASCII(text) {
			e.fail("comment %q has a character other than printable ASCII", text)
		}
		e.buf.WriteString(indent)
		e.buf.WriteByte('#')
		if text != "" {
			e.buf.WriteByte(' ')
			e.buf.WriteString(text)
		}
		e.buf.WriteByte('\n')
	}
}

func (e *encoder) word(v value) {
	for _, p := range v {
		if err := p.check(); err != nil {
			e.fail("%w", err)
		}
	}
	text := v.plain()
	if isBare(text) {
		e.buf.WriteString(text)
		return
	}
	e.buf.WriteByte('"')
	e.buf.WriteString(quoter.Replace(text))
	e.buf.WriteByte('"')
}

var quoter = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// check refuses what nginx cannot be told literally.
func (p part) check() error {
	switch {
	case p.kind == variablePart && !isVariableName(p.text):
		return fmt.Errorf("%q is no variable name", p.text)
	case p.kind == literalPart && strings.IndexByte(p.text, '$') >= 0:
		return fmt.Errorf(`%q has a "$", which nginx cannot escape`, p.text)
	case printsASCII(p.text):
		return nil
	case !utf8.ValidString(p.text):
		return fmt.Errorf("%q is not UTF-8", p.text)
	case strings.ContainsFunc(p.text, func(r rune) bool { return !unicode.IsPrint(r) }):
		return fmt.Errorf("%q has a character that does not print", p.text)
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
