package site

import (
	"cmp"
	"path"
	"slices"
	"strings"
)

// Kind says what a target is, and with it which template makes it.
type Kind string

const (
	IntegrationPage Kind = "integration-page" // www/<t>/<c>/index.html
	EmbedScript     Kind = "embed-script"     // www/<t>/<c>/embed.js
	LibraryAsset    Kind = "library-asset"    // www/<t>/assets/<name>.<hash>.js
	Locations       Kind = "nginx-locations"  // nginx/<t>/locations.conf
	HTTPConf        Kind = "nginx-http"       // nginx/<t>/http.conf
	Caddyfile       Kind = "caddyfile"        // caddy/<t>/Caddyfile
	Snippet         Kind = "snippet"          // snippets/<t>/<c>.html
	Guide           Kind = "guide"            // docs/<lang>/<t>/<c>.html
	DocsTenant      Kind = "docs-tenant"      // docs/<lang>/<t>/index.html
	DocsOperator    Kind = "docs-operator"    // docs/<lang>/<t>/for-operators.html
	DocsIndex       Kind = "docs-index"       // docs/<lang>/index.html
	DocsRules       Kind = "docs-rules"       // docs/<lang>/rules.html
	DocsRoot        Kind = "docs-root"        // docs/index.html
	UserPage        Kind = "user-page"        // docs/<lang>/pages/<name>.html
	DocsAsset       Kind = "docs-asset"       // docs/assets/…: planned by render, which has them
)

// Target is a file that must exist, and the data that it is made of: the fields that its Kind
// has no use for are zero.
type Target struct {
	Path     string // slash path below out/
	Kind     Kind
	Tenant   *Tenant
	Channel  *Channel
	Language string  // of a page of the docs
	Page     string  // of a UserPage: the Markdown file, slash path below Site.Pages
	Library  Library // of a LibraryAsset
}

// Plan lists the files that a build must produce, sorted by path, each once. pages are the
// Markdown files below Site.Pages: name.<lang>.md, or name.md for all languages. A page that
// lacks a language is planned from the one it has.
func (s *Site) Plan(pages []string) []Target {
	var p plan
	for _, t := range s.Tenants {
		p.tenant(t)
		for _, c := range t.Channels {
			p.channel(c)
		}
	}
	p.add(Target{Path: "docs/index.html", Kind: DocsRoot})
	for _, language := range s.Languages {
		p.docs(s, language)
		p.pages(s.Languages, language, pages)
	}
	slices.SortStableFunc(p.targets, func(a, b Target) int { return cmp.Compare(a.Path, b.Path) })
	return p.targets
}

type plan struct {
	targets []Target
	seen    map[string]bool // lower-case paths that could repeat
}

func (p *plan) add(t Target) { p.targets = append(p.targets, t) }

// once adds a target unless its path, in either case, is planned already.
func (p *plan) once(t Target) {
	if p.seen == nil {
		p.seen = map[string]bool{}
	}
	if key := strings.ToLower(t.Path); !p.seen[key] {
		p.seen[key] = true
		p.add(t)
	}
}

func (p *plan) tenant(t *Tenant) {
	p.add(Target{Path: "nginx/" + t.ID + "/locations.conf", Kind: Locations, Tenant: t})
	p.add(Target{Path: "nginx/" + t.ID + "/http.conf", Kind: HTTPConf, Tenant: t})
	p.add(Target{Path: "caddy/" + t.ID + "/Caddyfile", Kind: Caddyfile, Tenant: t})
}

func (p *plan) channel(c *Channel) {
	t := c.Tenant
	folder := "www/" + t.ID + "/"
	p.add(Target{Path: folder + c.ID + "/index.html", Kind: IntegrationPage, Tenant: t, Channel: c})
	p.add(Target{Path: folder + c.ID + "/embed.js", Kind: EmbedScript, Tenant: t, Channel: c})
	p.add(Target{Path: "snippets/" + t.ID + "/" + c.ID + ".html", Kind: Snippet, Tenant: t, Channel: c})
	for _, l := range []Library{c.JQuery, c.Axios} {
		if l.File != "" {
			p.once(Target{Path: folder + l.Src, Kind: LibraryAsset, Tenant: t, Library: l})
		}
	}
}

func (p *plan) docs(s *Site, language string) {
	folder := "docs/" + language + "/"
	p.add(Target{Path: folder + "index.html", Kind: DocsIndex, Language: language})
	p.add(Target{Path: folder + "rules.html", Kind: DocsRules, Language: language})
	for _, t := range s.Tenants {
		p.add(Target{Path: folder + t.ID + "/index.html", Kind: DocsTenant, Tenant: t, Language: language})
		p.add(Target{Path: folder + t.ID + "/for-operators.html", Kind: DocsOperator, Tenant: t, Language: language})
		for _, c := range t.Channels {
			p.add(Target{Path: folder + t.ID + "/" + c.ID + ".html", Kind: Guide, Tenant: t, Channel: c, Language: language})
		}
	}
}

// pages plans every user page in one language, from the best source that there is.
func (p *plan) pages(languages []string, language string, files []string) {
	sources := map[string]map[string]string{} // name → language ("" for all) → file
	var names []string
	for _, file := range files {
		name, of := pageName(file, languages)
		if sources[name] == nil {
			sources[name] = map[string]string{}
			names = append(names, name)
		}
		sources[name][of] = file
	}
	for _, name := range names {
		source := sources[name]
		file := cmp.Or(source[language], source[""])
		for _, other := range languages {
			file = cmp.Or(file, source[other])
		}
		p.once(Target{Path: "docs/" + language + "/pages/" + name + ".html", Kind: UserPage, Language: language, Page: file})
	}
}

// pageName splits a Markdown file into the name of its page and its language, which is "" if
// the file is for all.
func pageName(file string, languages []string) (name, language string) {
	name = strings.TrimSuffix(file, path.Ext(file))
	if suffix := strings.TrimPrefix(path.Ext(name), "."); slices.Contains(languages, suffix) {
		return strings.TrimSuffix(name, "."+suffix), suffix
	}
	return name, ""
}
