package guide

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"embedgen/generator/diag"
)

// A source is an input file that diagnostics point into.
type source struct {
	name string
	data []byte
}

// at makes an error that points to a byte offset of the source.
func (s source) at(offset, length int, rule, message, hint string) diag.Diagnostic {
	offset = min(max(offset, 0), len(s.data))
	lineStart := bytes.LastIndexByte(s.data[:offset], '\n') + 1
	return diag.Diagnostic{
		Pos: diag.Pos{
			File:   s.name,
			Line:   bytes.Count(s.data[:offset], []byte{'\n'}) + 1,
			Column: utf8.RuneCount(s.data[lineStart:offset]) + 1,
		},
		Length:  utf8.RuneCount(s.data[offset:min(offset+length, len(s.data))]),
		Rule:    rule,
		Message: message,
		Hint:    hint,
		Source:  s.line(offset),
	}
}

// newSource prepares the bytes of a file: line ends become \n, a byte order mark goes. What is not
// UTF-8 is refused, since goldmark would panic on it.
func newSource(name string, data []byte) (source, diag.List) {
	s := source{name, bytes.TrimPrefix(bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n")), []byte("\uFEFF"))}
	for i := 0; i < len(s.data); {
		r, size := utf8.DecodeRune(s.data[i:])
		if r == utf8.RuneError && size == 1 {
			return s, diag.List{s.at(i, 0, "not-utf8", fmt.Sprintf("the byte %#x is not UTF-8", s.data[i]), "save the file as UTF-8")}
		}
		i += size
	}
	return s, nil
}

// line returns the text of the line that holds the offset.
func (s source) line(offset int) string {
	start := bytes.LastIndexByte(s.data[:offset], '\n') + 1
	line, _, _ := bytes.Cut(s.data[start:], []byte{'\n'})
	return strings.TrimSuffix(string(line), "\r")
}

// offset returns the byte offset of a line and a column, both counted from 1; a column beyond
// the line is its end.
func (s source) offset(line, column int) int {
	at := 0
	for ; line > 1; line-- {
		n := bytes.IndexByte(s.data[at:], '\n')
		if n < 0 {
			return len(s.data)
		}
		at += n + 1
	}
	end := bytes.IndexByte(s.data[at:], '\n')
	if end < 0 {
		end = len(s.data) - at
	}
	return at + min(max(column-1, 0), end)
}

// templateError matches the place in an error of text/template or html/template:
// "template: name:line:byte: message", the byte counted from 0 and not always present.
var templateError = regexp.MustCompile(`^(?:html/)?template: ?([^:]*):(\d+)(?::(\d+))?: (?s:(.*))$`)

// parseTemplateError splits such an error; ok is false for any other.
func parseTemplateError(err error) (name string, line, column int, message string, ok bool) {
	m := templateError.FindStringSubmatch(err.Error())
	if m == nil {
		return "", 0, 0, err.Error(), false
	}
	line, _ = strconv.Atoi(m[2])
	if m[3] != "" {
		column, _ = strconv.Atoi(m[3])
		column++
	}
	return m[1], line, column, m[4], true
}
