package edit

import (
	"strings"

	"gopkg.in/yaml.v3"
)

// block is a block collection as lines: what stands above the first entry and belongs to all of
// them, the entries, and the comments after the last one.
type block struct {
	head    []remark
	entries []entry
	foot    []remark
}

// remark is a comment line or, without text, a blank line.
type remark struct {
	text   string
	deeper int // by how much it is indented deeper than what it belongs to
}

// entry is a key and its value, or an item of a list, which has no key.
type entry struct {
	lead       []remark // above it
	key, value *yaml.Node
	line       int      // of the key or the dash
	last       int      // line on which its value ends
	end        int      // index after its last line, tail included
	tail       []remark // inside of it, after its value
}

// layout divides the lines of a block collection, from and to, among its entries. Comments that
// are indented deeper than the collection belong to the entry before them, others to the one after.
func (d *document) layout(n *yaml.Node, from, to int) block {
	b := block{entries: d.entries(n)}
	column := d.column(n)
	for i := range b.entries {
		e := &b.entries[i]
		next := to
		if i+1 < len(b.entries) {
			next = b.entries[i+1].line
		}
		e.end = d.inside(e.last+1, next, column)
		e.tail = d.remarks(e.last+1, e.end, column)
		rest := d.remarks(e.end, next, column)
		if i+1 < len(b.entries) {
			b.entries[i+1].lead = rest
		} else {
			b.foot = rest
		}
	}
	b.head, b.entries[0].lead = divide(d.remarks(from, b.entries[0].line, column), n == d.root)
	return b
}

// divide tells what is above a collection from what is above its first entry: the last blank
// line is between them. Without one, everything above the file's first key is of the file.
func divide(lines []remark, top bool) (head, lead []remark) {
	for i := len(lines) - 1; i >= 0; i-- {
		if lines[i].text == "" {
			return lines[:i+1], lines[i+1:]
		}
	}
	if top {
		return lines, nil
	}
	return nil, lines
}

func (d *document) entries(n *yaml.Node) []entry {
	var list []entry
	if n.Kind == yaml.SequenceNode {
		for _, item := range n.Content {
			line, _ := d.dash(item)
			list = append(list, entry{value: item, line: line, last: d.line(d.ends[item] - 1)})
		}
		return list
	}
	for i := 0; i < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		end := max(d.colon(key), d.ends[value]-1)
		list = append(list, entry{key: key, value: value, line: d.line(d.offset(key)), last: d.line(end)})
	}
	return list
}

// column returns the column of the keys or dashes of a block collection, from 0.
func (d *document) column(n *yaml.Node) int {
	if n.Kind == yaml.SequenceNode {
		_, column := d.dash(n.Content[0])
		return column
	}
	start := d.offset(n.Content[0])
	return start - d.lines[d.line(start)]
}

// inside returns the index after the comment lines, of those from and to, that are deeper than a
// column; blank lines between them count, those after them do not.
func (d *document) inside(from, to, column int) int {
	end := from
	for i := from; i < to; i++ {
		row := d.row(i)
		switch text := strings.TrimLeft(row, " "); {
		case strings.TrimSpace(text) == "":
		case len(row)-len(text) <= column:
			return end
		default:
			end = i + 1
		}
	}
	return end
}

// remarks returns lines that have no values, indented relative to a column.
func (d *document) remarks(from, to, column int) []remark {
	var list []remark
	for i := from; i < to; i++ {
		row := d.row(i)
		text := strings.TrimLeft(row, " ")
		list = append(list, remark{strings.TrimSpace(text), max(0, len(row)-len(text)-column)})
	}
	return list
}
