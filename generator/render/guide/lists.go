package guide

import (
	"github.com/yuin/goldmark/ast"
)

// mergeLists joins lists that lines of actions tore apart: in
//
//   - always
//     {{if .Token}}
//   - in token mode
//     {{end}}
//
// the lines end up between the items of one list. A list that is wholly under a condition stays
// as it is, or there would be an empty one without the condition.
func (f *finisher) mergeLists(container ast.Node) {
	for n := container.FirstChild(); n != nil; n = n.NextSibling() {
		f.mergeLists(n)
	}
	for n := container.FirstChild(); n != nil; n = n.NextSibling() {
		if run := f.listRun(n); run != nil {
			n = mergeRun(container, run)
		}
	}
}

// listRun returns the longest run of siblings from first on that can become one list.
func (f *finisher) listRun(first ast.Node) []ast.Node {
	var run, best []ast.Node
	var kind *ast.List
	depth, firm := 0, false // firm: an item is there whatever the conditions
	for n := first; n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.List:
			if kind != nil && (kind.Marker != n.Marker || kind.IsTight != n.IsTight) {
				return best
			}
			kind = n
			firm = firm || depth == 0 || f.isRange(first)
		case *actionNode:
			if depth = f.depthAfter(n, depth); depth < 0 {
				return best
			}
		default:
			return best
		}
		run = append(run, n)
		if kind != nil && firm && depth == 0 && len(run) > 1 {
			best = append([]ast.Node(nil), run...)
		}
	}
	return best
}

func (f *finisher) isRange(n ast.Node) bool {
	a, ok := n.(*actionNode)
	return ok && f.tokens.actions[a.numbers[0]].keyword() == "range"
}

// depthAfter returns how many conditions are open after a line, or -1 if the line belongs to a
// condition that began before the first of them.
func (f *finisher) depthAfter(n *actionNode, depth int) int {
	for _, number := range n.numbers {
		switch keyword := f.tokens.actions[number].keyword(); {
		case opens[keyword]:
			depth++
		case (keyword == "end" || keyword == "else") && depth == 0:
			return -1
		case keyword == "end":
			depth--
		}
	}
	return depth
}

// mergeRun moves the items and actions of a run into its first list, which it returns.
func mergeRun(container ast.Node, run []ast.Node) ast.Node {
	var list *ast.List
	for _, n := range run {
		if l, ok := n.(*ast.List); ok {
			list = l
			break
		}
	}
	var items []ast.Node
	for _, n := range run {
		if l, ok := n.(*ast.List); ok {
			for item := l.FirstChild(); item != nil; item = item.NextSibling() {
				items = append(items, item)
			}
		} else {
			items = append(items, n)
		}
	}
	for _, n := range run {
		if n != ast.Node(list) {
			container.RemoveChild(container, n)
		}
	}
	for _, item := range items {
		list.AppendChild(list, item) // takes it from where it was
	}
	return list
}
