package config

import (
	"bytes"
	"io"
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"

	"embedgen/generator/config/rule"
	"embedgen/generator/diag"
)

// The library's messages name a line only, often that of the context, sometimes one too low, and
// none for the first line. So the place is found anew: a parser that is fed byte by byte has read
// to just past the fault; from there the text is cut shorter until the message goes away.

var libraryPrefix = regexp.MustCompile(`^yaml: (line \d+: )?`)

// fixedMessage strips the library's message of its place.
func fixedMessage(err error) string {
	if err == nil || err == io.EOF {
		return ""
	}
	return libraryPrefix.ReplaceAllString(err.Error(), "")
}

// failure is what a text does not parse for.
type failure struct {
	src     *source
	message string   // the library's, without place
	read    int      // bytes that the library read before it gave up
	lexemes []lexeme // of what was read
}

func (s *source) syntaxProblem(err error) diag.Diagnostic {
	f := &failure{src: s, message: fixedMessage(err)}
	f.read = consumed(s.text)
	f.lexemes = lexTo(s.text, f.read)
	c := f.explain()
	d := s.at(c.offset).Problem(rule.YAMLSyntax, c.hint, "%s", c.message)
	if c.related > 0 {
		d.Related = []diag.Related{{Pos: s.at(c.related).Diag(), Message: c.relation}}
	}
	return d
}

// lexTo lists the lexemes that start before an offset, each whole.
func lexTo(text []byte, offset int) []lexeme {
	end := len(text)
	if i := bytes.IndexByte(text[offset:], '\n'); i >= 0 {
		end = offset + i
	}
	list := lex(text, end)
	for len(list) > 0 && list[len(list)-1].start >= offset {
		list = list[:len(list)-1]
	}
	return list
}

// trickle feeds a parser byte by byte.
type trickle struct {
	text []byte
	at   int
}

func (t *trickle) Read(p []byte) (int, error) {
	if t.at >= len(t.text) {
		return 0, io.EOF
	}
	p[0] = t.text[t.at]
	t.at++
	return 1, nil
}

// consumed says how far the library reads before it fails.
func consumed(text []byte) int {
	t := &trickle{text: text}
	for decoder := yaml.NewDecoder(t); ; {
		if _, err := decode(decoder); err != nil {
			return t.at
		}
	}
}

// failureOf returns the message that a text fails with, or "" if it parses.
func failureOf(text []byte) string {
	for decoder := yaml.NewDecoder(bytes.NewReader(text)); ; {
		if _, err := decode(decoder); err != nil {
			return fixedMessage(err)
		}
	}
}

// tries bounds how often a text is parsed again: large ones less often, for the place of a fault
// is not worth minutes.
func (f *failure) tries(most int) int {
	const bytes = 64 << 20
	return min(most, 2+bytes/(f.read+1))
}

// character finds the byte that the scanner stumbles over: the last one of the shortest text
// that fails alike.
func (f *failure) character() int {
	end, low := f.read, f.read-f.tries(16)
	for end > max(1, low) && failureOf(f.src.text[:end-1]) == f.message {
		end--
	}
	return max(0, end-1)
}

// token finds the lexeme that the parser stumbles over, as an index; len(f.lexemes) is the end
// of the text. Brackets are closed, lest their absence be the fault; a text that ends in a key
// lacks its colon, which says nothing.
func (f *failure) token() int {
	found := len(f.lexemes)
	for i, low := found, found-f.tries(32); i > max(0, low); i-- {
		message := failureOf(f.closed(i))
		if message == f.message {
			found = i - 1
		} else if !strings.Contains(message, "could not find expected ':'") {
			break
		}
	}
	return found
}

// closed returns the text of the first n lexemes with the brackets that they leave open closed.
func (f *failure) closed(n int) []byte {
	if n == 0 {
		return nil
	}
	text := bytes.Clone(f.src.text[:f.lexemes[n-1].end])
	open := f.open(n)
	for i := len(open) - 1; i >= 0; i-- {
		text = append(text, ' ', closer[open[i].kind])
	}
	return text
}

var closer = map[byte]byte{'[': ']', '{': '}'}

// open lists the brackets that are open after the first n lexemes.
func (f *failure) open(n int) []lexeme {
	var open []lexeme
	for _, x := range f.lexemes[:n] {
		switch {
		case closer[x.kind] != 0:
			open = append(open, x)
		case len(open) > 0 && closer[open[len(open)-1].kind] == x.kind:
			open = open[:len(open)-1]
		}
	}
	return open
}

// text returns the text of a lexeme.
func (f *failure) text(x lexeme) string { return string(f.src.text[x.start:x.end]) }

// column returns the offset of a lexeme in its line.
func (f *failure) column(x lexeme) int {
	return x.start - 1 - bytes.LastIndexByte(f.src.text[:x.start], '\n')
}

// sameLine reports whether b starts on the line on which a ends.
func (f *failure) sameLine(a, b lexeme) bool {
	return a.end <= b.start && !bytes.ContainsRune(f.src.text[a.end:b.start], '\n')
}

func isScalar(x lexeme) bool { return x.kind == 'p' || x.kind == 'q' }

// containsWideColon reports whether somebody typed the full-width colon of a Chinese keyboard.
func containsWideColon(s string) bool { return strings.ContainsRune(s, '：') }
