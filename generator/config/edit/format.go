package edit

import (
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"embedgen/generator/config/schema"
)

// Format returns the canonical form of a channels.yaml or of a file that it includes: UTF-8 without
// byte order mark, lines that end in a line feed; two spaces of indentation, also for lists; keys
// in the order of package schema; quotes only where they are needed; no more than one blank line
// in a row. Comments stay with what they are about. What the file means stays the same, mistakes
// included.
//
// Collections in brackets over several lines stay as they are, and so does the order of keys
// around anchors and aliases. A file with an *Obstacle is only cleaned of byte order mark and
// carriage returns; Format returns it as kept. The error is ErrSyntax for what is no YAML document.
func Format(text []byte) (formatted []byte, kept *Obstacle, err error) {
	clean, err := normal(text)
	if err != nil {
		return nil, nil, err
	}
	d, err := parse(clean)
	if err != nil {
		return nil, nil, err
	}
	switch formatted, err := d.format(); {
	case errors.As(err, &kept):
		return []byte(clean), kept, nil
	case err != nil:
		return nil, nil, err
	default:
		return []byte(formatted), nil, nil
	}
}

func (d *document) format() (string, error) {
	if d.root == nil {
		return "", ErrSyntax
	}
	if d.root.Kind != yaml.MappingNode || !isBlock(d.root) || d.root.Anchor != "" {
		return "", &Obstacle{d.root.Line, "no keys at its top"}
	}
	if err := d.measure(d.root); err != nil {
		return "", err
	}
	p := &printer{d: d}
	p.block(d.root, schema.Value{Mapping: &schema.File}, 0, len(d.lines), 0)
	if p.obstacle != nil {
		return "", p.obstacle
	}
	formatted := p.text()
	return formatted, d.sameAs(formatted)
}

// printer makes the lines of the canonical form.
type printer struct {
	d        *document
	lines    []printed
	obstacle *Obstacle
}

// printed is a line; a verbatim one is not touched further.
type printed struct {
	text     string
	verbatim bool
}

func (p *printer) add(line string) { p.lines = append(p.lines, printed{text: line}) }

// text joins the lines, with no more than one blank line in a row and none at either end.
func (p *printer) text() string {
	var b strings.Builder
	blank := true
	for _, l := range p.lines {
		if l.text == "" && !l.verbatim && blank {
			continue
		}
		blank = l.text == "" && !l.verbatim
		b.WriteString(l.text + "\n")
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

// remarks prints comments and blank lines.
func (p *printer) remarks(list []remark, indent int) {
	for _, r := range list {
		if r.text != "" {
			r.text = spaces(indent+r.deeper) + r.text
		}
		p.add(r.text)
	}
}

func spaces(n int) string { return strings.Repeat(" ", n) }

// block prints a block collection that stands on lines from and to.
func (p *printer) block(n *yaml.Node, v schema.Value, from, to, indent int) {
	p.entries(n, v, p.d.layout(n, from, to), indent, spaces(indent), indent)
}

// entries prints a block. The first line begins with opening, and comments above it are indented
// by above: both differ from the rest where the block begins behind a dash.
func (p *printer) entries(n *yaml.Node, v schema.Value, b block, indent int, opening string, above int) {
	if n != p.d.root {
		b.head = trimBlank(b.head)
	}
	p.remarks(b.head, above)
	if n.Kind == yaml.MappingNode && v.Mapping != nil && !isLinked(n) {
		slices.SortStableFunc(b.entries, func(x, y entry) int { return v.Mapping.Index(x.key.Value) - v.Mapping.Index(y.key.Value) })
	}
	for i, e := range b.entries {
		if i == 0 {
			p.remarks(trimBlank(e.lead), above)
			p.entry(e, v, indent, opening)
			continue
		}
		p.remarks(e.lead, indent)
		p.entry(e, v, indent, spaces(indent))
	}
	p.remarks(b.foot, indent)
}

// isLinked reports whether there is an anchor or an alias in a collection: an anchor must stay
// before its aliases.
func isLinked(n *yaml.Node) bool {
	return n.Kind == yaml.AliasNode || n.Anchor != "" || slices.ContainsFunc(n.Content, isLinked)
}

func trimBlank(lines []remark) []remark {
	for len(lines) > 0 && lines[0].text == "" {
		lines = lines[1:]
	}
	return lines
}

// below returns what is known about the value of a key, or about the items of a list.
func below(v schema.Value, key *yaml.Node) schema.Value {
	switch {
	case key == nil && v.Items != nil:
		return *v.Items
	case key != nil && v.Named != nil:
		return *v.Named
	case key != nil && v.Mapping != nil:
		if k := v.Mapping.Key(key.Value); k != nil {
			return k.Value
		}
	}
	return schema.Value{}
}

// entry prints a key with its value, or an item, after opening.
func (p *printer) entry(e entry, v schema.Value, indent int, opening string) {
	v = below(v, e.key)
	if e.key == nil {
		p.item(e, v, indent, opening)
		return
	}
	opening += p.key(e.key, false) + ":"
	after := p.d.colon(e.key) + 1
	switch {
	case isBlock(e.value):
		if e.value.Anchor != "" {
			opening += " &" + e.value.Anchor
			after = p.d.start(e.value)
		}
		p.commented(opening, after)
		p.block(e.value, v, p.d.line(after)+1, e.end, indent+2)
	case isEmpty(e.value):
		p.commented(opening, after)
		p.remarks(e.tail, indent)
	default:
		p.inline(e, v, after, indent, opening+" ")
	}
}

// item prints an item of a list.
func (p *printer) item(e entry, v schema.Value, indent int, opening string) {
	_, column := p.d.dash(e.value)
	after := p.d.lines[e.line] + column + 1
	switch {
	case !isBlock(e.value):
		p.inline(e, v, after, indent, opening+"- ")
	case e.value.Anchor != "":
		p.commented(opening+"- &"+e.value.Anchor, p.d.start(e.value))
		p.block(e.value, v, p.d.line(p.d.start(e.value))+1, e.end, indent+2)
	default:
		first := p.d.offset(e.value.Content[0])
		p.remarks(p.between(after, first), indent)
		b := p.d.layout(e.value, p.d.line(first), e.end)
		p.entries(e.value, v, b, indent+2, opening+"- ", indent)
	}
}

// inline prints a value behind its key or dash, and what is inside the entry after it. Comments
// between the two come first.
func (p *printer) inline(e entry, v schema.Value, after, indent int, opening string) {
	n := e.value
	if above := p.between(after, p.d.offset(n)); above != nil {
		first := opening[:len(opening)-len(strings.TrimLeft(opening, " "))]
		p.remarks(above, len(first))
	}
	if n.Anchor != "" {
		opening += "&" + n.Anchor + " "
	}
	start, end := p.d.start(n), p.d.ends[n]
	if n.Kind != yaml.ScalarNode && strings.Contains(p.d.text[start:end], "\n") {
		p.spread(start, end, opening)
	} else {
		p.commented(opening+p.value(n, v, false), end)
	}
	p.remarks(e.tail, indent)
}

// between returns the comments between two offsets.
func (p *printer) between(from, to int) []remark {
	var list []remark
	for _, row := range strings.Split(p.d.text[from:to], "\n") {
		if c := strings.TrimSpace(row); c != "" && c[0] == '#' {
			list = append(list, remark{text: c})
		}
	}
	return list
}

// spread prints a collection over several lines as it is, moved as a whole.
func (p *printer) spread(start, end int, opening string) {
	first := p.d.line(start)
	shift := utf8.RuneCountInString(opening) - utf8.RuneCountInString(p.d.text[p.d.lines[first]:start])
	for i := first; i <= p.d.line(end); i++ {
		row := strings.TrimRight(p.d.row(i), " \t")
		text := strings.TrimLeft(row, " ")
		switch {
		case i == first:
			row = opening + p.d.text[start:p.d.lines[first]+len(row)]
		case text != "":
			row = spaces(max(0, len(row)-len(text)+shift)) + text
		}
		p.lines = append(p.lines, printed{row, true})
	}
}

// commented prints a line with the comment that follows an offset, in the column in which it
// was, if the line is short enough. Another thing there is an obstacle.
func (p *printer) commented(line string, after int) {
	number := p.d.line(after)
	rest := p.d.text[after : p.d.lines[number]+len(p.d.row(number))]
	comment := strings.TrimSpace(rest)
	if comment == "" {
		p.add(line)
		return
	}
	if comment[0] != '#' {
		p.obstacle = &Obstacle{number + 1, "something unusual after a value"}
		return
	}
	before := p.d.row(number)[:len(p.d.row(number))-len(strings.TrimLeft(rest, " \t"))]
	p.add(line + spaces(max(1, p.column(line, before)-utf8.RuneCountInString(line))) + comment)
}

// column returns where a comment goes that stood behind before, when that becomes line: as far
// from the margin as it was, moved by as much as the line is.
func (p *printer) column(line, before string) int {
	indent := func(s string) int { return len(s) - len(strings.TrimLeft(s, " -")) }
	return utf8.RuneCountInString(before) + indent(line) - indent(before)
}

// key returns a key in its canonical form.
func (p *printer) key(n *yaml.Node, flow bool) string {
	kind := schema.Text
	if n.Style == 0 {
		kind = schema.Other // 1 and no are bad keys, which the rules report
	}
	return p.d.render(n, kind, flow)
}

// value returns a value on one line.
func (p *printer) value(n *yaml.Node, v schema.Value, flow bool) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "{" + strings.Join(p.pairs(n, v), ", ") + "}"
	case yaml.SequenceNode:
		var items []string
		for _, item := range n.Content {
			items = append(items, anchored(item)+p.value(item, below(v, nil), true))
		}
		return "[" + strings.Join(items, ", ") + "]"
	}
	return p.d.render(n, v.Kind, flow)
}

func anchored(n *yaml.Node) string {
	if n.Anchor == "" {
		return ""
	}
	return "&" + n.Anchor + " "
}

// pairs returns the keys and values of a mapping in braces.
func (p *printer) pairs(n *yaml.Node, v schema.Value) []string {
	type pair struct{ key, value *yaml.Node }
	var list []pair
	for i := 0; i < len(n.Content); i += 2 {
		list = append(list, pair{n.Content[i], n.Content[i+1]})
	}
	if v.Mapping != nil && !isLinked(n) {
		slices.SortStableFunc(list, func(x, y pair) int { return v.Mapping.Index(x.key.Value) - v.Mapping.Index(y.key.Value) })
	}
	var texts []string
	for _, pair := range list {
		text := anchored(pair.key) + p.key(pair.key, true)
		if !isEmpty(pair.value) {
			text += ": " + anchored(pair.value) + p.value(pair.value, below(v, pair.key), true)
		}
		texts = append(texts, text)
	}
	return texts
}
