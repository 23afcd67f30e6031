package guide

import (
	"bytes"
	"fmt"
	"html/template"
	"slices"
	"sync"

	"embedgen/generator/site"
)

// A view is what the layout shows around a page; Doc is the page's own data.
type view struct {
	Lang       string
	UI         *uiText
	Site       string // title of the documentation
	CSS, JS    string
	Home       string
	Alternates []alternate // every language, this one included; empty if there is only one
	Crumbs     []link
	Nav        nav
	BodyLang   string // of the content, if it is another than Lang
	Doc        any
}

type link struct {
	Href, Text string
	Current    bool
}

// An alternate is the same page in a language.
type alternate struct {
	Lang, Name, Href string
	Current          bool
}

// nav is the sidebar. It lists at most navLimit neighbours of each kind, so that a site of a
// thousand channels does not repeat a thousand links on a thousand pages.
type nav struct {
	Home      link
	Tenants   []navTenant
	More      *link // to all tenants
	Pages     []link
	MorePages *link // to all pages
}

type navTenant struct {
	link
	Channels []link // of the current tenant only
	More     *link  // to all its channels
}

const navLimit = 15

// A Book is the documentation of one site. It may be used by many goroutines.
type Book struct {
	engine *Engine
	site   *site.Site
	pages  *Pages
}

// Book joins the templates with a site and the user's pages; pages may be nil. It fails if the
// site wants a language that there are no templates for.
func (e *Engine) Book(s *site.Site, pages *Pages) (*Book, error) {
	if pages == nil {
		pages = new(Pages)
	}
	for _, lang := range s.Languages {
		if e.languages[lang] == nil {
			return nil, fmt.Errorf("the documentation has no templates for language %q, only for %q", lang, e.Languages())
		}
	}
	return &Book{e, s, pages}, nil
}

// A place is where a page stands in the documentation.
type place struct {
	lang    string
	path    func(lang string) string // of this page in any language
	tenant  *site.Tenant             // of a tenant's page or a guide
	channel *site.Channel            // of a guide
	below   bool                     // a page below the tenant's own that is no guide
	page    string                   // name of a user's page
}

// view builds what surrounds a page.
func (b *Book) view(p place, doc any) *view {
	l := b.engine.languages[p.lang]
	from := p.path(p.lang)
	v := &view{
		Lang: p.lang, UI: l.ui, Site: b.site.Title, Doc: doc,
		CSS:  relative(from, b.engine.css.Path),
		JS:   relative(from, b.engine.js.Path),
		Home: relative(from, IndexPath(p.lang)),
	}
	if len(b.site.Languages) > 1 {
		for _, lang := range b.site.Languages {
			v.Alternates = append(v.Alternates, alternate{
				lang, b.engine.languages[lang].ui.Language, relative(from, p.path(lang)), lang == p.lang,
			})
		}
	}
	v.Nav = b.nav(p, from)
	if from != IndexPath(p.lang) {
		v.Crumbs = append(v.Crumbs, link{Href: v.Home, Text: l.ui.Home})
	}
	if p.channel != nil || p.below {
		v.Crumbs = append(v.Crumbs, link{Href: relative(from, TenantPath(p.lang, p.tenant)), Text: p.tenant.Name})
	}
	return v
}

func (b *Book) nav(p place, from string) nav {
	to := func(path, text string) link { return link{relative(from, path), text, path == from} }
	ui := b.engine.languages[p.lang].ui
	n := nav{Home: to(IndexPath(p.lang), ui.Home)}
	tenants := around(b.site.Tenants, p.tenant, navLimit)
	for _, t := range tenants {
		entry := navTenant{link: to(TenantPath(p.lang, t), t.Name)}
		if t == p.tenant {
			channels := around(t.Channels, p.channel, navLimit)
			for _, c := range channels {
				entry.Channels = append(entry.Channels, to(ChannelPath(p.lang, c), c.Name))
			}
			if len(channels) < len(t.Channels) {
				entry.More = &link{Href: entry.Href, Text: ui.AllChannels}
			}
		}
		n.Tenants = append(n.Tenants, entry)
	}
	if len(tenants) < len(b.site.Tenants) {
		n.More = &link{Href: n.Home.Href, Text: ui.AllTenants}
	}
	names := around(b.pages.names, p.page, navLimit)
	n.Pages = b.pageLinks(p.lang, from, names)
	if len(names) < len(b.pages.names) {
		n.MorePages = &link{Href: n.Home.Href + "#pages", Text: ui.AllPages}
	}
	return n
}

// pageLinks returns links to pages of the user.
func (b *Book) pageLinks(lang, from string, names []string) []link {
	var list []link
	for _, name := range names {
		to := PagePath(lang, name)
		list = append(list, link{relative(from, to), b.pages.in(name, lang).title, to == from})
	}
	return list
}

// around returns at most limit elements of list, with the current one among them.
func around[T comparable](list []T, current T, limit int) []T {
	if len(list) <= limit {
		return list
	}
	start := max(slices.Index(list, current)-limit/2, 0)
	start = min(start, len(list)-limit)
	return list[start : start+limit]
}

// buffers hold pages while they grow; a finished page is copied out at its exact size.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// execute renders a page.
func execute(t *template.Template, v *view) ([]byte, error) {
	out := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(out)
	out.Reset()
	if err := t.ExecuteTemplate(out, "docs/layout.html", v); err != nil {
		return nil, err
	}
	return bytes.Clone(out.Bytes()), nil
}
