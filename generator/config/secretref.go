package config

import (
	"cmp"
	"path"
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"

	"embedgen/generator/config/rule"
	"embedgen/generator/secret"
)

// written is a secret reference as it stands in the file.
type written struct {
	env, file Value[string]
	exec      Value[secret.Command]
}

var secretKeys = fields[written]{
	"env":  func(r *reader, w *written, n *yaml.Node) { w.env = r.secretPart(n, "env", environmentName) },
	"file": func(r *reader, w *written, n *yaml.Node) { w.file = r.secretPart(n, "file", secretFile) },
	"exec": func(r *reader, w *written, n *yaml.Node) { w.exec = r.secretCommand(n) },
}

var (
	environmentName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,127}$`)
	secretFile      = regexp.MustCompile(`^[A-Za-z0-9/_.~-]{1,200}$`)
	// An argument that may make a shell print what stands in the file.
	echoing = regexp.MustCompile(`(^|[\s;&|(/])(echo|printf)\s`)
)

const referenceHint = "write {env: NAME}, {file: path} or {exec: [command, argument]}"

// secretRef reads a reference to a secret. A literal is refused; nothing that could be a secret
// is ever put into a message (requirements/security.md 17).
func (r *reader) secretRef(n *yaml.Node, what string) Value[secret.Ref] {
	use := n
	v := Value[secret.Ref]{Set: true, Pos: r.pos(n)}
	leave, ok := r.enter(&n)
	if !ok {
		return v
	}
	defer leave()
	if n.Kind != yaml.MappingNode {
		r.report(use, rule.LiteralSecret, referenceHint+", and replace the secret, for it has been written down",
			"%s is written into the file, expected a reference", what)
		return v
	}
	var w written
	r.secretKeys(n, what)
	mapping(r, known(n), what, secretKeys, &w)
	switch w.count() {
	case 0:
		r.report(n, rule.BadSecretRef, referenceHint, "%s has neither env nor file nor exec", what)
	case 1:
	default:
		r.report(n, rule.BadSecretRef, "keep one of them", "%s has more than one of env, file and exec", what)
	}
	v.V = secret.Ref{Env: w.env.V, File: w.file.V, Exec: w.exec.V}
	return v
}

// count says how many keys were written.
func (w written) count() int {
	n := 0
	for _, set := range []bool{w.env.Set, w.file.Set, w.exec.Set} {
		if set {
			n++
		}
	}
	return n
}

// secretKeys reports unknown keys without printing them: one may be a secret in braces.
func (r *reader) secretKeys(n *yaml.Node, what string) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if key := n.Content[i]; secretKeys[key.Value] == nil {
			hint := cmp.Or(didYouMean(key.Value, names(secretKeys)), referenceHint)
			if name, _, joined := strings.Cut(key.Value, ":"); joined && secretKeys[name] != nil {
				hint = "put a space after the colon"
			}
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
	if n.Kind != yaml.ScalarNode || n.Style == 0 && n.Tag != "!!str" || !form.MatchString(n.Value) {
		r.report(n, rule.BadSecretRef, "env takes letters, digits and _; file takes a path of letters, digits, /, _, ., ~ and -",
			"%s of a secret reference is not of its form", what)
		return v
	}
	v.V = n.Value
	return v
}

// secretCommand reads a program and its arguments, without printing wrong ones.
func (r *reader) secretCommand(n *yaml.Node) Value[secret.Command] {
	v := Value[secret.Command]{Set: true, Pos: r.pos(n)}
	leave, ok := r.enter(&n)
	if !ok {
		return v
	}
	defer leave()
	args, ok := r.arguments(n)
	if !ok {
		r.report(n, rule.BadSecretRef, "write exec: [command, argument], each a text; numbers and words like true in quotes",
			"exec of a secret reference is not a list of 1 to 32 texts")
		return v
	}
	if echoes(args) {
		r.report(n, rule.EchoedSecret, "name a program that knows the secret, and replace the secret if it has been written down",
			"exec prints what is written into the file")
	}
	v.V = secret.NewCommand(args...)
	return v
}

// arguments reads a list of texts of printable characters; the first, the program, is not empty.
func (r *reader) arguments(n *yaml.Node) (args []string, ok bool) {
	const mostArguments, mostBytes = 32, 1000
	if n.Kind != yaml.SequenceNode || len(n.Content) == 0 || len(n.Content) > mostArguments || n.Style&yaml.TaggedStyle != 0 {
		return nil, false
	}
	for _, item := range n.Content {
		leave, entered := r.enter(&item)
		if !entered {
			return nil, false
		}
		leave()
		if item.Kind != yaml.ScalarNode || !isText(item) || len(item.Value) > mostBytes {
			return nil, false
		}
		if _, unsafe := unsafeRune(item.Value); unsafe {
			return nil, false
		}
		args = append(args, item.Value)
	}
	return args, args[0] != ""
}

// echoes reports whether a command seems to print its own arguments.
func echoes(args []string) bool {
	program := path.Base(args[0])
	return program == "echo" || program == "printf" || echoing.MatchString(strings.Join(args[1:], "\n"))
}
