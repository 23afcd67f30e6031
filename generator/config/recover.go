package config

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"embedgen/generator/diag"
)

// A syntax error must not hide the other problems of a file. So the line at fault gets a value
// about which nothing more is said, and the text is parsed again.

const (
	recoverFaults = 20      // how many syntax errors of a file are looked for
	recoverSize   = 1 << 20 // bytes of a file in which more than the first is looked for
)

// recovered reports a syntax error and reads the rest of the file. It returns nil when it cannot:
// then the first error is the only one told, for others may follow from it.
func (r *reader) recovered(err error) *yaml.Node {
	src, list := r.src, diag.List(nil)
	first := src.syntaxProblem(err)
	at := first.Pos.Line
	if !src.dirty || !bytes.Contains(slices.Concat(src.line(at-1), src.line(at)), []byte(placeholder)) {
		r.problems = append(r.problems, first) // else it follows from a character that was taken out
	}
	if len(src.text) > recoverSize {
		return nil
	}
	for range recoverFaults {
		text, ok := src.mend(at)
		if !ok {
			return nil
		}
		src = &source{name: src.name, text: text, dirty: true}
		document, err := decode(yaml.NewDecoder(bytes.NewReader(text)))
		if err == nil && !isEmpty(document) {
			r.src.dirty = true
			r.problems = append(r.problems, list...)
			return document.Content[0]
		}
		if err == nil || errors.Is(err, io.EOF) {
			return nil // nothing is left
		}
		d := src.syntaxProblem(err)
		if d.Pos.Line <= at {
			return nil
		}
		at = d.Pos.Line
		list = append(list, d)
	}
	return nil
}

var (
	// The dashes, the key and the colon of a line.
	keyLine = regexp.MustCompile(`^([ \t]*(?:- +)*)(\w[\w-]*|"\w[\w-]*"|'\w[\w-]*')[ \t]*([:：]?)`)
	// The dashes of a line.
	itemLine = regexp.MustCompile(`^[ \t]*(?:- +)+`)
)

// mend returns the text with a value on a line that nothing is said about. Lines stay where they are.
func (s *source) mend(n int) ([]byte, bool) {
	s.index()
	line := string(s.line(n))
	text := line
	if c, _ := utf8.DecodeRuneInString(line); c >= utf8.RuneSelf && unicode.IsSpace(c) {
		text = "\t" + strings.TrimLeftFunc(line, unicode.IsSpace)
	}
	var mended string
	switch key := keyLine.FindStringSubmatch(text); {
	case key != nil && (key[3] != "" || slices.Contains(placed(), key[2])):
		mended = key[1] + key[2] + `: "` + placeholder + `"`
	case itemLine.MatchString(text):
		mended = itemLine.FindString(text) + `"` + placeholder + `"`
	case conflict.MatchString(line), strings.HasPrefix(line, "%"):
	default:
		return nil, false
	}
	if indent := indentation(mended); strings.Contains(indent, "\t") {
		mended = s.neighbour(n) + mended[len(indent):]
	}
	start := int(s.lines[n-1])
	return slices.Concat(s.text[:start], []byte(mended), s.text[start+len(line):]), true
}

// neighbour returns the indentation that a line probably means: that below the key before it, or of
// the line that follows, or else of the one before.
func (s *source) neighbour(n int) string {
	if before := s.before(n); strings.HasSuffix(strings.TrimSpace(before), ":") {
		return indentation(before) + "  "
	}
	for _, i := range []int{n + 1, n - 1} {
		text := strings.TrimLeft(string(s.line(i)), " ")
		if text != "" && strings.TrimLeftFunc(text, unicode.IsSpace) == text {
			return string(s.line(i)[:len(s.line(i))-len(text)])
		}
	}
	return ""
}
