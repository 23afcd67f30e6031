package config

import (
	"bytes"
	"fmt"
	"slices"
	"unicode/utf8"

	"embedgen/generator/config/rule"
	"embedgen/generator/diag"
)

const (
	cleanLimit = 20     // how many bad characters of one file are reported
	dirtyLimit = 10_000 // with more than that it is no text, and not read further
)

// placeholder stands for a character that was reported and taken out. It is one character, so
// that columns stay right.
const placeholder = string(utf8.RuneError)

// fault is a run of bytes that no file may contain.
type fault struct {
	offset, size int
	char         rune // utf8.RuneError: the bytes are no UTF-8
}

// clean reports what no file may contain and replaces it, so that the rest can be read and
// YAML sees the same lines as an editor. It returns false for what is no text at all.
func (s *source) clean() (problems diag.List, text bool) {
	if bytes.HasPrefix(s.text, []byte("\xff\xfe")) || bytes.HasPrefix(s.text, []byte("\xfe\xff")) || isWide(s.text) {
		return diag.List{s.at(0).Problem(rule.InvalidUTF8, "save the file as UTF-8", "the file is UTF-16")}, false
	}
	if i := bytes.IndexByte(s.text, '\r'); i >= 0 && !bytes.ContainsRune(s.text, '\n') {
		return diag.List{s.at(i).Problem(rule.UnsafeCharacter, "save the file with LF or CRLF at the end of each line",
			"the lines of the file end in a carriage return alone")}, false
	}
	faults := badCharacters(s.text)
	if faults == nil {
		return nil, true
	}
	for _, f := range faults[:min(len(faults), cleanLimit)] {
		problems = append(problems, s.at(f.offset).characterProblem(f))
	}
	switch more := len(faults) - cleanLimit; {
	case len(faults) > dirtyLimit, len(faults) > cleanLimit && len(faults) > len(s.text)/20:
		problems[0].Hint = "so many more follow that this is no text file"
		return problems[:1], false
	case more > 0:
		problems[cleanLimit-1].Hint = fmt.Sprintf("%d more follow in this file", more)
	}
	s.replace(faults)
	return problems, true
}

// isWide reports whether a text begins as ASCII does in UTF-16.
func isWide(text []byte) bool {
	ascii := func(c byte) bool { return c > 0 && c < 0x80 }
	return len(text) >= 4 && (ascii(text[0]) && text[1] == 0 && ascii(text[2]) && text[3] == 0 ||
		text[0] == 0 && ascii(text[1]) && text[2] == 0 && ascii(text[3]))
}

func (p Pos) characterProblem(f fault) diag.Diagnostic {
	d := p.Problem(rule.UnsafeCharacter, "remove the character", "the file contains %s", runeName(f.char))
	if f.char == utf8.RuneError {
		d = p.Problem(rule.InvalidUTF8, "save the file as UTF-8", "the bytes here are not UTF-8 text")
	}
	d.Length = 1
	return d
}

// badCharacters finds what clean takes out, and stops where there is too much of it.
func badCharacters(text []byte) []fault {
	var faults []fault
	for i := 0; i < len(text) && len(faults) <= dirtyLimit; {
		if c := text[i]; c >= ' ' && c < 0x7f || c == '\n' || c == '\t' || c == '\r' && i+1 < len(text) && text[i+1] == '\n' {
			i++
			continue
		}
		c, size := utf8.DecodeRune(text[i:])
		if c == utf8.RuneError && size == 1 || c != utf8.RuneError && isUnsafe(c) {
			faults = append(faults, fault{i, size, c})
		}
		i += size
	}
	return faults
}

// replace puts the placeholder where the faults are.
func (s *source) replace(faults []fault) {
	var b bytes.Buffer
	last := 0
	for _, f := range faults {
		b.Write(s.text[last:f.offset])
		b.WriteString(placeholder)
		last = f.offset + f.size
	}
	b.Write(s.text[last:])
	s.text, s.lines, s.shown, s.dirty = b.Bytes(), nil, shownLine{}, true
}

// at returns the place of an offset.
func (s *source) at(offset int) Pos {
	s.index()
	offset = min(max(offset, 0), len(s.text))
	line, found := slices.BinarySearch(s.lines, int32(offset))
	if !found {
		line--
	}
	column := utf8.RuneCount(s.text[s.lines[line]:offset])
	return Pos{src: s, line: int32(line + 1), column: int32(column + 1)}
}
