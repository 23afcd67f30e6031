package config

import "strings"

// valueLimit is how many values (nodes of the YAML tree) the files that are parsed at one time may
// have together, and so each file alone. A value takes the parser about 200 bytes.
const valueLimit = 3_000_000

// weigh bounds the number of values that YAML text has, without parsing it: what makes values is
// an indicator, and each weighs as many as it can make, be it in a quoted text or a comment. Past
// a limit it stops and returns the offset that it came to.
func weigh(text []byte, limit int) (weight, offset int) {
	pair := false // a colon came since the last separator
	weight = 2    // the document and what it is
	for i, c := range text {
		switch {
		case c > '{' || !indicates[c]:
			continue
		case c == '-' && endsWord(text, i+1):
			weight++ // an item
		case c == '?' && endsWord(text, i+1), c == ':' && isColon(text, i):
			weight += 2 // a key and its value
			pair = true
		case c == ',' && pair:
			weight++ // in a list, a pair is a mapping
			pair = false
		case c == ',' || c == '[' || c == '{':
			weight += 2 // an item, or a key that has no value
			pair = false
		}
		if weight > limit {
			return weight, i
		}
	}
	return weight, len(text)
}

var indicates = ['{' + 1]bool{'-': true, '?': true, ':': true, ',': true, '[': true, '{': true}

// endsWord reports whether a word that comes before an offset ends there.
func endsWord(text []byte, i int) bool {
	return i >= len(text) || strings.IndexByte(" \t\r\n,[]{}", text[i]) >= 0
}

// isColon reports whether a colon can separate a key and its value: at the end of a word, at its
// start, or after something in quotes.
func isColon(text []byte, i int) bool {
	return endsWord(text, i+1) || i == 0 || strings.IndexByte(" \t\r\n,[]{}\"'", text[i-1]) >= 0
}
