package config

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// complaint is a failure in the words of this program.
type complaint struct {
	offset   int
	message  string
	hint     string
	related  int // offset of a second place; 0 is none
	relation string
}

const quoteHint = `write text that has a special character in quotes: "…"`

// explain finds the place and the words for a failure.
func (f *failure) explain() complaint {
	if c, found := f.wideSpace(); found {
		return c
	}
	switch m := f.message; {
	case f.inDirective():
		return f.directive()
	case strings.HasPrefix(m, "unknown anchor"):
		return f.unknownAnchor()
	case strings.Contains(m, "unexpected end of stream"), strings.Contains(m, "unexpected document indicator"):
		return f.unclosedQuote()
	case strings.Contains(m, "could not find expected ':'"):
		return f.missingColon()
	case strings.Contains(m, "mapping values are not allowed"):
		return f.unexpectedColon()
	case strings.Contains(m, "exceeded max depth"):
		return complaint{offset: f.read - 1, message: "values are nested too deeply, expected at most 10,000 levels"}
	case strings.Contains(m, "did not find expected") && isParserMessage(m):
		return f.unexpectedToken()
	}
	return f.badCharacter()
}

// wideSpace finds a line that is indented with something that looks like spaces. It comes first,
// since YAML takes such a line for text that goes on.
func (f *failure) wideSpace() (c complaint, found bool) {
	for _, x := range f.lexemes {
		char, _ := utf8.DecodeRune(f.src.text[x.start:])
		if x.first && x.kind == 'p' && char >= utf8.RuneSelf && unicode.IsSpace(char) {
			return complaint{offset: x.start, message: "a line is indented with " + runeName(char), hint: "indent with ordinary spaces"}, true
		}
	}
	return c, false
}

// isParserMessage tells the parser's complaints about a token from the scanner's about a
// character, which have the same beginning.
func isParserMessage(m string) bool {
	for _, s := range []string{"key", "'-' indicator", "',' or ']'", "',' or '}'", "node content", "<document start>"} {
		if strings.HasSuffix(m, "did not find expected "+s) {
			return true
		}
	}
	return false
}

// badCharacter explains what the scanner says about one character.
func (f *failure) badCharacter() complaint {
	at := f.character()
	c := complaint{offset: at, message: f.message}
	switch char := f.src.text[at]; {
	case char == '\t' || strings.Contains(f.message, "tab character"):
		return f.tab(at)
	case strings.Contains(f.message, "cannot start any token"):
		c.message, c.hint = "a plain value cannot start with "+quote(string(rune(char))), quoteHint
	case strings.Contains(f.message, "alphabetic or numeric"):
		return f.namelessAnchor(at)
	case strings.Contains(f.message, "unknown escape"):
		c.offset = f.backslash(at)
		c.message, c.hint = "unknown escape in a quoted value", `write a backslash as \\, or use single quotes`
	case strings.Contains(f.message, "hexdecimal"), strings.Contains(f.message, "Unicode character escape"):
		c.offset = f.backslash(at)
		c.message, c.hint = "bad escape in a quoted value: expected hexadecimal digits of a character", `write a backslash as \\, or use single quotes`
	case strings.Contains(f.message, " tag "), strings.Contains(f.message, "tag handle"), strings.Contains(f.message, "URI escaped"):
		c.message, c.hint = "a bad tag: a plain value cannot start with \"!\"", quoteHint
	case strings.Contains(f.message, "indentation indicator"):
		c.message, c.hint = "bad number after | or >, expected 1 to 9", "leave the number out"
	case strings.Contains(f.message, "mapping keys are not allowed"):
		c.message, c.hint = "a key with ? cannot start here", quoteHint
	case strings.Contains(f.message, "block sequence entries"):
		c.message, c.hint = "a list cannot start here", "put each - on a line of its own, below the key"
	case strings.Contains(f.message, "comment or line break"):
		c.message, c.hint = "unexpected text after | or >", quoteHint
	}
	return c
}

// backslash returns the offset of the last one before or at an offset.
func (f *failure) backslash(at int) int {
	return max(0, bytes.LastIndexByte(f.src.text[:min(at+1, f.read)], '\\'))
}

// namelessAnchor explains a & or * that no name follows, such as that of a glob.
func (f *failure) namelessAnchor(at int) complaint {
	for at > 0 && strings.IndexByte("&*", f.src.text[at]) < 0 {
		at--
	}
	kind := "an alias"
	if f.src.text[at] == '&' {
		kind = "an anchor"
	}
	return complaint{offset: at, message: "\"" + string(f.src.text[at]) + "\" begins " + kind + ", but no name follows", hint: quoteHint}
}

// tab finds the tab that indents a line.
func (f *failure) tab(at int) complaint {
	line := bytes.LastIndexByte(f.src.text[:at], '\n') + 1
	if i := bytes.IndexByte(f.src.text[line:f.read], '\t'); i >= 0 {
		at = line + i
	}
	return complaint{offset: at, message: "a tab cannot indent a line", hint: "indent with spaces"}
}

// unknownAnchor finds the alias that has no anchor before it.
func (f *failure) unknownAnchor() complaint {
	name := strings.TrimSuffix(strings.TrimPrefix(f.message, "unknown anchor '"), "' referenced")
	c := complaint{offset: f.read - 1, message: "alias " + quote("*"+name) + " has no anchor before it", hint: "define it earlier as &" + name + ", or put the text in quotes"}
	for _, x := range f.lexemes {
		if x.kind == '*' && strings.HasPrefix(f.text(x), "*"+name) {
			c.offset = x.start
			break
		}
	}
	if f.masked(c.offset) {
		c.message, c.hint = "this alias has no anchor before it", referenceHint
	}
	return c
}

// masked reports whether the line of an offset is not printed as it stands.
func (f *failure) masked(offset int) bool {
	n := int(f.src.at(offset).line)
	line := string(f.src.line(n))
	return maskSecrets(f.src.before(n), line) != line
}

// unclosedQuote points at the quote that opens what is never closed.
func (f *failure) unclosedQuote() complaint {
	c := complaint{offset: f.read - 1, message: "a quote is never closed"}
	for _, x := range f.lexemes {
		if x.unclosed {
			c.offset = x.start
			c.message = "quote " + string(f.src.text[x.start]) + " is never closed"
		}
	}
	return c
}

// inDirective reports whether the fault is in the lines that begin with %, or that no --- follows.
func (f *failure) inDirective() bool {
	marked := slices.ContainsFunc(f.lexemes, func(x lexeme) bool { return x.kind == 'd' })
	return len(f.lexemes) > 0 && f.lexemes[0].kind == '%' && (!marked || strings.Contains(f.message, "incompatible YAML"))
}

func (f *failure) directive() complaint {
	last := f.lexemes[0]
	for _, x := range f.lexemes {
		if x.kind == '%' {
			last = x
		}
	}
	return complaint{offset: last.start, message: "directive " + quote(strings.TrimSpace(f.text(last))) + " is not supported",
		hint: "remove the line: the file needs no directive"}
}

// joined is a key and its value without the space between them.
var joined = regexp.MustCompile(`^[\w-]+:[^\s/]|^[\w-]+://|^[\w-]+:/[^/]`)

var conflict = regexp.MustCompile(`^(<<<<<<<|=======|>>>>>>>)`)

// missingColon explains a line that should be a key and a value.
func (f *failure) missingColon() complaint {
	c := complaint{offset: f.character(), message: "expected a colon after the key"}
	for i, x := range f.lexemes {
		switch {
		case !isScalar(x) || !f.startsEntry(i):
		case !f.hasColon(i):
			c = f.keyWithoutColon(x)
		case strings.Contains(f.text(x), "\n"):
			c = complaint{offset: x.start, message: "a key cannot run over several lines"}
		}
	}
	return c
}

// startsEntry reports whether a lexeme stands where a key is expected: first of its line but
// for dashes.
func (f *failure) startsEntry(i int) bool {
	for i > 0 && !f.lexemes[i].first && f.lexemes[i-1].kind == '-' {
		i--
	}
	return f.lexemes[i].first
}

// hasColon reports whether a colon follows a lexeme, be it beyond what the library read.
func (f *failure) hasColon(i int) bool {
	rest := bytes.TrimLeft(f.src.text[f.lexemes[i].end:], " \t")
	return len(rest) > 0 && rest[0] == ':' && (len(rest) == 1 || isBlank(rest[1]))
}

func (f *failure) keyWithoutColon(x lexeme) complaint {
	c := complaint{offset: x.start, message: "expected a key and a colon", hint: "write key: value"}
	switch text := f.text(x); {
	case conflict.MatchString(text):
		c.message, c.hint = "a merge conflict was left in the file", "resolve it and remove the markers"
	case containsWideColon(text):
		c.hint = "write the ASCII colon : and a space instead of ："
	case joined.MatchString(text):
		c.hint = "put a space after the colon"
		if key, _, _ := strings.Cut(text, ":"); strings.HasPrefix(text[len(key)+1:], "\u00a0") {
			c.hint = "what follows the colon looks like a space but is U+00A0: write an ordinary one"
		}
	}
	return c
}

// unexpectedColon explains a second colon in a line, or a key that is indented like no other.
func (f *failure) unexpectedColon() complaint {
	at := f.character()
	colon := -1
	for i, x := range f.lexemes {
		if x.kind == ':' && x.start <= at {
			colon = i
		}
	}
	if colon < 1 {
		return complaint{offset: at, message: "unexpected colon", hint: quoteHint}
	}
	key := f.lexemes[colon-1]
	if !isScalar(key) || !f.startsEntry(colon-1) {
		return complaint{offset: f.lexemes[colon].start, message: "a second colon in one line", hint: "put the value in quotes, or the key on a line of its own"}
	}
	if colon > 1 {
		before := f.lexemes[colon-2]
		if colon > 2 && f.lexemes[colon-3].kind == 'q' && f.sameLine(f.lexemes[colon-3], before) {
			return f.afterQuote(f.lexemes[colon-3], before)
		}
		if isScalar(before) && f.column(before) == f.column(key) {
			return f.keyWithoutColon(before)
		}
	}
	return complaint{offset: key.start, message: "this line is indented deeper than the value above allows", hint: "align it with the keys that it belongs to"}
}

// unexpectedToken explains a token in the wrong place.
func (f *failure) unexpectedToken() complaint {
	i := f.token()
	if strings.Contains(f.message, "',' or") || i >= len(f.lexemes) && len(f.open(i)) > 0 {
		return f.openBracket(i)
	}
	if i >= len(f.lexemes) {
		return complaint{offset: f.read - 1, message: "the text ends too early: " + f.message}
	}
	i = f.keyOf(i)
	x := f.lexemes[i]
	switch {
	case i > 0 && f.lexemes[i-1].kind == 'q' && f.sameLine(f.lexemes[i-1], x):
		return f.afterQuote(f.lexemes[i-1], x)
	case strings.IndexByte("]}", x.kind) >= 0:
		return complaint{offset: x.start, message: quote(f.text(x)) + " closes nothing", hint: quoteHint}
	case x.kind == 'd' || strings.HasSuffix(f.message, "<document start>"):
		return complaint{offset: x.start, message: "unexpected text after the end of the document", hint: "remove the line ... and what follows"}
	case f.startsEntry(i):
		return f.indentation(i)
	}
	return complaint{offset: x.start, message: "unexpected " + quote(f.text(x)[:1]), hint: quoteHint}
}

// keyOf returns the key of a colon that begins a line's entry, or the lexeme itself.
func (f *failure) keyOf(i int) int {
	if i > 0 && f.lexemes[i].kind == ':' && isScalar(f.lexemes[i-1]) && f.startsEntry(i-1) && f.hasColon(i-1) {
		return i - 1
	}
	return i
}

// afterQuote explains text behind a quoted value. When the quoted value runs over several lines,
// its first quote is the one without a partner.
func (f *failure) afterQuote(q, x lexeme) complaint {
	if bytes.ContainsRune(f.src.text[q.start:q.end], '\n') {
		return complaint{offset: q.start, message: "quote " + f.text(q)[:1] + " is never closed on its line",
			related: x.start, relation: "so that the text here is outside of quotes"}
	}
	hint := "put all of it into the quotes, or a # before a comment"
	if x.start == q.end {
		hint = `inside double quotes write a quote as \", inside single quotes as two`
	}
	return complaint{offset: x.start, message: "unexpected text after a quoted value", hint: hint}
}

func (f *failure) indentation(i int) complaint {
	c := complaint{offset: f.lexemes[i].start, message: "this line is not aligned with the lines that it belongs to",
		hint: "give the keys of one mapping, and the dashes of one list, the same indentation"}
	if x := f.lexemes[i]; x.kind == '-' {
		c.message = "a list item does not belong here"
	}
	return c
}

// openBracket explains a flow collection that goes on where it should not: either it was never
// closed, or a comma is missing.
func (f *failure) openBracket(i int) complaint {
	open := f.open(min(i, len(f.lexemes)))
	if len(open) == 0 {
		return complaint{offset: f.read - 1, message: f.message}
	}
	bracket := open[len(open)-1]
	c := complaint{offset: bracket.start, message: quote(f.text(bracket)) + " is never closed"}
	if i >= len(f.lexemes) {
		return c
	}
	for _, x := range f.lexemes[:f.keyOf(i)+1] {
		if x.start > bracket.start && x.first && f.column(x) <= f.indent(bracket) {
			c.related, c.relation = x.start, "still open here"
			return c
		}
	}
	return complaint{offset: f.lexemes[i].start, message: "expected a comma or " + quote(string(rune(closer[bracket.kind]))),
		hint: quoteHint, related: bracket.start, relation: quote(f.text(bracket)) + " opens here"}
}

// indent returns the column of the first lexeme on a lexeme's line.
func (f *failure) indent(x lexeme) int {
	start := bytes.LastIndexByte(f.src.text[:x.start], '\n') + 1
	line := f.src.text[start:]
	return len(line) - len(bytes.TrimLeft(line, " \t"))
}
