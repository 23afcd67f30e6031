package edit

import (
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"

	"embedgen/generator/config/schema"
)

// Fields are what is to be written of a tenant or a channel, by the keys of channels.yaml. A value
// is a string, a list of strings, Fields again, or a list of Fields.
type Fields map[string]any

// AddTenant returns a file with one more tenant, after the others. The file has the tenants itself:
// it is a channels.yaml or a file that one includes. An *Obstacle says why it cannot be done.
func AddTenant(text []byte, tenant Fields) ([]byte, error) {
	return change(text, func(d *document) (insertion, error) {
		return d.add(d.root, &schema.File, "tenants", tenant)
	})
}

// AddChannel returns a file with one more channel of a tenant that stands in it.
func AddChannel(text []byte, tenant string, channel Fields) ([]byte, error) {
	return change(text, func(d *document) (insertion, error) {
		m := d.tenant(tenant)
		if m == nil {
			return insertion{}, fmt.Errorf("there is no tenant %q in this file", tenant)
		}
		return d.add(m, schema.File.Key("tenants").Value.Items.Mapping, "channels", channel)
	})
}

// NewFile returns a file to be included, with one tenant.
func NewFile(tenant Fields) []byte {
	lines := list(schema.File.Key("tenants"), tenant, 0)
	return []byte(strings.Join(lines, "\n") + "\n")
}

// insertion replaces a part of a text.
type insertion struct {
	from, to int
	text     string
}

// change makes one insertion into a text and keeps its kind of line ends.
func change(text []byte, find func(*document) (insertion, error)) ([]byte, error) {
	clean, err := normal(text)
	if err != nil {
		return nil, err
	}
	d, err := parse(clean)
	if err != nil {
		return nil, err
	}
	if d.root == nil || d.root.Kind != yaml.MappingNode || !isBlock(d.root) {
		return nil, &Obstacle{1, "no keys at its top"}
	}
	if err := d.measure(d.root); err != nil {
		return nil, err
	}
	i, err := find(d)
	if err != nil {
		return nil, err
	}
	changed := clean[:i.from] + i.text + clean[i.to:]
	if strings.Contains(string(text), "\r\n") {
		changed = strings.ReplaceAll(changed, "\n", "\r\n")
	}
	if strings.HasPrefix(string(text), "\ufeff") {
		changed = "\ufeff" + changed
	}
	return []byte(changed), nil
}

// tenant finds a tenant by its id.
func (d *document) tenant(id string) *yaml.Node {
	tenants := value(d.root, "tenants")
	if tenants == nil || tenants.Kind != yaml.SequenceNode {
		return nil
	}
	for _, t := range tenants.Content {
		if v := value(t, "id"); v != nil && v.Value == id {
			return t
		}
	}
	return nil
}

// value returns the value of a key, or nil.
func value(m *yaml.Node, key string) *yaml.Node {
	if m.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i < len(m.Content); i += 2 {
		if m.Content[i].Value == key {
			return m.Content[i+1]
		}
	}
	return nil
}

// add finds where an item goes that is to be the last one of a list, which is the value of a key
// of a mapping.
func (d *document) add(m *yaml.Node, known *schema.Mapping, key string, fields Fields) (insertion, error) {
	k := known.Key(key)
	v := value(m, key)
	switch {
	case v == nil && !isBlock(m):
		return insertion{}, &Obstacle{m.Line, "no " + key + " between its braces"}
	case v == nil:
		return d.addKey(m, known, k, fields), nil
	case isEmpty(v) || v.Kind == yaml.SequenceNode && len(v.Content) == 0 && isBlock(m):
		return d.fill(m, k, v, fields), nil
	case v.Kind != yaml.SequenceNode:
		return insertion{}, &Obstacle{v.Line, "no list of " + key}
	case isBlock(v):
		return d.appendItem(v, k, fields), nil
	}
	at := d.start(v) + 1
	separator := ""
	if n := len(v.Content); n > 0 {
		at, separator = d.ends[v.Content[n-1]], ", "
	}
	return insertion{at, at, separator + inBraces(k.Value.Items.Mapping, fields)}, nil
}

// appendItem puts an item after the last one of a block, with a blank line if the others have one.
func (d *document) appendItem(n *yaml.Node, k *schema.Key, fields Fields) insertion {
	b := d.layout(n, d.entries(n)[0].line, d.gapEnd(d.line(d.ends[n]-1)+1))
	last := b.entries[len(b.entries)-1]
	lines := item(k.Value.Items.Mapping, fields, d.column(n))
	isFar := len(last.lead) > 0 && last.lead[0].text == "" || len(b.entries) == 1 && k.Name == "tenants"
	if isFar {
		lines = append([]string{""}, lines...)
	}
	return d.insert(last.end, lines)
}

// addKey puts a key with its one item behind the keys that come before it in canonical order.
func (d *document) addKey(m *yaml.Node, known *schema.Mapping, k *schema.Key, fields Fields) insertion {
	b := d.layout(m, d.entries(m)[0].line, d.gapEnd(d.line(d.ends[m]-1)+1))
	after := 0
	for _, e := range b.entries {
		if known.Index(e.key.Value) < known.Index(k.Name) {
			after = max(after, e.end)
		}
	}
	lines := list(k, fields, d.column(m))
	if after == 0 {
		return d.insert(b.entries[0].line, lines)
	}
	if m == d.root {
		lines = append([]string{""}, lines...)
	}
	return d.insert(after, lines)
}

// fill writes the one item of a list that is empty.
func (d *document) fill(m *yaml.Node, k *schema.Key, v *yaml.Node, fields Fields) insertion {
	from, to := d.ends[v], d.ends[v]
	if !isEmpty(v) {
		from = d.start(v)
	}
	lines := list(k, fields, d.column(m))[1:]
	number := d.line(from)
	end := d.lines[number] + len(d.row(number))
	kept := strings.TrimRight(d.text[d.lines[number]:from], " ") + d.text[to:end]
	return insertion{d.lines[number], end, strings.TrimRight(kept, " \t") + "\n" + strings.Join(lines, "\n")}
}

// gapEnd returns the index of the first line from one on that has more than a comment.
func (d *document) gapEnd(line int) int {
	for ; line < len(d.lines); line++ {
		if text := strings.TrimSpace(d.row(line)); text != "" && text[0] != '#' {
			break
		}
	}
	return line
}

// insert puts lines before a line.
func (d *document) insert(line int, lines []string) insertion {
	text := strings.Join(lines, "\n") + "\n"
	if line >= len(d.lines) {
		return insertion{len(d.text), len(d.text), "\n" + text}
	}
	return insertion{d.lines[line], d.lines[line], text}
}

// list writes a key and its one item.
func list(k *schema.Key, fields Fields, indent int) []string {
	return append([]string{spaces(indent) + k.Name + ":"}, item(k.Value.Items.Mapping, fields, indent+2)...)
}

// item writes an item of a list, whose dash is in a column, key by key.
func item(known *schema.Mapping, fields Fields, indent int) []string {
	var lines []string
	for _, k := range known.Keys {
		switch v := fields[k.Name].(type) {
		case string:
			lines = append(lines, k.Name+": "+single(k.Value, v, false))
		case []string:
			lines = append(lines, k.Name+": "+inList(k.Value, v))
		case Fields:
			lines = append(lines, k.Name+": "+inBraces(k.Value.Mapping, v))
		case []Fields:
			lines = append(lines, k.Name+":")
			for _, f := range v {
				lines = append(lines, item(k.Value.Items.Mapping, f, 2)...)
			}
		}
	}
	for i := range lines {
		lead := spaces(indent + 2)
		if i == 0 {
			lead = spaces(indent) + "- "
		}
		lines[i] = lead + lines[i]
	}
	return lines
}

// inBraces writes a mapping on one line.
func inBraces(known *schema.Mapping, fields Fields) string {
	var pairs []string
	for _, k := range known.Keys {
		switch v := fields[k.Name].(type) {
		case string:
			pairs = append(pairs, k.Name+": "+single(k.Value, v, true))
		case []string:
			pairs = append(pairs, k.Name+": "+inList(k.Value, v))
		case Fields:
			pairs = append(pairs, k.Name+": "+inBraces(k.Value.Mapping, v))
		case []Fields:
			var items []string
			for _, f := range v {
				items = append(items, inBraces(k.Value.Items.Mapping, f))
			}
			pairs = append(pairs, k.Name+": ["+strings.Join(items, ", ")+"]")
		}
	}
	return "{" + strings.Join(pairs, ", ") + "}"
}

// inList writes a list of single values on one line.
func inList(v schema.Value, list []string) string {
	var items []string
	for _, s := range list {
		items = append(items, single(*v.Items, s, true))
	}
	return "[" + strings.Join(items, ", ") + "]"
}

// single writes a single value.
func single(v schema.Value, s string, flow bool) string {
	if boolean.MatchString(s) && (v.Kind == schema.Word || v.Kind == schema.Other) {
		return s
	}
	return text(s, flow)
}
