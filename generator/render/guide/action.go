package guide

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
)

// An action is one {{…}} of a template source.
type action struct {
	text  string // verbatim, braces included
	start int    // byte offset in the source
	block bool   // stands for no output of its own: a block if alone on a line
	flow  bool   // steers what follows (if, range, $x := …), so that a table of contents needs it too
}

// tokens stand for the actions of one source while it passes through Markdown.
//
// A token is a run of lower-case ASCII letters of fixed length: Markdown, HTML escaping, URL
// escaping and every lexer leave such a run alone, and no token is the beginning of another.
type tokens struct {
	prefix  string // occurs nowhere in the source
	actions []action
}

// tokenDigits is the number of letters after the prefix, each one of 16: 65,536 actions.
const tokenDigits = 4

// extract replaces the actions of src by tokens. The source must have been parsed by
// text/template before; what that accepts, extract finds.
func extract(src []byte) ([]byte, *tokens) {
	t := &tokens{prefix: unusedPrefix(src)}
	var out bytes.Buffer
	for at := 0; ; {
		open := bytes.Index(src[at:], []byte("{{"))
		if open < 0 {
			out.Write(src[at:])
			return out.Bytes(), t
		}
		start := at + open
		end := actionEnd(src, start)
		out.Write(src[at:start])
		if end < 0 || len(t.actions) == 1<<(4*tokenDigits) {
			out.Write(src[start:])
			return out.Bytes(), t
		}
		out.WriteString(t.token(len(t.actions)))
		t.actions = append(t.actions, newAction(string(src[start:end]), start))
		at = end
	}
}

// unusedPrefix returns a token prefix that does not occur in src.
func unusedPrefix(src []byte) string {
	prefix := "zqx"
	for bytes.Contains(src, []byte(prefix)) {
		prefix += "zqx"
	}
	return prefix
}

// actionEnd returns the offset after the action that starts at start, or -1.
func actionEnd(src []byte, start int) int {
	body := src[start+2:]
	if strings.HasPrefix(trimMarker(string(body[:min(len(body), 16)])), "/*") {
		comment := bytes.Index(body, []byte("*/"))
		if comment < 0 {
			return -1
		}
		end := bytes.Index(body[comment:], []byte("}}"))
		if end < 0 {
			return -1
		}
		return start + 2 + comment + end + 2
	}
	for i := 0; i < len(body); i++ {
		switch c := body[i]; c {
		case '`':
			n := bytes.IndexByte(body[i+1:], '`')
			if n < 0 {
				return -1
			}
			i += n + 1
		case '"', '\'':
			for i++; i < len(body) && body[i] != c; i++ {
				if body[i] == '\\' {
					i++
				}
			}
		case '}':
			if i+1 < len(body) && body[i+1] == '}' {
				return start + 2 + i + 2
			}
		}
	}
	return -1
}

func newAction(text string, start int) action {
	a := action{text: text, start: start}
	body, word := a.body(), a.keyword()
	switch word {
	case "if", "else", "end", "range", "with", "break", "continue":
		a.block, a.flow = true, true
	case "template", "block":
		a.block = true
	default:
		rest := strings.TrimLeft(body[len(word):], " \t\r\n")
		assigns := strings.HasPrefix(word, "$") && (strings.HasPrefix(rest, "=") || strings.HasPrefix(rest, ":="))
		a.block = assigns || strings.HasPrefix(body, "/*")
		a.flow = assigns
	}
	return a
}

// body returns what stands between the braces and trim markers.
func (a action) body() string {
	return strings.TrimSpace(trimMarker(a.text[2 : len(a.text)-2]))
}

// keyword returns the word that the body begins with: "if", "end", "$x", or "" for ".Name".
func (a action) keyword() string {
	body := a.body()
	isWord := func(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }
	start := len(body) - len(strings.TrimPrefix(body, "$"))
	end := strings.IndexFunc(body[start:], func(r rune) bool { return !isWord(r) })
	if end < 0 {
		return body
	}
	return body[:start+end]
}

// trimMarker cuts the marker of "{{- " from the text inside the braces.
func trimMarker(s string) string {
	if len(s) > 1 && s[0] == '-' && strings.ContainsRune(" \t\r\n", rune(s[1])) {
		return strings.TrimLeft(s[1:], " \t\r\n")
	}
	return s
}

// token returns the i-th token.
func (t *tokens) token(i int) string {
	var b strings.Builder
	b.WriteString(t.prefix)
	for shift := 4 * (tokenDigits - 1); shift >= 0; shift -= 4 {
		b.WriteByte('a' + byte(i>>shift&15))
	}
	return b.String()
}

// next finds the first token in s: its offset, its number and its length. The offset is -1 if
// there is none.
func (t *tokens) next(s string) (at, number, length int) {
	at = strings.Index(s, t.prefix)
	length = len(t.prefix) + tokenDigits
	if at < 0 || len(s) < at+length {
		return -1, 0, 0
	}
	for _, c := range []byte(s[at+len(t.prefix) : at+length]) {
		if c < 'a' || c > 'p' {
			return -1, 0, 0
		}
		number = number<<4 | int(c-'a')
	}
	if number >= len(t.actions) {
		return -1, 0, 0
	}
	return at, number, length
}

// blockLine returns the numbers of the tokens on a line that consists of block actions only.
func (t *tokens) blockLine(line []byte) []int {
	rest := strings.TrimSpace(string(line))
	var numbers []int
	for rest != "" {
		at, n, length := t.next(rest)
		if at != 0 || !t.actions[n].block {
			return nil
		}
		numbers = append(numbers, n)
		rest = strings.TrimLeft(rest[length:], " \t")
	}
	return numbers
}

// A mapping relates a part of a compiled template to the source that it comes from.
type mapping struct {
	generated, source, length int
}

// restore puts the actions back into s. What Markdown made of the rest cannot be taken for an
// action: its "{{" is written as an action that prints it.
func (t *tokens) restore(s string) (string, []mapping) {
	var b strings.Builder
	var maps []mapping
	for {
		at, n, length := t.next(s)
		if at < 0 {
			b.WriteString(escapeBraces(s))
			return b.String(), maps
		}
		b.WriteString(escapeBraces(s[:at]))
		a := t.actions[n]
		maps = append(maps, mapping{b.Len(), a.start, len(a.text)})
		b.WriteString(a.text)
		s = s[at+length:]
	}
}

// escapeBraces writes text so that text/template sees no action in it, whatever follows.
func escapeBraces(s string) string {
	s = strings.ReplaceAll(s, "{{", "{{`{{`}}")
	if head, ok := strings.CutSuffix(s, "{"); ok {
		s = head + "{{`{`}}" // it would join the braces of an action that follows
	}
	return s
}

// missing returns the first action whose token is not in s exactly once.
func (t *tokens) missing(s string) (action, error) {
	seen := make([]int, len(t.actions))
	for {
		at, n, length := t.next(s)
		if at < 0 {
			break
		}
		seen[n]++
		s = s[at+length:]
	}
	for i, n := range seen {
		if n != 1 {
			a := t.actions[i]
			return a, fmt.Errorf("template action %s appears %d times in the page, expected once", a.text, n)
		}
	}
	return action{}, nil
}
