package edit

import (
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"
)

// measure finds the end of a node and of all below. It returns an *Obstacle where the text is of
// a kind that is not worth taking apart, for nobody writes it in a channels.yaml.
func (d *document) measure(n *yaml.Node) error {
	switch {
	case n.Style&yaml.TaggedStyle != 0:
		return d.obstacle(n, "a tag")
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return d.obstacle(n, "text after | or >")
	case n.Anchor != "" && !isBlock(n) && strings.IndexByte("\n#", d.at(d.start(n))) >= 0:
		return d.obstacle(n, "an anchor apart from its value")
	}
	for _, child := range n.Content {
		if n.Kind == yaml.SequenceNode && child.Kind == yaml.SequenceNode && isBlock(child) {
			return d.obstacle(child, "a list that is an item of a list")
		}
		if err := d.measure(child); err != nil {
			return err
		}
	}
	switch n.Kind {
	case yaml.AliasNode:
		return d.verbatim(n, "*"+n.Value)
	case yaml.MappingNode, yaml.SequenceNode:
		return d.collection(n)
	}
	return d.scalar(n)
}

func (d *document) obstacle(n *yaml.Node, what string) error {
	return &Obstacle{n.Line, what}
}

// verbatim measures a node whose text is known.
func (d *document) verbatim(n *yaml.Node, text string) error {
	start := d.start(n)
	if !strings.HasPrefix(d.text[start:], text) {
		return d.obstacle(n, "a value over several lines")
	}
	d.ends[n] = start + len(text)
	return nil
}

func (d *document) scalar(n *yaml.Node) error {
	switch {
	case isEmpty(n):
		d.ends[n] = d.offset(n)
		return nil
	case n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) == 0:
		return d.verbatim(n, n.Value)
	}
	start := d.start(n)
	quote := d.at(start)
	for at := start + 1; at < len(d.text); at++ {
		switch {
		case quote == '"' && d.text[at] == '\\', quote == '\'' && strings.HasPrefix(d.text[at:], "''"):
			at++
		case d.text[at] == quote:
			d.ends[n] = at + 1
			return nil
		}
	}
	return d.obstacle(n, "a quote without end")
}

func (d *document) collection(n *yaml.Node) error {
	switch {
	case n.Style&yaml.FlowStyle != 0:
		return d.flow(n)
	case n.Kind == yaml.MappingNode:
		return d.blockMapping(n)
	}
	return d.blockSequence(n)
}

// flow measures a collection in brackets: its bracket closes after its last value.
func (d *document) flow(n *yaml.Node) error {
	open, closing := byte('{'), byte('}')
	if n.Kind == yaml.SequenceNode {
		open, closing = '[', ']'
	}
	start := d.start(n)
	if d.at(start) != open {
		return d.obstacle(n, "a pair without braces in a list")
	}
	at := start + 1
	for _, child := range n.Content {
		at = max(at, d.ends[child])
	}
	for ; at < len(d.text); at++ {
		switch c := d.text[at]; {
		case c == closing:
			d.ends[n] = at + 1
			return nil
		case c == '#':
			at += lineLength(d.text[at:]) - 1
		case strings.IndexByte(" \t\n,:", c) < 0:
			return d.obstacle(n, "brackets of an unusual kind")
		}
	}
	return d.obstacle(n, "a bracket without end")
}

// beforeKey is what may stand on a line before a key.
var beforeKey = regexp.MustCompile(`^ *(- +)?$`)

func (d *document) blockMapping(n *yaml.Node) error {
	for i := 0; i < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		start := d.offset(key)
		before := d.text[d.lines[d.line(start)]:start]
		switch {
		case key.Kind != yaml.ScalarNode || key.Anchor != "" || isEmpty(key) || strings.Contains(d.text[start:d.ends[key]], "\n"):
			return d.obstacle(key, "a key that is not a simple name")
		case !beforeKey.MatchString(before) || i > 0 && strings.Contains(before, "-") || d.at(d.colon(key)) != ':':
			return d.obstacle(key, "an explicit key")
		}
		d.ends[n] = max(d.ends[n], d.colon(key)+1, d.ends[value])
	}
	return nil
}

// colon returns where the colon after a key should stand.
func (d *document) colon(key *yaml.Node) int { return d.blanks(d.ends[key]) }

func (d *document) blockSequence(n *yaml.Node) error {
	for _, item := range n.Content {
		if isEmpty(item) {
			return d.obstacle(item, "an item without value")
		}
		if line, _ := d.dash(item); line < 0 {
			return d.obstacle(item, "an item of an unusual kind")
		}
		d.ends[n] = max(d.ends[n], d.ends[item])
	}
	return nil
}

var (
	beforeItem = regexp.MustCompile(`^ *- +$`)
	loneDash   = regexp.MustCompile(`^ *-[ \t]*(#.*)?$`)
)

// dash finds the line and the column of an item's dash; the line is -1 where that cannot be told.
func (d *document) dash(item *yaml.Node) (line, column int) {
	start := d.offset(item)
	line = d.line(start)
	before := d.text[d.lines[line]:start]
	if beforeItem.MatchString(before) {
		return line, strings.IndexByte(before, '-')
	}
	if strings.TrimLeft(before, " ") != "" {
		return -1, 0
	}
	for line--; line >= 0; line-- {
		row := d.row(line)
		if loneDash.MatchString(row) {
			return line, strings.IndexByte(row, '-')
		}
		if text := strings.TrimSpace(row); text != "" && text[0] != '#' {
			break
		}
	}
	return -1, 0
}
