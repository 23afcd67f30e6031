package config

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"embedgen/generator/diag"
)

// quote prints a value in a message: in quotes, with unprintable characters escaped, cut to a
// length that a person reads, and without what may be a secret.
func quote(s string) string {
	const limit = 60
	if utf8.RuneCountInString(s) > limit {
		s = string([]rune(s[:min(len(s), 4*limit)])[:limit-1]) + "…"
	}
	return strconv.Quote(maskText(s))
}

// runeName names a character that must not be printed.
func runeName(c rune) string {
	switch c {
	case '\n':
		return "a line feed"
	case '\r':
		return "a carriage return"
	case '\t':
		return "a tab"
	}
	return fmt.Sprintf("the character U+%04X", c)
}

// alternatives lists words as "a, b or c".
func alternatives(words []string) string {
	if len(words) == 1 {
		return words[0]
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// didYouMean returns the hint that names the nearest word, or "".
func didYouMean(got string, words []string) string {
	if meant, ok := oldBooleans[strings.ToLower(got)]; ok {
		got = strconv.FormatBool(meant)
	}
	if near := diag.Nearest(got, words); near != "" {
		return "did you mean " + near + "?"
	}
	return ""
}
