package rule_test

import (
	"regexp"
	"strings"
	"testing"

	"embedgen/generator/config/rule"
)

func TestRegister(t *testing.T) {
	kebab := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	seen := map[rule.ID]bool{}
	for _, r := range rule.All() {
		if seen[r.ID] || !kebab.MatchString(string(r.ID)) {
			t.Errorf("id %q is not kebab-case or appears twice", r.ID)
		}
		seen[r.ID] = true
		if !strings.HasSuffix(r.Summary, ".") {
			t.Errorf("summary of %s is not a sentence: %q", r.ID, r.Summary)
		}
		if rule.Lookup(r.ID) != r {
			t.Errorf("Lookup(%q) returns another rule", r.ID)
		}
	}
}

func TestLookupOfUnregistered(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic for an unregistered id")
		}
	}()
	rule.Lookup("no-such-rule")
}
