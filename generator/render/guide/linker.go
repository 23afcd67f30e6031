package guide

import (
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"

	"embedgen/generator/artifact"
	"embedgen/generator/site"
)

// A linker checks every address on the user's pages and rewrites those of files to those of pages.
type linker struct {
	engine *Engine
	pages  *Pages
	folder fs.FS
	known  map[string]map[string]bool // generated pages by path, with their anchors
	files  map[string]artifact.File   // files that pages refer to, by path in the folder
	page   *userPage                  // the one being checked
}

// fileTypes are the files besides pages that a page may refer to.
var fileTypes = map[string]bool{
	".png": true, ".jpg": true, ".jpeg": true, ".gif": true, ".svg": true, ".webp": true, ".avif": true,
	".pdf": true, ".txt": true, ".csv": true, ".json": true, ".yaml": true, ".zip": true,
}

// knownPages returns the pages that are generated for a site.
func (e *Engine) knownPages(s *site.Site) map[string]map[string]bool {
	known := map[string]map[string]bool{RootPath: nil}
	for _, lang := range s.Languages {
		l := e.languages[lang]
		if l == nil {
			continue
		}
		known[IndexPath(lang)] = nil
		known[RulesPath(lang)] = l.ruleIDs
		for _, t := range s.Tenants {
			known[TenantPath(lang, t)] = l.tenantIDs
			known[OperatorPath(lang, t)] = l.operatorIDs
			for _, c := range t.Channels {
				known[ChannelPath(lang, c)] = l.guideIDs
			}
		}
	}
	return known
}

func (l *linker) run() {
	_ = ast.Walk(l.page.doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Link:
			n.Destination = l.address(n.Pos(), n.Destination)
		case *ast.Image:
			if isRemote(util.URLEscape(n.Destination, true)) {
				l.page.reporter.warn(n.Pos(), "remote-image", fmt.Sprintf("the image %q comes from another host", n.Destination),
					"it is shown as a link, since these pages load nothing from elsewhere; put the file beside the page")
				return ast.WalkContinue, nil
			}
			n.Destination = l.address(n.Pos(), n.Destination)
		case *ast.AutoLink:
			if !safeAddress(n.URL(l.page.source.data)) {
				l.unsafe(n.Pos(), n.URL(l.page.source.data))
			}
		case *ast.HTMLBlock, *ast.RawHTML:
			l.rawHTML(n)
		}
		return ast.WalkContinue, nil
	})
}

func (l *linker) unsafe(pos int, destination []byte) {
	l.page.reporter.warn(pos, "link-scheme", fmt.Sprintf("the address %q is not shown as a link", destination),
		"use http, https, mailto, tel or a relative address")
}

func (l *linker) rawHTML(n ast.Node) {
	src := l.page.source.data
	pos := max(n.Pos(), 0)
	if strings.HasPrefix(string(src[pos:]), "<!--") {
		return
	}
	l.page.reporter.warn(pos, "raw-html", "raw HTML is shown as text", "write it as Markdown")
}

// address checks a destination and returns what the page must refer to.
func (l *linker) address(pos int, destination []byte) []byte {
	address := util.URLEscape(destination, true)
	if scheme(address) != "" || isRemote(address) {
		if !safeAddress(address) {
			l.unsafe(pos, destination)
		}
		return destination
	}
	u, err := url.Parse(string(address))
	if err != nil {
		l.broken(pos, destination, "the address cannot be read", "")
		return destination
	}
	switch {
	case strings.HasPrefix(u.Path, "/"):
		l.broken(pos, destination, "an absolute path depends on where the documentation is put", "use a relative address")
	case u.Path == "":
		l.anchor(pos, destination, u.Fragment, l.page.finisher.ids)
	case path.Ext(u.Path) == ".md":
		return l.toPage(pos, destination, u)
	default:
		return l.toFile(pos, destination, u)
	}
	return destination
}

func (l *linker) broken(pos int, destination []byte, what, hint string) {
	l.page.reporter.add(pos, "broken-link", fmt.Sprintf("%s: %q", what, destination), hint)
}

func (l *linker) anchor(pos int, destination []byte, id string, ids map[string]bool) {
	if id != "" && !ids[id] {
		l.broken(pos, destination, "there is no such heading", suggest(id, ids))
	}
}

// toPage turns the address of a Markdown file into that of its page.
func (l *linker) toPage(pos int, destination []byte, u *url.URL) []byte {
	file := path.Join(l.page.dir, u.Path)
	name, _ := splitPageName(file, l.pages.languages)
	target := l.pages.in(name, l.page.lang)
	if target == nil {
		names := make(map[string]bool)
		for _, n := range l.pages.names {
			names[n+".md"] = true
		}
		l.broken(pos, destination, "there is no such page", suggest(name+".md", names))
		return destination
	}
	l.anchor(pos, destination, u.Fragment, target.finisher.ids)
	// Every language has the same tree, so the address holds in all of them.
	out := url.URL{
		Path:     relative(PagePath("x", l.page.name), PagePath("x", name)),
		Fragment: u.Fragment,
	}
	return []byte(out.String())
}

// toFile turns the address of a file in the folder into that of its copy; the address of a
// generated page stays.
func (l *linker) toFile(pos int, destination []byte, u *url.URL) []byte {
	generated := path.Join(path.Dir(PagePath(l.page.lang, l.page.name)), u.Path)
	if strings.HasSuffix(u.Path, "/") {
		generated += "/index.html"
	}
	if ids, ok := l.known[generated]; ok {
		if ids != nil {
			l.anchor(pos, destination, u.Fragment, ids)
		}
		return destination
	}
	file := path.Join(l.page.dir, u.Path)
	data, err := fs.ReadFile(l.folder, file)
	if err != nil {
		known := make(map[string]bool)
		base := PagePath(l.page.lang, l.page.name)
		for p := range maps.Keys(l.known) {
			known[relative(base, p)] = true
		}
		l.broken(pos, destination, "there is no such file", suggest(u.Path, known))
		return destination
	}
	if !fileTypes[strings.ToLower(path.Ext(file))] {
		l.broken(pos, destination, "files of this type are not published", "allowed are "+strings.Join(slices.Sorted(maps.Keys(fileTypes)), " "))
		return destination
	}
	copied := "docs/files/" + file
	l.files[file] = artifact.NewFile(copied, data)
	out := url.URL{Path: relative(PagePath("x", l.page.name), copied), Fragment: u.Fragment}
	return []byte(out.String())
}
