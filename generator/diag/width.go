package diag

import (
	"strings"
	"unicode"
)

// wide holds the ranges that terminals print in two cells (Unicode Standard Annex 11, W and F).
var wide = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x1100, 0x115f, 1}, {0x2e80, 0x303e, 1}, {0x3041, 0x33ff, 1}, {0x3400, 0x4dbf, 1},
		{0x4e00, 0x9fff, 1}, {0xa000, 0xa4cf, 1}, {0xa960, 0xa97f, 1}, {0xac00, 0xd7a3, 1},
		{0xf900, 0xfaff, 1}, {0xfe30, 0xfe6f, 1}, {0xff01, 0xff60, 1}, {0xffe0, 0xffe6, 1},
	},
	R32: []unicode.Range32{
		{0x16fe0, 0x18aff, 1}, {0x1b000, 0x1b2ff, 1}, {0x1f300, 0x1f64f, 1}, {0x1f680, 0x1f6ff, 1},
		{0x1f900, 0x1f9ff, 1}, {0x20000, 0x3fffd, 1},
	},
}

// cells returns how many cells of a terminal a character takes.
func cells(c rune) int {
	switch {
	case unicode.In(c, unicode.Mn, unicode.Me):
		return 0
	case unicode.Is(wide, c):
		return 2
	}
	return 1
}

// printable replaces what would control a terminal or reorder a line by one visible character
// of one cell. Tabs stay: the underline repeats them.
func printable(s string) string {
	return strings.Map(func(c rune) rune {
		if c != '\t' && (unicode.IsControl(c) || unicode.Is(unicode.Cf, c) || unicode.In(c, unicode.Zl, unicode.Zp)) {
			return unicode.ReplacementChar
		}
		return c
	}, s)
}

// padding returns blanks as wide as s, with its tabs.
func padding(s string) string {
	var b strings.Builder
	for _, c := range printable(s) {
		if c == '\t' {
			b.WriteByte('\t')
			continue
		}
		b.WriteString(strings.Repeat(" ", cells(c)))
	}
	return b.String()
}

// underline returns a caret and tildes as wide as s, at least the caret.
func underline(s string) string {
	n := 0
	for _, c := range printable(s) {
		n += cells(c)
	}
	return "^" + strings.Repeat("~", max(0, n-1))
}
