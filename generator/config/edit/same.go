package edit

import (
	"cmp"
	"errors"
	"slices"

	"gopkg.in/yaml.v3"

	"embedgen/generator/config/schema"
)

// errChanged is a bug of this package, caught before it does harm.
var errChanged = errors.New("the file would mean something else afterwards: this is a bug, please report it with the file")

// sameAs insists that another text means the same and has the same comments.
func (d *document) sameAs(text string) error {
	other, err := parse(text)
	if err != nil || other.root == nil || other.measure(other.root) != nil {
		return errChanged
	}
	if !same(d.root, other.root, schema.Value{Mapping: &schema.File}) {
		return errChanged
	}
	mine, theirs := d.comments(), other.comments()
	slices.Sort(mine)
	slices.Sort(theirs)
	if !slices.Equal(mine, theirs) {
		return errChanged
	}
	return nil
}

// same compares two trees as the rules read them: the order of keys does not count.
func same(a, b *yaml.Node, v schema.Value) bool {
	if a.Kind != b.Kind || a.Anchor != b.Anchor || len(a.Content) != len(b.Content) || a.ShortTag() != b.ShortTag() && a.Kind != yaml.ScalarNode {
		return false
	}
	switch a.Kind {
	case yaml.MappingNode:
		return samePairs(a, b, v)
	case yaml.SequenceNode:
		for i := range a.Content {
			if !same(a.Content[i], b.Content[i], below(v, nil)) {
				return false
			}
		}
		return true
	}
	return a.Value == b.Value && class(a, v.Kind) == class(b, v.Kind)
}

func samePairs(a, b *yaml.Node, v schema.Value) bool {
	x, y := sorted(a), sorted(b)
	for i := range x {
		if !same(x[i][0], y[i][0], schema.Value{}) || !same(x[i][1], y[i][1], below(v, x[i][0])) {
			return false
		}
	}
	return true
}

func sorted(n *yaml.Node) [][2]*yaml.Node {
	var list [][2]*yaml.Node
	for i := 0; i < len(n.Content); i += 2 {
		list = append(list, [2]*yaml.Node{n.Content[i], n.Content[i+1]})
	}
	slices.SortStableFunc(list, func(x, y [2]*yaml.Node) int { return cmp.Compare(x[0].Value, y[0].Value) })
	return list
}

// class tells values apart that have one text and are not the same to the rules.
func class(n *yaml.Node, kind schema.Kind) string {
	quoted := n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0
	switch {
	case kind == schema.Other:
		return n.ShortTag()
	case quoted || readAsText(n, kind):
		return "text"
	}
	return n.ShortTag()
}
