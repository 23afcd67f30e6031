// Package extension makes the co-browsing browser extension of a tenant: a Manifest V3 folder that
// the company hands to its customers in place of co-browsing scripts in its pages (cec-contract
// section 5).
//
// It may do as little as possible: one content script, on https pages of the tenant's origin whose
// address carries cobrowse_share_url, which adds cobrowse.js of that tenant's CEC to the page. It
// has no permissions, no background and no pages of its own. The sources are templates, extension/.
package extension

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/template"
	"unicode"
	"unicode/utf16"

	"embedgen/generator/artifact"
	"embedgen/generator/diag"
	"embedgen/generator/site"
)

const (
	folder = "extension" // of the templates, and of the output

	// ruleTemplate is the rule of diagnostics about templates/extension.
	ruleTemplate = "template-extension"

	// nameLimit keeps the extension's name within the 75 UTF-16 units, and its description within the
	// 132, that Chrome allows.
	nameLimit = 50
)

// files are the templates, slash paths below extension/. Pictures are copied as they are.
var files = []string{
	"README.md", "_locales/en/messages.json", "_locales/zh_CN/messages.json", "content.js",
	"icons/128.png", "icons/16.png", "icons/48.png", "manifest.json",
}

// Engine holds the compiled templates. It is safe for concurrent use.
type Engine struct {
	text  map[string]*template.Template
	plain map[string][]byte
}

// data is what the templates see.
type data struct {
	Tenant  string   // its name, shortened
	Origin  string   // https://host[:port]
	Pages   string   // match pattern of the tenant's pages
	Sources []string // addresses of cobrowse.js, one for each CEC of the tenant's channels
}

// New compiles the templates of fsys. A fault is a diagnostic whose file is its path in fsys.
func New(fsys fs.FS) (*Engine, diag.List) {
	e := &Engine{map[string]*template.Template{}, map[string][]byte{}}
	var list diag.List
	for _, name := range files {
		if err := e.add(fsys, name); err != nil {
			list = append(list, diagnose(path.Join(folder, name), err))
		}
	}
	if list.HasErrors() {
		return nil, list
	}
	return e, nil
}

func (e *Engine) add(fsys fs.FS, name string) error {
	source, err := fs.ReadFile(fsys, path.Join(folder, name))
	if err != nil {
		return err
	}
	if path.Ext(name) == ".png" {
		e.plain[name] = source
		return nil
	}
	t, err := template.New(name).Funcs(template.FuncMap{"js": js}).Parse(string(source))
	if err != nil {
		return err
	}
	e.text[name] = t
	_, err = execute(t, data{Pages: "https://www.example/*", Sources: []string{"https://cec.example/cobrowse.js"}})
	return err
}

// execute fills a template; what should be JSON is examined.
func execute(t *template.Template, d data) ([]byte, error) {
	var out bytes.Buffer
	if err := t.Execute(&out, d); err != nil {
		return nil, err
	}
	if path.Ext(t.Name()) == ".json" {
		var v map[string]any
		if err := json.Unmarshal(out.Bytes(), &v); err != nil {
			return nil, fmt.Errorf("the result is not JSON: %w", err)
		}
	}
	return out.Bytes(), nil
}

// js writes a value as JSON that is a JavaScript expression too: U+2028 and U+2029 are escaped.
func js(v any) (string, error) {
	text, err := json.Marshal(v)
	return string(text), err
}

// Files returns the extension of a tenant below extension/<tenant>/. There is none if no channel has
// cobrowse: extension, or if the tenant's pages are not on https: there it would never act.
func (e *Engine) Files(t *site.Tenant) ([]artifact.File, error) {
	d := data{Tenant: shorten(t.Name), Origin: t.Origin, Pages: t.Origin + "/*", Sources: sources(t)}
	if len(d.Sources) == 0 || !strings.HasPrefix(t.Origin, "https://") {
		return nil, nil
	}
	list := make([]artifact.File, len(files))
	for i, name := range files {
		text := e.plain[name]
		if t := e.text[name]; t != nil {
			var err error
			if text, err = execute(t, d); err != nil {
				return nil, fmt.Errorf("%s/%s: %w", folder, name, err)
			}
		}
		list[i] = artifact.NewFile(path.Join(folder, t.ID, name), text)
	}
	return list, nil
}

// sources returns the distinct addresses of cobrowse.js, in the order of the channels.
func sources(t *site.Tenant) []string {
	var list []string
	for _, c := range t.Channels {
		if c.Cobrowse != site.CobrowseExtension {
			continue
		}
		base := c.Context.CEC + "/service-cloud"
		if c.Context.Direct() {
			base = c.Context.URL
		}
		if src := base + "/resource.root/cobrowse/sdk/cobrowse.js"; !slices.Contains(list, src) {
			list = append(list, src)
		}
	}
	return list
}

// shorten cuts a name to nameLimit UTF-16 units and turns control characters into spaces.
func shorten(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, name)
	if len(utf16.Encode([]rune(name))) <= nameLimit {
		return name
	}
	var out []rune
	units := 1 // of the ellipsis
	for _, r := range name {
		if units += utf16.RuneLen(r); units > nameLimit {
			break
		}
		out = append(out, r)
	}
	return strings.TrimRight(string(out), " ") + "…"
}

// place finds the line in an error of text/template.
var place = regexp.MustCompile(`^template: [^:]*:(\d+):(?:\d+:)? (.*)$`)

func diagnose(name string, err error) diag.Diagnostic {
	d := diag.Diagnostic{Pos: diag.Pos{File: name}, Rule: ruleTemplate, Message: err.Error()}
	if m := place.FindStringSubmatch(err.Error()); m != nil {
		d.Pos.Line, _ = strconv.Atoi(m[1])
		d.Message = m[2]
	}
	return d
}
