package guide

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	texttemplate "text/template"

	"github.com/yuin/goldmark"

	"embedgen/generator/artifact"
	"embedgen/generator/diag"
)

// Policy is the Content-Security-Policy under which every page of the documentation works.
const Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; base-uri 'none'; form-action 'none'"

// An Engine holds the templates of the documentation, compiled. It is made once and may be used
// by many goroutines.
type Engine struct {
	files     fs.FS
	templates goldmark.Markdown  // for templates
	pages     goldmark.Markdown  // for the user's pages
	base      *template.Template // layout and components
	root      *template.Template // the page that offers the languages
	languages map[string]*language
	css, js   artifact.File
	explain   explanations
}

// explanations turn an error of a template into a diagnostic, by the template's file.
type explanations struct {
	mu     sync.Mutex
	byFile map[string]func(error) diag.Diagnostic
}

func (e *explanations) add(file string, explain func(error) diag.Diagnostic) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.byFile == nil {
		e.byFile = make(map[string]func(error) diag.Diagnostic)
	}
	e.byFile[file] = explain
}

// A language holds what exists once per language.
type language struct {
	ui                                           *uiText
	guide, tenant, operator, index, rules, pages *template.Template
	guideIDs, tenantIDs, operatorIDs, ruleIDs    map[string]bool // anchors that pages may link to
}

// New compiles the templates of the folder docs of templates. The languages are those for which
// there is a guide.<lang>.md. Problems point into the template files.
func New(templates fs.FS) (*Engine, diag.List) {
	e := &Engine{
		files:     templates,
		templates: newMarkdown(false),
		pages:     newMarkdown(true),
		languages: make(map[string]*language),
	}
	list := e.loadBase()
	guides, err := fs.Glob(templates, "docs/guide.*.md")
	if err != nil || len(guides) == 0 {
		list = append(list, missingFile("docs/guide.en.md"))
	}
	if list.HasErrors() {
		return nil, list
	}
	list = append(list, e.loadLanguages(guides)...)
	if !list.HasErrors() {
		list = append(list, e.tryOut()...)
	}
	list.Sort()
	if list.HasErrors() {
		return nil, list
	}
	return e, list
}

func missingFile(name string) diag.Diagnostic {
	return diag.Diagnostic{
		Pos: diag.Pos{File: name}, Rule: "template-file", Message: fmt.Sprintf("there is no template %q", name),
		Hint: "the documentation needs it; the built-in templates have it",
	}
}

func (e *Engine) read(name string) (source, diag.List) {
	data, err := fs.ReadFile(e.files, name)
	if err != nil {
		return source{name: name}, diag.List{missingFile(name)}
	}
	return newSource(name, data)
}

// loadBase reads what all languages share: layout, components, style sheet, script.
func (e *Engine) loadBase() diag.List {
	var list diag.List
	e.base = template.New("base")
	for _, name := range []string{"docs/layout.html", "docs/components.html"} {
		src, problems := e.read(name)
		list = append(list, problems...)
		e.explain.add(name, src.templateProblem)
		if _, err := e.base.New(name).Parse(string(src.data)); err != nil {
			list = append(list, src.templateProblem(err))
		}
	}
	src, problems := e.read("docs/root.html")
	list = append(list, problems...)
	e.explain.add(src.name, src.templateProblem)
	var err error
	if e.root, err = template.New(src.name).Parse(string(src.data)); err != nil {
		list = append(list, src.templateProblem(err))
	}
	for _, asset := range []struct {
		name string
		file *artifact.File
	}{{"docs.css", &e.css}, {"docs.js", &e.js}} {
		src, problems := e.read("docs/" + asset.name)
		list = append(list, problems...)
		*asset.file = hashed(asset.name, src.data)
	}
	return list
}

// hashed makes an asset whose name holds a part of its hash.
func hashed(name string, data []byte) artifact.File {
	sum := sha256.Sum256(data)
	ext := path.Ext(name)
	return artifact.NewFile("docs/assets/"+strings.TrimSuffix(name, ext)+"."+hex.EncodeToString(sum[:5])+ext, data)
}

// Assets returns the files that every page needs.
func (e *Engine) Assets() []artifact.File { return []artifact.File{e.css, e.js} }

// Languages returns the languages that there are templates for, sorted.
func (e *Engine) Languages() []string {
	var names []string
	for name := range e.languages {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// loadLanguages compiles the templates of every language that has one of the guides, all at once.
func (e *Engine) loadLanguages(guides []string) diag.List {
	loaded := make([]*language, len(guides))
	problems := make([]diag.List, len(guides))
	var group sync.WaitGroup
	for i, file := range guides {
		group.Go(func() { loaded[i], problems[i] = e.loadLanguage(languageOf(file)) })
	}
	group.Wait()
	for i, file := range guides {
		e.languages[languageOf(file)] = loaded[i]
	}
	return slices.Concat(problems...)
}

// languageOf is the language of docs/guide.<lang>.md.
func languageOf(guide string) string {
	return strings.TrimSuffix(strings.TrimPrefix(guide, "docs/guide."), ".md")
}

func (e *Engine) loadLanguage(lang string) (*language, diag.List) {
	src, list := e.read("docs/ui." + lang + ".json")
	if list.HasErrors() {
		return nil, list
	}
	ui, list := parseUI(src)
	if list.HasErrors() {
		return nil, list
	}
	l := &language{ui: ui}
	for _, t := range []struct {
		name     string
		template **template.Template
		ids      *map[string]bool
	}{
		{"guide", &l.guide, &l.guideIDs},
		{"tenant", &l.tenant, &l.tenantIDs},
		{"operator", &l.operator, &l.operatorIDs},
		{"index", &l.index, new(map[string]bool)},
		{"rules", &l.rules, &l.ruleIDs},
	} {
		src, problems := e.read("docs/" + t.name + "." + lang + ".md")
		list = append(list, problems...)
		if len(problems) > 0 {
			continue
		}
		compiled, ids, problems := e.compileTemplate(src, ui)
		list = append(list, problems...)
		*t.template, *t.ids = compiled, ids
	}
	l.pages = template.Must(template.Must(e.base.Clone()).New("page").Parse(pageTemplate))
	return l, list
}

// pageTemplate is the template of the user's own pages, which are Markdown but not templates.
const pageTemplate = `{{define "title"}}{{.Title}}{{end}}{{define "toc"}}{{.TOC}}{{end}}{{define "content"}}{{.HTML}}{{end}}`

// compileTemplate compiles a Markdown template and joins it with the layout.
func (e *Engine) compileTemplate(src source, ui *uiText) (*template.Template, map[string]bool, diag.List) {
	if err := checkSyntax(src); err != nil {
		return nil, nil, diag.List{src.templateProblem(err)}
	}
	d, list := compile(e.templates, src, ui.alertLabels())
	if list.HasErrors() {
		return nil, nil, list
	}
	t := template.Must(e.base.Clone())
	if _, err := t.New(src.name).Parse(d.template); err != nil {
		return nil, nil, append(list, d.diagnostic(err))
	}
	e.explain.add(src.name, d.diagnostic)
	return t, d.ids, list
}

// checkSyntax parses a source as a template, to find mistakes where they stand. (html/template has
// the same syntax and the same functions.)
func checkSyntax(src source) error {
	_, err := texttemplate.New(src.name).Parse(string(src.data))
	return err
}

// templateProblem points an error of a plain template to its source.
func (s source) templateProblem(err error) diag.Diagnostic {
	_, line, column, message, ok := parseTemplateError(err)
	if !ok {
		return s.at(0, 0, "template", message, "")
	}
	offset := s.offset(line, max(column, 1))
	if column == 0 { // the parser knows the line only: take its first action
		if i := strings.Index(s.line(offset), "{{"); i >= 0 {
			offset += i
		}
	}
	return s.at(offset, 0, "template", message, "")
}
