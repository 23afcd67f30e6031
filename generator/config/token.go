package config

import (
	"strings"
	"unicode/utf8"
)

// tokenLength guesses how many characters the YAML token at an offset of a line takes, for
// the underline of a diagnostic: a quoted scalar with its quotes, a flow collection's bracket, or
// plain text up to the next separator.
func tokenLength(line []byte, offset int) int {
	if offset < 0 || offset >= len(line) {
		return 0
	}
	s := string(line[offset:min(len(line), offset+400)])
	switch s[0] {
	case '"', '\'':
		s = s[:quotedLength(s)]
	case '[', '{', ']', '}', ',', '|', '>':
		return 1
	default:
		s = s[:plainLength(s)]
	}
	return utf8.RuneCountInString(s)
}

func quotedLength(s string) int {
	quote := s[0]
	for i := 1; i < len(s); i++ {
		switch {
		case quote == '"' && s[i] == '\\':
			i++
		case s[i] == quote && quote == '\'' && strings.HasPrefix(s[i+1:], "'"):
			i++
		case s[i] == quote:
			return i + 1
		}
	}
	return len(s)
}

func plainLength(s string) int {
	end := len(s)
	for i := range len(s) {
		if ends := i > 0 && (s[i] == ',' || s[i] == '}' || s[i] == ']' || strings.HasPrefix(s[i:], " #") ||
			strings.HasPrefix(s[i:], ": ") || s[i:] == ":"); ends {
			end = i
			break
		}
	}
	return len(strings.TrimRight(s[:end], " \t\r"))
}
