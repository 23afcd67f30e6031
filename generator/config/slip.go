package config

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"gopkg.in/yaml.v3"

	"embedgen/generator/config/rule"
)

// inQuotes says how a value that is no text becomes right: in quotes, or what is wrong even then.
func inQuotes(value string, g grammar) string {
	problem, hint := g.check(value)
	if problem == "" {
		return "write it in quotes: " + strconv.Quote(value)
	}
	return cmp.Or(hint, quote(value)+" "+problem)
}

// slip guesses how a value came to be off its grammar: by blanks, by characters that look like
// others or like nothing, by the case of its letters, or by its separators.
func slip(value string, g grammar) string {
	right := func(s string) bool { problem, _ := g.check(s); return s != value && problem == "" }
	if plain := strings.TrimSpace(plainText(value)); right(plain) {
		if c, found := strange(value); found {
			return fmt.Sprintf("write %s: here it has %s", strconv.Quote(plain), runeName(c))
		}
		return fmt.Sprintf("write %s, without the spaces around it", strconv.Quote(plain))
	}
	near := []string{strings.ToLower(value)}
	if g.rule == rule.BadID {
		near = append(near, strings.NewReplacer(" ", "-", "_", "-", ".", "-").Replace(near[0]),
			strings.NewReplacer(" ", "_", "-", "_", ".", "_").Replace(value))
	}
	if i := slices.IndexFunc(near, right); i >= 0 {
		return "did you mean " + near[i] + "?"
	}
	if c, found := strange(value); found {
		return fmt.Sprintf("it has %s (%s)", runeName(c), strings.Trim(strconv.Quote(string(c)), `"`))
	}
	return ""
}

// strange finds a character that is not ASCII, which a person may take for one.
func strange(s string) (rune, bool) {
	for _, c := range s {
		if c > unicode.MaxASCII {
			return c, true
		}
	}
	return 0, false
}

// plainText replaces what a keyboard of another language or a word processor puts in the place of
// ASCII characters, and drops what cannot be seen.
func plainText(s string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c >= 0xff01 && c <= 0xff5e: // full-width forms
			return c - 0xfee0
		case unicode.Is(unicode.Cf, c), strings.ContainsRune("“”‘’", c):
			return -1
		}
		return c
	}, s)
}

// lineEndHint tells how to write a text without the line end that a block scalar gives it.
func lineEndHint(n *yaml.Node) string {
	if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 && strings.Count(n.Value, "\n") == 1 && strings.HasSuffix(n.Value, "\n") {
		return "write it on the line of its key, or put - behind the | or >"
	}
	return "remove the character"
}
