package diag

import "strings"

// Nearest returns the word that a person most likely meant by another, or "" if none is near.
// Case, "_", "-" and spaces do not count; otherwise about one slip in three characters does.
func Nearest(got string, words []string) string {
	best, distance := "", 1+max(1, min(len(got), 24)/3)
	for _, w := range words {
		if strings.EqualFold(fold(got), fold(w)) {
			return w
		}
		if d := Distance(strings.ToLower(got), strings.ToLower(w), distance); d < distance {
			best, distance = w, d
		}
	}
	return best
}

// fold drops what people vary in names: space_id, spaceId and space-id are alike.
func fold(s string) string {
	return strings.NewReplacer("_", "", "-", "", " ", "").Replace(s)
}

// Distance counts the insertions, deletions, substitutions and swaps of neighbouring characters
// that make one word of another; it gives up at a limit.
func Distance(from, to string, limit int) int {
	a, b := []rune(from), []rune(to)
	if max(len(a)-len(b), len(b)-len(a)) >= limit {
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
