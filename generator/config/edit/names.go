package edit

import (
	"regexp"
	"slices"
	"strings"
)

// Names are the names in a file, for completion.
type Names struct {
	Tenants      []TenantNames
	Environments []string
	Include      []string // patterns
}

// TenantNames are the id of a tenant and those of its channels.
type TenantNames struct {
	ID       string
	Channels []string
}

// ReadNames finds the names in a text that may be broken or very long. It looks at lines and their
// indentation, and so misses what stands in braces over several lines.
func ReadNames(text []byte) Names {
	s := &nameScanner{}
	for line := range strings.Lines(string(text)) {
		s.line(strings.TrimRight(line, "\r\n \t"))
	}
	s.names.Tenants = slices.DeleteFunc(s.names.Tenants, func(t TenantNames) bool { return t.ID == "" })
	return s.names
}

// nameScanner keeps the keys above the current line whose values are below them.
type nameScanner struct {
	names Names
	open  []openKey
}

type openKey struct {
	name   string
	column int
}

func (s *nameScanner) line(line string) {
	text := strings.TrimLeft(strings.TrimPrefix(line, "\ufeff"), " ")
	column := len(line) - len(text)
	if text == "" || text[0] == '#' {
		return
	}
	for text == "-" || strings.HasPrefix(text, "- ") {
		s.close(column + 1) // a list may be as far left as its key
		rest := strings.TrimLeft(text[1:], " ")
		column += len(text) - len(rest)
		text = rest
		s.item(text)
	}
	name, value, isKey := strings.Cut(text, ":")
	if !isKey || strings.IndexByte("{[", text[0]) >= 0 {
		return
	}
	s.close(column)
	s.key(unquoted(name), strings.TrimSpace(value), column)
}

// close forgets the keys at a column and to the right of it.
func (s *nameScanner) close(column int) {
	for n := len(s.open); n > 0 && s.open[n-1].column >= column; n-- {
		s.open = s.open[:n-1]
	}
}

// path joins the open keys, "tenants/channels".
func (s *nameScanner) path() string {
	var names []string
	for _, k := range s.open {
		names = append(names, k.name)
	}
	return strings.Join(names, "/")
}

// item reads an item of a list as far as it stands on the line.
func (s *nameScanner) item(text string) {
	switch path := s.path(); {
	case path == "include":
		s.names.Include = append(s.names.Include, unquoted(beforeComment(text)))
	case strings.HasPrefix(text, "{"):
		s.braces(path, text)
	case path == "tenants":
		s.names.Tenants = append(s.names.Tenants, TenantNames{})
	}
}

func (s *nameScanner) key(name, value string, column int) {
	value = beforeComment(value)
	path := s.path()
	switch {
	case path == "" && name == "include" && value != "":
		for _, pattern := range strings.Split(strings.Trim(value, "[]"), ",") {
			s.names.Include = append(s.names.Include, unquoted(pattern))
		}
	case path == "" && name == "tenants" && value != "":
		s.braces("tenants", value)
	case path == "tenants" && name == "channels" && value != "":
		s.braces("tenants/channels", value)
	case path == "environments":
		s.names.Environments = append(s.names.Environments, name)
	case name == "id":
		s.id(path, unquoted(value))
	}
	if value == "" || value[0] == '&' || value == "[" || value == "{" {
		s.open = append(s.open, openKey{name, column})
	}
}

var idInBraces = regexp.MustCompile(`[{}\[\]]|\bid["']?\s*:\s*["']?([A-Za-z0-9_-]+)`)

// braces finds ids in items that stand in braces on one line. How deep an id stands says whose it
// is: those of channels are two brackets deeper than that of their tenant, those of token keys three.
func (s *nameScanner) braces(path, text string) {
	depth, first := 0, 0
	for _, m := range idInBraces.FindAllStringSubmatch(text, -1) {
		switch {
		case m[0] == "{" || m[0] == "[":
			depth++
			if first == 0 && m[0] == "{" {
				first = depth
			}
			if path == "tenants" && m[0] == "{" && depth == first {
				s.names.Tenants = append(s.names.Tenants, TenantNames{})
			}
		case m[0] == "}" || m[0] == "]":
			depth--
		case depth == first:
			s.id(path, m[1])
		case depth == first+2 && path == "tenants":
			s.id("tenants/channels", m[1])
		}
	}
}

func (s *nameScanner) id(path, id string) {
	if id == "" || len(s.names.Tenants) == 0 {
		return
	}
	t := &s.names.Tenants[len(s.names.Tenants)-1]
	switch path {
	case "tenants":
		t.ID = id
	case "tenants/channels":
		t.Channels = append(t.Channels, id)
	}
}

func beforeComment(s string) string {
	if i := strings.Index(" "+s, " #"); i >= 0 {
		s = s[:i]
	}
	return strings.TrimSpace(s)
}

func unquoted(s string) string { return strings.Trim(strings.TrimSpace(s), `"'`) }
