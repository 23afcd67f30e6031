// Package diag describes problems of the input: where they are, what they are, and what to do.
//
// A [Diagnostic] is data; the printers in this package turn a list of them into text for a person
// (with the source line and a caret) or into formats for machines. The package knows no other.
package diag

import (
	"cmp"
	"fmt"
	"slices"
	"unicode/utf8"
)

// Severity says whether a problem stops a build.
type Severity int

const (
	Error   Severity = iota // nothing is written
	Warning                 // written, but look at it
)

// String returns "error" or "warning".
func (s Severity) String() string {
	if s == Warning {
		return "warning"
	}
	return "error"
}

// Pos is a place in an input file. Line and Column count from 1, Column in characters (Unicode
// code points), as YAML and most editors do; zero means the file as a whole.
type Pos struct {
	File   string // slash path relative to the root directory
	Line   int
	Column int
}

// String returns file:line:col, leaving out what is unknown.
func (p Pos) String() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.Column == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Related is a second place that a problem involves, such as the first of two duplicates.
type Related struct {
	Pos     Pos
	Message string
}

// Diagnostic is one problem.
type Diagnostic struct {
	Pos      Pos
	Length   int // characters to underline from Pos; 0 means one caret
	Severity Severity
	Rule     string // stable id, kebab-case, e.g. "unknown-key"
	Message  string // lower case, no period, the offending value quoted
	Hint     string // what to do next; may be empty
	Related  []Related
	// Source is the text of the line at Pos, without its line end. It is kept with the
	// diagnostic so that printers need no file system. It may be empty.
	Source string
}

// Error makes a diagnostic usable as an error: "file:line:col: message [rule]".
func (d Diagnostic) Error() string {
	return fmt.Sprintf("%s: %s [%s]", d.Pos, d.Message, d.Rule)
}

// List is a set of problems.
type List []Diagnostic

// Span returns the underlined part of Source, as offsets in bytes. What is past the end of the line
// is its end.
func (d Diagnostic) Span() (start, end int) {
	start = offset(d.Source, 0, d.Pos.Column-1)
	return start, offset(d.Source, start, d.Length)
}

// offset goes n characters on in a text.
func offset(s string, from, n int) int {
	for ; n > 0 && from < len(s); n-- {
		_, size := utf8.DecodeRuneInString(s[from:])
		from += size
	}
	return from
}

// HasErrors reports whether any problem stops a build.
func (l List) HasErrors() bool {
	return slices.ContainsFunc(l, func(d Diagnostic) bool { return d.Severity == Error })
}

// Sort orders the list by file, line, column and rule, so that runs agree.
func (l List) Sort() {
	slices.SortStableFunc(l, func(a, b Diagnostic) int {
		return cmp.Or(
			cmp.Compare(a.Pos.File, b.Pos.File),
			cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Pos.Column, b.Pos.Column),
			cmp.Compare(a.Rule, b.Rule),
		)
	})
}
