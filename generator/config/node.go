package config

import (
	"maps"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"embedgen/generator/config/rule"
	"embedgen/generator/diag"
)

const (
	aliasLimit   = 100_000 // how many values aliases may expand to in one file
	problemLimit = 1_000   // how many errors of one file are reported, and how many warnings
)

// reader reads the nodes of one file and collects what is wrong with them.
type reader struct {
	src      *source
	quota    *quota
	problems diag.List
	warnings int  // of the problems
	expanded int  // values read through aliases
	aliased  int  // depth of aliases being read
	bomb     bool // the limit of aliases was passed and reported
}

// fields says how each key of a mapping is read into a T.
type fields[T any] map[string]func(*reader, *T, *yaml.Node)

// names returns the keys in order.
func names[T any](keys fields[T]) []string { return slices.Sorted(maps.Keys(keys)) }

func (r *reader) pos(n *yaml.Node) Pos {
	return Pos{src: r.src, line: int32(n.Line), column: int32(n.Column)}
}

// report adds a problem at a node and returns it, for related places to be added.
// Nothing is said about a value that stands for something that was reported.
func (r *reader) report(n *yaml.Node, id rule.ID, hint, format string, args ...any) *diag.Diagnostic {
	if r.src.dirty && n.Value == placeholder {
		return new(diag.Diagnostic)
	}
	return r.reportAt(r.pos(n), id, hint, format, args...)
}

// reportAt is report at a place. Past the limit of problems it adds nothing.
func (r *reader) reportAt(at Pos, id rule.ID, hint, format string, args ...any) *diag.Diagnostic {
	if rule.Lookup(id).Severity == diag.Warning {
		return r.warn(at, id, hint, format, args...)
	}
	switch len(r.problems) - r.warnings {
	case problemLimit:
		r.problems = append(r.problems, at.Problem(rule.TooManyProblems, "solve some of these first",
			"more than %d problems in this file: the rest is not shown", problemLimit))
		fallthrough
	case problemLimit + 1:
		return new(diag.Diagnostic)
	}
	r.problems = append(r.problems, at.Problem(id, hint, format, args...))
	return &r.problems[len(r.problems)-1]
}

// warn is reportAt of a warning. However many there are, they are no error.
func (r *reader) warn(at Pos, id rule.ID, hint, format string, args ...any) *diag.Diagnostic {
	if r.warnings == problemLimit {
		return new(diag.Diagnostic)
	}
	r.warnings++
	d := at.Problem(id, hint, format, args...)
	if r.warnings == problemLimit {
		d.Hint = strings.TrimPrefix(d.Hint+"; further warnings of this file are not shown", "; ")
	}
	r.problems = append(r.problems, d)
	return &r.problems[len(r.problems)-1]
}

// done reports whether a limit was passed, so that nothing more is to be read.
func (r *reader) done() bool { return r.bomb || len(r.problems)-r.warnings > problemLimit }

// mapping reads every key of a mapping by its field. It reports unknown and repeated keys, and
// false when the node is no mapping at all.
func mapping[T any](r *reader, n *yaml.Node, what string, keys fields[T], into *T) bool {
	use := n
	leave, ok := r.enter(&n)
	if !ok {
		return false
	}
	defer leave()
	if n.Kind != yaml.MappingNode {
		r.shape(use, n, what, "a mapping of keys to values")
		return false
	}
	if !r.untagged(n) {
		return false
	}
	seen := newKeySet(len(n.Content) / 2)
	for i := 0; i+1 < len(n.Content) && !r.done(); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if !r.plainKey(key, what) {
			continue
		}
		first := seen.add(key)
		if first != nil {
			r.duplicateKey(key, first, what)
		}
		read, known := keys[key.Value]
		if !known && first == nil {
			read = keys[r.unknownKey(key, n, what, names(keys))]
		}
		if read != nil {
			read(r, into, value)
		}
	}
	return true
}

// entries reads a mapping whose keys the user chooses; example shows one for the hint.
func (r *reader) entries(n *yaml.Node, what, example string, read func(key, value *yaml.Node)) {
	use := n
	leave, ok := r.enter(&n)
	if !ok {
		return
	}
	defer leave()
	if n.Kind != yaml.MappingNode {
		r.report(use, rule.WrongType, "write for example "+example, "%s is %s, expected a mapping", what, describe(n))
		return
	}
	if !r.untagged(n) {
		return
	}
	seen := newKeySet(len(n.Content) / 2)
	for i := 0; i+1 < len(n.Content) && !r.done(); i += 2 {
		key := n.Content[i]
		if !r.plainKey(key, what) {
			continue
		}
		if first := seen.add(key); first != nil {
			r.duplicateKey(key, first, what)
			continue
		}
		read(key, n.Content[i+1])
	}
}

func (r *reader) duplicateKey(key, first *yaml.Node, what string) {
	d := r.report(key, rule.DuplicateKey, "keep one of them", "key %s appears twice in %s", quote(firstWord(key.Value)), what)
	d.Related = []diag.Related{{Pos: r.pos(first).Diag(), Message: "first here"}}
}

// plainKey reports whether a key is a string, and complains if not.
func (r *reader) plainKey(key *yaml.Node, what string) bool {
	switch {
	case key.Tag == "!!merge":
		r.report(key, rule.MergeKey, "put shared values under defaults, or give each key its own alias",
			"merge key << in %s is not supported", what)
		return false
	case key.Kind != yaml.ScalarNode || key.Style&yaml.TaggedStyle != 0:
		r.report(key, rule.WrongType, "", "a key of %s is %s, expected a plain name", what, describe(key))
		return false
	}
	return true
}

// sequence calls read for each item of a list.
func (r *reader) sequence(n *yaml.Node, what string, read func(*yaml.Node)) bool {
	use := n
	leave, ok := r.enter(&n)
	if !ok {
		return false
	}
	defer leave()
	if n.Kind != yaml.SequenceNode {
		r.shape(use, n, what, "a list")
		return false
	}
	if !r.untagged(n) {
		return false
	}
	for _, item := range n.Content {
		if r.done() {
			break
		}
		read(item)
	}
	return true
}

// shape reports a node that is no mapping or no list. Where a secret may have been written, it is
// not shown.
func (r *reader) shape(use, n *yaml.Node, what, expected string) {
	if !holdsSecrets(what) || n.Kind != yaml.ScalarNode || isNull(n) {
		r.report(use, rule.WrongType, shapeHint(n, expected), "%s is %s, expected %s", what, describe(n), expected)
		return
	}
	hide(r.report(use, rule.WrongType, shapeHint(n, expected), "%s is a single value, expected %s", what, expected), use)
}

// hide leaves a node, and what follows it, out of the line that a diagnostic shows.
func hide(d *diag.Diagnostic, n *yaml.Node) {
	from := *d
	if n.Line == d.Pos.Line {
		from.Pos.Column = min(n.Column, d.Pos.Column)
	}
	start, _ := from.Span()
	d.Source = d.Source[:start] + mask
}

// shapeHint says how to write a mapping or a list.
func shapeHint(n *yaml.Node, expected string) string {
	switch {
	case isNull(n):
		return "write it below, indented, or remove the key"
	case expected == "a list" && n.Kind == yaml.MappingNode:
		return "begin each item with a dash and a space"
	case expected == "a list":
		return "write [a, b], or each item on a line that begins with a dash and a space"
	case n.Kind == yaml.SequenceNode:
		return "write key: value on each line, without dashes and brackets"
	}
	return "write {key: value}, or each key: value on a line of its own below"
}

// enter follows an alias and counts what is read through it. It returns false past the limit.
func (r *reader) enter(n **yaml.Node) (leave func(), ok bool) {
	node := *n
	leave = func() {}
	if node.Kind == yaml.AliasNode {
		*n = node.Alias
		r.aliased++
		leave = func() { r.aliased-- }
	}
	if r.aliased > 0 {
		if r.expanded += 1 + len((*n).Content); r.expanded > aliasLimit {
			r.aliasBomb(node)
			leave()
			return nil, false
		}
	}
	return leave, true
}

// aliasBomb reports once that aliases expand to too much.
func (r *reader) aliasBomb(n *yaml.Node) {
	if r.bomb {
		return
	}
	r.bomb = true
	r.report(n, rule.AliasLimit, "write the values out, or put shared ones under defaults",
		"aliases expand to more than %d values", aliasLimit)
}

// untagged refuses a collection with an explicit tag.
func (r *reader) untagged(n *yaml.Node) bool {
	if n.Style&yaml.TaggedStyle == 0 {
		return true
	}
	r.report(n, rule.WrongType, "remove the tag", "tag %s is not supported", quote(n.Tag))
	return false
}

// keySet finds repeated keys without a map for mappings of usual size.
type keySet struct {
	list []*yaml.Node
	set  map[string]*yaml.Node
}

func newKeySet(size int) *keySet {
	s := &keySet{}
	if size > 24 {
		s.set = make(map[string]*yaml.Node, size)
	} else {
		s.list = make([]*yaml.Node, 0, size)
	}
	return s
}

// add remembers a key and returns the earlier key of the same name, or nil.
func (s *keySet) add(key *yaml.Node) *yaml.Node {
	if s.set != nil {
		first := s.set[key.Value]
		if first == nil {
			s.set[key.Value] = key
		}
		return first
	}
	for _, k := range s.list {
		if k.Value == key.Value {
			return k
		}
	}
	s.list = append(s.list, key)
	return nil
}
