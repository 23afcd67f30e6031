package config

import (
	"cmp"
	"regexp"

	"gopkg.in/yaml.v3"

	"embedgen/generator/config/rule"
	"embedgen/generator/secret"
)

// written is a secret reference as it stands in the file.
type written struct{ env, file Value[string] }

var secretKeys = fields[written]{
	"env":  func(r *reader, w *written, n *yaml.Node) { w.env = r.secretPart(n, "env", environmentName) },
	"file": func(r *reader, w *written, n *yaml.Node) { w.file = r.secretPart(n, "file", secretFile) },
}

var (
	environmentName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,127}$`)
	secretFile      = regexp.MustCompile(`^[A-Za-z0-9/_.~-]{1,200}$`)
)

// secretRef reads a reference to a secret. A literal is refused; nothing that could be a secret
// is ever put into a message (requirements/security.md 17).
func (r *reader) secretRef(n *yaml.Node, what string) Value[secret.Ref] {
	v := Value[secret.Ref]{Set: true, Pos: r.pos(n)}
	leave, ok := r.enter(&n)
	if !ok {
		return v
	}
	defer leave()
	if n.Kind != yaml.MappingNode {
		r.report(n, rule.LiteralSecret, "write {env: NAME} or {file: path}, and replace the secret, for it has been written down",
			"%s is written into the file, expected a reference", what)
		return v
	}
	var w written
	r.secretKeys(n, what)
	mapping(r, known(n), what, secretKeys, &w)
	switch {
	case w.env.Set && w.file.Set:
		r.report(n, rule.BadSecretRef, "keep one of them", "%s has both env and file", what)
	case !w.env.Set && !w.file.Set:
		r.report(n, rule.BadSecretRef, "write {env: NAME} or {file: path}", "%s has neither env nor file", what)
	}
	v.V = secret.Ref{Env: w.env.V, File: w.file.V}
	return v
}

// secretKeys reports unknown keys without printing them: one may be a secret in braces.
func (r *reader) secretKeys(n *yaml.Node, what string) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if key := n.Content[i]; secretKeys[key.Value] == nil {
			hint := cmp.Or(didYouMean(key.Value, []string{"env", "file"}), "write {env: NAME} or {file: path}")
			r.report(key, rule.UnknownKey, hint, "unknown key in %s", what)
		}
	}
}

// known returns a copy of a mapping without its unknown keys.
func known(n *yaml.Node) *yaml.Node {
	m := *n
	m.Content = nil
	for i := 0; i+1 < len(n.Content); i += 2 {
		if secretKeys[n.Content[i].Value] != nil {
			m.Content = append(m.Content, n.Content[i], n.Content[i+1])
		}
	}
	return &m
}

// secretPart reads the name of a variable or the path of a file, without printing a wrong one.
func (r *reader) secretPart(n *yaml.Node, what string, form *regexp.Regexp) Value[string] {
	v := Value[string]{Set: true, Pos: r.pos(n)}
	leave, ok := r.enter(&n)
	if !ok {
		return v
	}
	defer leave()
	if n.Kind != yaml.ScalarNode || isNull(n) || !form.MatchString(n.Value) {
		r.report(n, rule.BadSecretRef, "env takes letters, digits and _; file takes a path of letters, digits, /, _, ., ~ and -",
			"%s of a secret reference is not of its form", what)
		return v
	}
	v.V = n.Value
	return v
}
