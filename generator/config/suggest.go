package config

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// quote prints a value in a message: in quotes, with unprintable characters escaped, cut to a
// length that a person reads.
func quote(s string) string {
	const limit = 60
	if utf8.RuneCountInString(s) > limit {
		s = string([]rune(s[:min(len(s), 4*limit)])[:limit-1]) + "…"
	}
	return strconv.Quote(s)
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
	if near := nearest(got, words); near != "" {
		return "did you mean " + near + "?"
	}
	return ""
}

// nearest returns the word that a person most likely meant, or "".
func nearest(got string, words []string) string {
	best, distance := "", 1+max(1, min(len(got), 24)/3)
	for _, w := range words {
		if strings.EqualFold(fold(got), fold(w)) {
			return w
		}
		if d := editDistance(strings.ToLower(got), strings.ToLower(w), distance); d < distance {
			best, distance = w, d
		}
	}
	return best
}

// fold drops what people vary in names: space_id, spaceId and space-id are alike.
func fold(s string) string {
	return strings.NewReplacer("_", "", "-", "", " ", "").Replace(s)
}

// editDistance counts the insertions, deletions, substitutions and swaps of neighbours between
// two words; it gives up at a limit.
func editDistance(a, b string, limit int) int {
	if abs(len(a)-len(b)) >= limit {
		return limit
	}
	before, previous, current := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range previous {
		previous[j] = j
	}
	for i := 1; i <= len(a); i++ {
		current[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			current[j] = min(previous[j]+1, current[j-1]+1, previous[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				current[j] = min(current[j], before[j-2]+1)
			}
		}
		before, previous, current = previous, current, before
	}
	return previous[len(b)]
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}
