package site

import (
	"strconv"
	"strings"
	"unicode"

	"embedgen/generator/config/rule"
	"embedgen/generator/diag"
)

// CheckPages says what is wrong with the names of the Markdown files that [Site.Plan] will get:
// those that no file system or address takes, and those that become one file where upper and
// lower case are alike.
func (s *Site) CheckPages(pages []string) diag.List {
	var problems diag.List
	report := func(file string, id rule.ID, hint, message string) {
		problems = append(problems, diag.Diagnostic{Pos: diag.Pos{File: s.Pages + "/" + file},
			Severity: rule.Lookup(id).Severity, Rule: string(id), Message: message, Hint: hint})
	}
	first := map[string]string{}
	for _, file := range pages {
		if c, bad := badPageRune(file); bad {
			report(file, rule.BadPageName, "rename it", "the name of page "+strconv.Quote(file)+" has "+strconv.Quote(string(c)))
		}
		key := strings.ToLower(file)
		if before, taken := first[key]; taken {
			report(file, rule.PageCollision, "rename one of them", "page "+strconv.Quote(file)+" and page "+strconv.Quote(before)+" become one file where upper and lower case are alike")
			continue
		}
		first[key] = file
	}
	problems.Sort()
	return problems
}

// badPageRune finds a character of a page's path that a file system or an address gives a meaning.
func badPageRune(file string) (rune, bool) {
	for _, c := range file {
		if strings.ContainsRune(`\:*?"<>|#%&`, c) || !unicode.IsPrint(c) {
			return c, true
		}
	}
	return 0, false
}
