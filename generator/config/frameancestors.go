package config

import (
	"strings"

	"gopkg.in/yaml.v3"

	"embedgen/generator/config/rule"
	"embedgen/generator/diag"
)

const frameAncestorLimit = 50

var frameAncestor = grammar{rule.BadFrameAncestor, checkFrameAncestor}

// frameAncestors reads the origins whose pages may show the integration page in a frame. An empty
// list takes back what is inherited.
func (r *reader) frameAncestors(n *yaml.Node) Value[[]Value[string]] {
	const what = "csp.frameAncestors"
	v := Value[[]Value[string]]{V: []Value[string]{}, Set: true, Pos: r.pos(n)}
	if n.Kind == yaml.ScalarNode {
		r.report(n, rule.WrongType, "write it as a list: [https://portal.example], or [] for none",
			"%s is %s, expected a list", what, describe(n))
		return v
	}
	first := map[string]Pos{}
	items := 0
	r.sequence(n, what, func(item *yaml.Node) {
		items++
		origin := r.text(item, what, frameAncestor)
		r.warnInsecure(item, what, origin.V)
		normal := NormalOrigin(origin.V)
		before, repeated := first[normal]
		switch {
		case normal == "":
		case repeated:
			d := r.report(item, rule.BadFrameAncestor, "keep one of them", "%s lists %s twice", what, quote(origin.V))
			d.Related = []diag.Related{{Pos: before.Diag(), Message: "first here"}}
		default:
			first[normal] = origin.Pos
			v.V = append(v.V, origin)
		}
	})
	if items > frameAncestorLimit {
		r.report(n, rule.BadFrameAncestor, "the policy is sent with every page: name the sites that do show it",
			"%s has %d origins, expected at most %d", what, items, frameAncestorLimit)
	}
	return v
}

// checkFrameAncestor accepts an origin. A wildcard would trust every host below a domain, the
// forgotten and the rented ones too, to lay something over the chat.
func checkFrameAncestor(s string) (string, string) {
	switch word := strings.Trim(s, "'"); {
	case word == "self":
		return "is not an origin, expected https://host[:port]", "remove it: pages of the tenant's own origin always may"
	case word == "none":
		return "is not an origin, expected https://host[:port]", "write an empty list, []: then only pages of the tenant's own origin may"
	case strings.Contains(s, "*"):
		return "has a wildcard, expected the origin of one site: https://host[:port]", "name each host: a wildcard trusts all below a domain, forgotten ones too"
	}
	return checkOrigin(s)
}
