package caddyfile

import (
	"fmt"
	"strings"
	"unicode"
)

// token is a word as Caddy reads it.
type token struct {
	text   string
	line   int
	quoted bool
}

// tokens reads a Caddyfile by the rules of Caddy's own lexer: words part at white space, "#" starts
// a comment where a word would start, and so do the two quotes; "\" escapes a double quote only.
func tokens(conf string) ([]token, error) {
	var list []token
	line := 1
	for i := 0; i < len(conf); {
		switch c := conf[i]; {
		case c == '\n':
			line++
			i++
		case unicode.IsSpace(rune(c)):
			i++
		case c == '#':
			i += lengthUntil(conf[i:], "\n")
		case c == '`' || c == '"':
			end := strings.IndexByte(conf[i+1:], c)
			text := conf[i+1:]
			if end < 0 || strings.Contains(text[:end], `\`) && c == '"' {
				return nil, fmt.Errorf("line %d: a quoted word that this reader does not understand", line)
			}
			list = append(list, token{text[:end], line, true})
			line += strings.Count(text[:end], "\n")
			i += end + 2
		default:
			n := lengthUntil(conf[i:], " \t\r\n")
			list = append(list, token{conf[i : i+n], line, false})
			i += n
		}
	}
	return list, nil
}

// lengthUntil is the length of s before the first of the characters.
func lengthUntil(s, chars string) int {
	if n := strings.IndexAny(s, chars); n >= 0 {
		return n
	}
	return len(s)
}

// readsBackAs reads the bytes as Caddy does and compares words, lines and blocks with the tree's.
func readsBackAs(conf []byte, tree []directive) error {
	list, err := tokens(string(conf))
	if err == nil {
		r := reader{rest: list}
		r.directives(tree)
		if r.err == nil && len(r.rest) > 0 {
			r.fail()
		}
		err = r.err
	}
	if err != nil {
		return fmt.Errorf("the encoded file does not read back: %w", err)
	}
	return nil
}

// reader consumes the tokens that a tree should have become. After the first difference it
// consumes nothing more.
type reader struct {
	rest []token
	line int // of the token before
	err  error
}

func (r *reader) directives(list []directive) {
	for _, d := range list {
		for i, w := range d.words {
			r.expect(w.plain(), i == 0)
		}
		if d.isBlock {
			r.expect("{", false)
			r.directives(d.block)
			r.expect("}", true)
		}
	}
}

// expect consumes a token: the first of a new line, or one of the line before.
func (r *reader) expect(text string, newLine bool) {
	if r.err != nil {
		return
	}
	brace := text == "{" || text == "}"
	if len(r.rest) == 0 || r.rest[0].text != text || (r.rest[0].line > r.line) != newLine || brace && r.rest[0].quoted {
		r.fail()
		return
	}
	r.line = r.rest[0].line
	r.rest = r.rest[1:]
}

func (r *reader) fail() {
	switch {
	case r.err != nil:
	case len(r.rest) == 0:
		r.err = fmt.Errorf("it ends where the tree goes on")
	default:
		r.err = fmt.Errorf("line %d: %q where the tree has something else", r.rest[0].line, r.rest[0].text)
	}
}
