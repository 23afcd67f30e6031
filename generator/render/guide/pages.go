package guide

import (
	"bytes"
	"cmp"
	"fmt"
	"html"
	"html/template"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"

	"embedgen/generator/artifact"
	"embedgen/generator/diag"
	"embedgen/generator/site"
)

// Pages are the user's own Markdown pages, compiled.
type Pages struct {
	languages []string                        // of the site
	names     []string                        // "about", "howto/install", sorted
	pages     map[string]map[string]*userPage // by name and language, "" for all languages
	byFile    map[string]*userPage
	files     []artifact.File
}

// Sources returns the Markdown files, sorted: what [site.Site.Plan] wants to know.
func (p *Pages) Sources() []string { return slices.Sorted(maps.Keys(p.byFile)) }

// Files returns the images and other files that pages refer to.
func (p *Pages) Files() []artifact.File { return p.files }

// in returns a page in a language, or in another if it has no twin there.
func (p *Pages) in(name, lang string) *userPage {
	twins := p.pages[name]
	for _, l := range append([]string{lang, ""}, p.languages...) {
		if page := twins[l]; page != nil {
			return page
		}
	}
	return nil
}

// A userPage is one Markdown file.
type userPage struct {
	source    source
	dir       string // folder of the file inside the pages' folder, "." for none
	name      string
	lang      string // what it is written in: of a page for all languages the site's first
	title     string
	html, toc template.HTML

	reporter *reporter
	finisher *finisher
	doc      ast.Node
}

// pageDoc is what the template of a user's page sees.
type pageDoc struct {
	Title     string
	HTML, TOC template.HTML
}

// Page renders a page of the user, named by its Markdown file as in [site.Target]. In a language
// other than the file's it carries a notice.
func (b *Book) Page(lang, file string) ([]byte, error) {
	l, err := b.language(lang)
	if err != nil {
		return nil, err
	}
	page := b.pages.byFile[file]
	if page == nil {
		return nil, fmt.Errorf("there is no page %q", file)
	}
	v := b.view(place{lang: lang, path: func(lang string) string { return PagePath(lang, page.name) }, page: page.name},
		pageDoc{page.title, page.html, page.toc})
	if page.lang != lang {
		v.BodyLang = page.lang
	}
	return execute(l.pages, v)
}

// Pages compiles the Markdown files of the folder s.Pages; a nil folder has none.
// NAME.LANG.md is a page in one language, NAME.md one for all others.
func (e *Engine) Pages(folder fs.FS, s *site.Site) (*Pages, diag.List) {
	p := &Pages{languages: s.Languages, pages: make(map[string]map[string]*userPage), byFile: make(map[string]*userPage)}
	if folder == nil {
		return p, nil
	}
	if _, err := e.Book(s, nil); err != nil {
		return nil, diag.List{{Pos: diag.Pos{File: s.Pages}, Rule: "page-language", Message: err.Error()}}
	}
	files, list := pageFiles(folder, s.Pages)
	for _, file := range files {
		page, language, problem := e.readPage(folder, s, file)
		list = append(list, problem...)
		if page == nil {
			continue
		}
		if p.pages[page.name] == nil {
			p.pages[page.name] = make(map[string]*userPage)
		}
		p.pages[page.name][language] = page
		p.byFile[file] = page
	}
	p.names = slices.Sorted(maps.Keys(p.pages))
	list = append(list, e.linkPages(p, folder, s)...)
	list.Sort()
	if list.HasErrors() {
		return nil, list
	}
	return p, list
}

// pageFiles returns the Markdown files below a folder.
func pageFiles(folder fs.FS, name string) (files []string, list diag.List) {
	err := fs.WalkDir(folder, ".", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if file != "." && strings.HasPrefix(path.Base(file), ".") {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if !d.IsDir() && path.Ext(file) == ".md" {
			files = append(files, file)
		}
		return nil
	})
	if err != nil {
		list = append(list, diag.Diagnostic{
			Pos: diag.Pos{File: name}, Rule: "page-file", Message: err.Error(), Hint: "site.pages names a folder of Markdown files",
		})
	}
	return files, list
}

// pageName is what a page may be called: it becomes a part of an address.
var pageName = regexp.MustCompile(`^[\pL\pN][\pL\pN\pM_.-]*(/[\pL\pN][\pL\pN\pM_.-]*)*$`)

// readPage reads and parses one file.
func (e *Engine) readPage(folder fs.FS, s *site.Site, file string) (page *userPage, language string, list diag.List) {
	full := path.Join(s.Pages, file)
	data, err := fs.ReadFile(folder, file)
	if err != nil {
		return nil, "", diag.List{{Pos: diag.Pos{File: full}, Rule: "page-file", Message: err.Error()}}
	}
	src, problems := newSource(full, data)
	if len(problems) > 0 {
		return nil, "", problems
	}
	name, language := splitPageName(file, s.Languages)
	if !pageName.MatchString(name) {
		return nil, "", diag.List{{
			Pos: diag.Pos{File: full}, Rule: "page-name",
			Message: fmt.Sprintf("the file name %q cannot become an address", file),
			Hint:    "use letters, digits, '-', '_' and '.'",
		}}
	}
	p := &userPage{source: src, dir: path.Dir(file), name: name, lang: cmp.Or(language, s.Languages[0])}
	p.reporter = &reporter{source: p.source}
	p.finisher = &finisher{
		md: e.pages, src: src.data, labels: e.languages[p.lang].ui.alertLabels(), report: p.reporter.add,
	}
	p.doc = parseMarkdown(e.pages, src.data, nil)
	p.finisher.run(p.doc)
	if p.title = html.UnescapeString(p.finisher.title); p.title == "" {
		p.title = name
		p.reporter.warn(0, "page-title", "the page has no heading of level 1", "begin it with # and a title")
	}
	return p, language, nil
}

// splitPageName splits "about.zh.md" into name and language, which is "" if the file is for all.
func splitPageName(file string, languages []string) (name, language string) {
	name = strings.TrimSuffix(file, ".md")
	if i := strings.LastIndexByte(name, '.'); i > 0 && slices.Contains(languages, name[i+1:]) {
		return name[:i], name[i+1:]
	}
	return name, ""
}

// linkPages checks and rewrites what the pages refer to, and renders them.
func (e *Engine) linkPages(p *Pages, folder fs.FS, s *site.Site) diag.List {
	var list diag.List
	l := &linker{engine: e, pages: p, folder: folder, known: e.knownPages(s), files: make(map[string]artifact.File)}
	for _, name := range p.names {
		for _, lang := range slices.Sorted(maps.Keys(p.pages[name])) {
			page := p.pages[name][lang]
			l.page = page
			l.run()
			var body bytes.Buffer
			if err := e.pages.Renderer().Render(&body, page.source.data, page.doc); err != nil {
				page.reporter.add(0, "markdown", err.Error(), "")
			}
			page.html = template.HTML(body.String())
			page.toc = template.HTML((*tokens)(nil).toc(page.finisher.outline))
			list = append(list, page.reporter.list...)
		}
	}
	for _, file := range slices.Sorted(maps.Keys(l.files)) {
		p.files = append(p.files, l.files[file])
	}
	return list
}
