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
	text  []byte  // valid UTF-8, without byte order mark
	lines []int32 // offset of the start of each line; filled on first use
	mu    sync.Mutex
	shown shownLine // the last one
	marks marks     // of the last very long line
	long  int       // bytes of long lines that were shown
	dirty bool      // characters were taken out
}

const (
	longLine  = 4 << 10   // bytes from which on a line is long
	longLimit = 512 << 10 // bytes of long lines that the diagnostics of a file show
)

// shownLine is a line as it may be printed. It is kept because a long line can have many problems.
type shownLine struct {
	number int
	text   string
}

// show returns a line with secrets masked; of long lines the first few only, since each
// diagnostic has its own.
func (s *source) show(n int) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	line := s.line(n)
	if len(line) > longLine {
		if s.long += len(line); s.long > longLimit {
			return ""
		}
	}
	if s.shown.number != n {
		s.shown = shownLine{n, maskSecrets(s.before(n), string(line))}
	}
	return s.shown.text
}

// line returns the text of a line, counted from 1, without its line end.
func (s *source) line(n int) []byte {
	if n < 1 || n > len(s.lines) {
		return nil
	}
	end := len(s.text)
	if n < len(s.lines) {
		end = int(s.lines[n]) - 1
	}
	return bytes.TrimSuffix(s.text[s.lines[n-1]:end], []byte{'\r'})
}

// before returns the nearest line before line n that is not blank.
func (s *source) before(n int) string {
	const reach = 16
	for i := n - 1; i > 0 && i >= n-reach; i-- {
		if line := s.line(i); len(line) <= longLimit && len(bytes.TrimSpace(line)) > 0 {
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
	lines := make([]int32, 1, 1+bytes.Count(s.text, []byte{'\n'}))
	for i, b := range s.text {
		if b == '\n' {
			lines = append(lines, int32(i+1))
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

// Diag returns the place as a diagnostic tells it.
func (p Pos) Diag() diag.Pos {
	if p.src == nil {
		return diag.Pos{}
	}
	line, column := int(p.line), int(p.column)
	if last := p.src.count(); line > last { // YAML puts an empty value at the end behind the last line
		line, column = last, utf8.RuneCount(p.src.line(last))+1
	}
	return diag.Pos{File: p.src.name, Line: line, Column: column}
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
		d.Length = tokenLength(line, p.src.byteColumn(d.Pos.Line, d.Pos.Column)-1)
		d.Source = p.src.show(d.Pos.Line)
	}
	return d
}
