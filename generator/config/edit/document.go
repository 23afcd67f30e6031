// Package edit changes the text of channels.yaml as a careful person would: it puts a file into
// its canonical form ([Format]) and adds to one ([AddTenant], [AddChannel]), and comments stay.
//
// The YAML library can print a tree, but it loses blank lines and moves comments. So the tree only
// says where things stand; what is printed is made of the text itself.
package edit

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// Obstacle is a part of a file that the editor does not take apart. It says where and what.
type Obstacle struct {
	Line int // from 1
	What string
}

func (o *Obstacle) Error() string { return fmt.Sprintf("line %d has %s", o.Line, o.What) }

// ErrSyntax says that a text is not one YAML document: package config says what is wrong.
var ErrSyntax = errors.New("not a YAML document")

// document is the text of a YAML file and its tree.
type document struct {
	text  string
	lines []int // offset of the start of each line
	root  *yaml.Node
	ends  map[*yaml.Node]int // offset after each node, by measure
}

// normal returns a text as UTF-8 without byte order mark, with line feeds only.
func normal(text []byte) (string, error) {
	s := strings.ReplaceAll(strings.TrimPrefix(string(text), "\ufeff"), "\r\n", "\n")
	unreadable := func(c rune) bool {
		return unicode.IsControl(c) && c != '\n' && c != '\t' || c == '\u2028' || c == '\u2029' || c == '\ufeff'
	}
	if !utf8.ValidString(s) || strings.ContainsFunc(s, unreadable) {
		return "", fmt.Errorf("%w: it has characters that are not text", ErrSyntax)
	}
	return s, nil
}

// parse reads a normal text.
func parse(text string) (*document, error) {
	d := &document{text: text, lines: []int{0}, ends: map[*yaml.Node]int{}}
	for i := range len(text) {
		if text[i] == '\n' {
			d.lines = append(d.lines, i+1)
		}
	}
	decoder := yaml.NewDecoder(bytes.NewReader([]byte(text)))
	tree, err := decode(decoder)
	switch {
	case err == io.EOF:
		return d, nil
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrSyntax, err)
	}
	if _, err := decode(decoder); err != io.EOF {
		return nil, fmt.Errorf("%w: there is more than one", ErrSyntax)
	}
	if len(tree.Content) > 0 && !isEmpty(tree.Content[0]) {
		d.root = tree.Content[0]
	}
	return d, nil
}

// decode reads one document. The library reports some faults of its own by panicking.
func decode(decoder *yaml.Decoder) (tree *yaml.Node, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			tree, err = nil, fmt.Errorf("%v", fault)
		}
	}()
	tree = new(yaml.Node)
	return tree, decoder.Decode(tree)
}

// isEmpty reports whether a value is not written at all.
func isEmpty(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Value == "" && n.Style == 0 && n.Anchor == ""
}

func isBlock(n *yaml.Node) bool {
	return (n.Kind == yaml.MappingNode || n.Kind == yaml.SequenceNode) && n.Style&yaml.FlowStyle == 0
}

// line returns the index of the line of an offset.
func (d *document) line(offset int) int {
	low, high := 0, len(d.lines)
	for high-low > 1 {
		if middle := (low + high) / 2; d.lines[middle] <= offset {
			low = middle
		} else {
			high = middle
		}
	}
	return low
}

// row returns the text of a line without its end; beyond the last one it is empty.
func (d *document) row(line int) string {
	if line >= len(d.lines) {
		return ""
	}
	end := len(d.text)
	if line+1 < len(d.lines) {
		end = d.lines[line+1] - 1
	}
	return d.text[d.lines[line]:end]
}

// offset returns where a node begins, its anchor included.
func (d *document) offset(n *yaml.Node) int {
	line := min(n.Line, len(d.lines)) - 1
	row, at := d.row(line), 0
	for range n.Column - 1 {
		_, size := utf8.DecodeRuneInString(row[at:])
		at += size
	}
	return d.lines[line] + at
}

// start returns where a node begins behind its anchor.
func (d *document) start(n *yaml.Node) int {
	at := d.offset(n)
	if n.Anchor != "" {
		at = d.blanks(at + len("&"+n.Anchor))
	}
	return at
}

// blanks goes past spaces and tabs.
func (d *document) blanks(at int) int {
	for at < len(d.text) && (d.text[at] == ' ' || d.text[at] == '\t') {
		at++
	}
	return at
}

func (d *document) at(offset int) byte {
	if offset >= len(d.text) {
		return '\n'
	}
	return d.text[offset]
}

// comments lists the comments of a measured document, in their order: whatever follows a # that is
// inside no value.
func (d *document) comments() []string {
	var list []string
	at := 0
	until := func(end int) {
		for at < end {
			i := strings.IndexByte(d.text[at:end], '#')
			if i < 0 {
				break
			}
			line := lineLength(d.text[at+i:])
			list = append(list, strings.TrimSpace(d.text[at+i:at+i+line]))
			at += i + line
		}
		at = max(at, end)
	}
	d.eachValue(d.root, func(n *yaml.Node) {
		until(d.offset(n))
		at = max(at, d.ends[n])
	})
	until(len(d.text))
	return list
}

// eachValue calls do for every scalar and alias, in the order of the text.
func (d *document) eachValue(n *yaml.Node, do func(*yaml.Node)) {
	if n.Kind == yaml.ScalarNode || n.Kind == yaml.AliasNode {
		do(n)
	}
	for _, child := range n.Content {
		d.eachValue(child, do)
	}
}

func lineLength(s string) int {
	if i := strings.IndexByte(s, '\n'); i >= 0 {
		return i
	}
	return len(s)
}
