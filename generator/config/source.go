package config

import (
	"bytes"
	"fmt"
	"sync"
	"unicode/utf8"

	"embedgen/generator/config/rule"
	"embedgen/generator/diag"
)

// source is the text of one file, kept for the positions in it.
type source struct {
	name  string
	text  []byte // valid UTF-8, without byte order mark
	lines []int  // offset of the start of each line; filled on first use
	mu    sync.Mutex
	shown shownLine // the last one
	dirty bool      // characters were taken out
}

// shownLine is a line as it may be printed. It is kept because a long line can have many problems.
type shownLine struct {
	number int
	text   string
}

// show returns a line with secrets masked.
func (s *source) show(n int) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.shown.number != n {
		s.shown = shownLine{n, maskSecrets(s.before(n), string(s.line(n)))}
	}
	return s.shown.text
}

// line returns the text of a line, counted from 1, without its line end.
func (s *source) line(n int) []byte {
	if n < 1 || n > len(s.lines) {
		return nil
	}
	rest := s.text[s.lines[n-1]:]
	if i := bytes.IndexByte(rest, '\n'); i >= 0 {
		rest = rest[:i]
	}
	return bytes.TrimSuffix(rest, []byte{'\r'})
}

// before returns the nearest line before line n that is not blank.
func (s *source) before(n int) string {
	const reach = 16
	for i := n - 1; i > 0 && i >= n-reach; i-- {
		if line := s.line(i); len(bytes.TrimSpace(line)) > 0 {
			return string(line)
		}
	}
	return ""
}

// count returns the number of lines.
func (s *source) count() int {
	s.index()
	return len(s.lines)
}

// index fills lines. Places of one file may be asked for from several goroutines.
func (s *source) index() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lines != nil {
		return
	}
	lines := []int{0}
	for i, b := range s.text {
		if b == '\n' {
			lines = append(lines, i+1)
		}
	}
	s.lines = lines
}

// Pos is a place in a file that was read. It is small, so that every value can keep one; the
// zero Pos is nowhere.
type Pos struct {
	src    *source
	line   int32 // from 1; 0 is the file as a whole
	column int32 // from 1, in characters, as YAML counts
}

// Diag returns the place as a diagnostic tells it, with the column in bytes.
func (p Pos) Diag() diag.Pos {
	if p.src == nil {
		return diag.Pos{}
	}
	line, column := int(p.line), int(p.column)
	if last := p.src.count(); line > last { // YAML puts an empty value at the end behind the last line
		line, column = last, utf8.RuneCount(p.src.line(last))+1
	}
	return diag.Pos{File: p.src.name, Line: line, Column: byteColumn(p.src.line(line), column)}
}

// Problem makes a diagnostic of a rule at this place, with the source line and the length of
// the token there. Lines that could hold a literal secret are masked.
func (p Pos) Problem(id rule.ID, hint, format string, args ...any) diag.Diagnostic {
	d := diag.Diagnostic{
		Pos:      p.Diag(),
		Severity: rule.Lookup(id).Severity,
		Rule:     string(id),
		Message:  fmt.Sprintf(format, args...),
		Hint:     hint,
	}
	if p.src != nil && p.line > 0 {
		line := p.src.line(d.Pos.Line)
		d.Length = tokenLength(line, d.Pos.Column-1)
		d.Source = p.src.show(d.Pos.Line)
	}
	return d
}

// byteColumn turns a column in characters into a column in bytes, both from 1.
func byteColumn(line []byte, column int) int {
	offset := 0
	for ; column > 1 && offset < len(line); column-- {
		_, size := utf8.DecodeRune(line[offset:])
		offset += size
	}
	if column > 1 { // past the end
		offset += column - 1
	}
	return offset + 1
}
