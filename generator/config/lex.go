package config

import (
	"bytes"
	"strings"
)

// lexeme is a piece of YAML text as a person sees it. The lexer below is no YAML parser: it
// serves to say where and why the parser failed.
type lexeme struct {
	start, end int
	kind       byte // one of - ? : , [ ] { } & * ! | > % or q (quoted), p (plain), d (--- or ...)
	unclosed   bool // of a quoted one that runs to the end of the text
	first      bool // first of its line
}

// lexer splits YAML text into lexemes.
type lexer struct {
	text   []byte
	at     int
	line   int // offset of the current line
	fresh  bool
	parent int // column that the lines of a block scalar must exceed
	depth  int // open flow brackets
	list   []lexeme
}

// lex splits a text up to an offset.
func lex(text []byte, limit int) []lexeme {
	l := &lexer{text: text[:limit], fresh: true}
	for l.at < len(l.text) {
		l.next()
	}
	return l.list
}

func (l *lexer) next() {
	switch c := l.text[l.at]; {
	case c == '\n':
		l.at++
		l.line, l.fresh = l.at, true
	case c == ' ' || c == '\t' || c == '\r':
		l.at++
	case c == '#' && (l.at == l.line || isBlank(l.text[l.at-1])):
		l.at = l.lineEnd(l.at)
	case c == '"' || c == '\'':
		l.quoted(c)
	case l.at == l.line && (l.has("---") || l.has("...")):
		l.add('d', 3)
	case strings.IndexByte("[]{},", c) >= 0 && (l.depth > 0 || c != ','):
		l.bracket(c)
	case (c == '-' || c == '?' || c == ':') && l.endsAt(l.at+1):
		l.indicator(c)
	case strings.IndexByte("&*!", c) >= 0:
		l.add(c, l.wordEnd()-l.at)
	case (c == '|' || c == '>') && l.depth == 0:
		l.block(c)
	case c == '%' && l.at == l.line:
		l.add(c, l.lineEnd(l.at)-l.at)
	default:
		l.add('p', l.plainEnd()-l.at)
	}
}

// add appends a lexeme of a kind and a length and goes past it.
func (l *lexer) add(kind byte, length int) *lexeme {
	length = max(length, 1)
	l.list = append(l.list, lexeme{start: l.at, end: l.at + length, kind: kind, first: l.fresh})
	if kind == 'p' || kind == 'q' {
		l.parent = l.at - l.line
	}
	l.at += length
	l.fresh = false
	return &l.list[len(l.list)-1]
}

func (l *lexer) has(s string) bool {
	return bytes.HasPrefix(l.text[l.at:], []byte(s)) && l.endsAt(l.at+3)
}

// endsAt reports whether a word ends at an offset.
func (l *lexer) endsAt(i int) bool {
	return i >= len(l.text) || isBlank(l.text[i]) || l.depth > 0 && strings.IndexByte(",[]{}", l.text[i]) >= 0
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func (l *lexer) lineEnd(from int) int {
	if i := bytes.IndexByte(l.text[from:], '\n'); i >= 0 {
		return from + i
	}
	return len(l.text)
}

func (l *lexer) wordEnd() int {
	i := l.at + 1
	for !l.endsAt(i) {
		i++
	}
	return i
}

func (l *lexer) plainEnd() int {
	i, end := l.at+1, l.lineEnd(l.at)
	for i < end {
		c := l.text[i]
		if c == ':' && l.endsAt(i+1) || c == '#' && isBlank(l.text[i-1]) || l.depth > 0 && strings.IndexByte(",[]{}", c) >= 0 {
			break
		}
		i++
	}
	for i > l.at+1 && isBlank(l.text[i-1]) {
		i--
	}
	return i
}

func (l *lexer) bracket(c byte) {
	switch c {
	case '[', '{':
		l.depth++
	case ']', '}':
		l.depth = max(0, l.depth-1)
	}
	l.add(c, 1)
}

func (l *lexer) indicator(c byte) {
	if c != ':' {
		l.parent = l.at - l.line
	}
	l.add(c, 1)
}

func (l *lexer) quoted(quote byte) {
	i := l.at + 1
	for i < len(l.text) {
		switch {
		case quote == '"' && l.text[i] == '\\':
			i++
		case l.text[i] == quote && quote == '\'' && i+1 < len(l.text) && l.text[i+1] == quote:
			i++
		case l.text[i] == quote:
			l.add('q', i+1-l.at)
			return
		}
		i++
	}
	l.add('q', len(l.text)-l.at).unclosed = true
}

// block goes past a block scalar: its header and every line that is blank or deeper than its key.
func (l *lexer) block(c byte) {
	end := l.lineEnd(l.at)
	for end < len(l.text) {
		next := l.lineEnd(end + 1)
		line := l.text[end+1 : next]
		trimmed := bytes.TrimLeft(line, " ")
		if len(bytes.TrimSpace(line)) > 0 && len(line)-len(trimmed) <= l.parent {
			break
		}
		end = next
	}
	l.add(c, end-l.at)
}
