package script

import (
	"bytes"
	"html/template"
	"io"
	"io/fs"
	"path"
	"strings"
	text "text/template"
	"unicode"

	"embedgen/generator/diag"
	"embedgen/generator/site"
)

// executor is a compiled template, of HTML or of text.
type executor interface {
	Execute(w io.Writer, data any) error
}

// functions are what the templates of page/ may call. Templates that are not HTML are not escaped
// by their context: in them every value stands in js or in line.
var functions = map[string]any{"comment": comment, "js": js, "line": line, "list": list}

// parse compiles a template and tries it out, since html/template finds some faults only then.
func parse(fsys fs.FS, name string) (executor, diag.List) {
	source, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, missing(name, err)
	}
	var t executor
	if path.Ext(name) == ".html" {
		t, err = template.New(name).Funcs(functions).Parse(string(source))
	} else {
		t, err = text.New(name).Funcs(functions).Parse(string(source))
	}
	if err == nil {
		_, err = execute(t, newData(&site.Channel{Tenant: &site.Tenant{}}))
	}
	if err != nil {
		return nil, diag.List{diagnoseTemplate(name, string(source), err)}
	}
	return t, nil
}

func missing(name string, err error) diag.List {
	return diag.List{{Pos: diag.Pos{File: name}, Rule: rulePage, Message: err.Error()}}
}

func execute(t executor, d data) ([]byte, error) {
	var out bytes.Buffer
	if err := t.Execute(&out, d); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// comment writes an HTML comment; html/template drops those of the template itself.
func comment(parts ...string) template.HTML {
	return template.HTML("<!-- " + line(strings.Join(parts, "")) + " -->")
}

// line makes a text fit for a comment of one line, of HTML or of JavaScript, inside HTML or not.
func line(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp) {
			return ' '
		}
		return r
	}, s)
	return strings.NewReplacer("<", "&lt;", ">", "&gt;", "*/", "* /").Replace(s)
}

// list continues a list of one with more.
func list(more []string) string {
	if len(more) == 0 {
		return ""
	}
	return ", " + strings.Join(more, ", ")
}

// js writes a value as a JavaScript expression.
func js(v any) template.JS { return template.JS(scriptJSON(v)) }
