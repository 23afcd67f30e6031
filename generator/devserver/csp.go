package devserver

import "strings"

// docsPolicy is the Content-Security-Policy under which the documentation is meant to run
// (requirements/docs-site.md, DOC-3).
const docsPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; base-uri 'none'; form-action 'none'"

// ownPolicy is that of the server's own pages.
const ownPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// withNonce adds a nonce to what a policy says about script elements, and changes nothing else.
// A policy that says nothing about them stays as it is.
func withNonce(policy, nonce string) string {
	directives := strings.Split(policy, ";")
	for _, name := range []string{"script-src-elem", "script-src"} {
		if i := directive(directives, name); i >= 0 {
			directives[i] = addSource(directives[i], nonce)
			return strings.Join(directives, ";")
		}
	}
	i := directive(directives, "default-src")
	if i < 0 {
		return policy
	}
	sources := strings.Fields(directives[i])[1:]
	script := addSource(" script-src "+strings.Join(sources, " "), nonce)
	return strings.TrimRight(policy, "; ") + ";" + script
}

// directive returns the index of the first directive of a name; browsers ignore later ones.
func directive(directives []string, name string) int {
	for i, d := range directives {
		if f := strings.Fields(d); len(f) > 0 && strings.EqualFold(f[0], name) {
			return i
		}
	}
	return -1
}

func addSource(directive, nonce string) string {
	f := strings.Fields(directive)
	if len(f) == 2 && strings.EqualFold(f[1], "'none'") {
		directive = strings.TrimSuffix(strings.TrimRight(directive, " "), f[1])
	}
	return strings.TrimRight(directive, " ") + " 'nonce-" + nonce + "'"
}
