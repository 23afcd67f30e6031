// Package rule is the register of every rule that a channels.yaml is held to.
//
// A rule has a stable id, which diagnostics print in brackets and machines match on, one
// severity, and one sentence that says what it demands. Tests insist that every rule has a
// fixture that breaks it and that no diagnostic names a rule that is not here.
package rule

import "embedgen/generator/diag"

// ID is the stable name of a rule, in kebab-case.
type ID string

// Rule is one rule.
type Rule struct {
	ID       ID
	Severity diag.Severity
	Summary  string // one sentence, what is demanded
}

var byID = func() map[ID]Rule {
	m := make(map[ID]Rule, len(all))
	for _, r := range all {
		m[r.ID] = r
	}
	return m
}()

// All returns every rule, in the order in which the documentation lists them.
func All() []Rule { return append([]Rule(nil), all...) }

// Lookup returns the rule of an id. It panics on an unregistered one: that is a bug of the
// caller, which the fixtures find.
func Lookup(id ID) Rule {
	r, ok := byID[id]
	if !ok {
		panic("rule: unregistered id " + string(id))
	}
	return r
}
