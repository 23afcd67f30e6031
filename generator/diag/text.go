package diag

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// palette holds the escape sequences of a coloured print; its zero value prints plainly.
type palette struct{ bold, err, warn, note, dim, off string }

var coloured = palette{"\x1b[1m", "\x1b[1;31m", "\x1b[1;33m", "\x1b[1;36m", "\x1b[2m", "\x1b[0m"}

// Text prints a list for a person: place, message and rule, the source line with what is meant
// underlined, the hint, and the other places involved.
func Text(w io.Writer, list List, color bool) error {
	var p palette
	if color {
		p = coloured
	}
	var b strings.Builder
	for i, d := range list {
		if i > 0 {
			b.WriteByte('\n')
		}
		p.diagnostic(&b, d)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (p palette) diagnostic(b *strings.Builder, d Diagnostic) {
	severity := p.err
	if d.Severity == Warning {
		severity = p.warn
	}
	fmt.Fprintf(b, "%s%s:%s %s%s:%s %s%s%s %s[%s]%s\n", p.bold, printable(d.Pos.String()), p.off,
		severity, d.Severity, p.off, p.bold, printable(d.Message), p.off, p.dim, d.Rule, p.off)
	if d.Source != "" && d.Pos.Line > 0 {
		p.frame(b, d, severity)
	}
	if d.Hint != "" {
		fmt.Fprintf(b, "  %shint:%s %s\n", p.note, p.off, printable(d.Hint))
	}
	for _, r := range d.Related {
		fmt.Fprintf(b, "  %s%s:%s %s\n", p.bold, printable(r.Pos.String()), p.off, printable(r.Message))
	}
}

// frame prints the source line and, below it, the underline.
func (p palette) frame(b *strings.Builder, d Diagnostic, color string) {
	number := fmt.Sprint(d.Pos.Line)
	start, end := d.Span()
	line, start, end := window(d.Source, start, end)
	fmt.Fprintf(b, "  %s%s |%s %s\n", p.dim, number, p.off, printable(line))
	if d.Pos.Column == 0 {
		return
	}
	fmt.Fprintf(b, "  %s%s |%s %s%s%s%s\n", p.dim, strings.Repeat(" ", len(number)), p.off,
		padding(line[:start]), color, underline(line[start:end]), p.off)
}

// windowSize is how many bytes of a source line are shown at most.
const windowSize = 200

// window cuts a long line around what is underlined, which runs from start to end. It returns the
// cut line and the range of the underlined part in it.
func window(line string, start, end int) (cut string, from, to int) {
	low, high := 0, len(line)
	if len(line) > windowSize {
		low = runeStart(line, max(0, start-windowSize/3))
		high = runeStart(line, min(len(line), low+windowSize))
	}
	end = max(start, min(end, high))
	prefix, suffix := "", ""
	if low > 0 {
		prefix = "…"
	}
	if high < len(line) {
		suffix = "…"
	}
	return prefix + line[low:high] + suffix, len(prefix) + start - low, len(prefix) + end - low
}

// runeStart moves an index back to the start of a character, if there is one.
func runeStart(s string, i int) int {
	for j := i; j > 0 && j < len(s) && i-j < utf8.UTFMax; j-- {
		if utf8.RuneStart(s[j]) {
			return j
		}
	}
	return i
}

// Count says how many problems a list has: "2 errors, 1 warning", or "no problems".
func Count(list List) string {
	var counts [2]int
	for _, d := range list {
		counts[d.Severity]++
	}
	var parts []string
	for severity, n := range counts {
		if n > 0 {
			parts = append(parts, plural(n, Severity(severity).String()))
		}
	}
	if parts == nil {
		return "no problems"
	}
	return strings.Join(parts, ", ")
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprint(n, " ", noun, "s")
}
