package devserver

import (
	"html/template"
	"net/http"
	"strings"

	"embedgen/generator/site"
)

type demoView struct {
	frame
	Tenant    *site.Tenant
	Channel   *site.Channel
	Snippet   template.HTML
	Integrate string // address of the integration page
	File      string // address of the snippet
	Dashboard string
}

// demo answers with a page as the tenant's own site might have it, into which the emitted snippet
// is pasted: rest is <tenant>/<channel>.
func (c *call) demo(rest string) {
	if c.st.good == nil {
		c.broken()
		return
	}
	tenant, id, _ := strings.Cut(rest, "/")
	ch := c.st.good.channel(tenant, id)
	file, ok := c.st.good.Tree.Lookup("snippets/" + rest + ".html")
	if ch == nil || !ok || c.view.tenant != "" && c.view.tenant != tenant {
		c.notFound()
		return
	}
	if c.view.tenant == "" && ch.Context.Direct() {
		c.redirect(c.origins.Tenant(tenant) + c.r.URL.EscapedPath())
		return
	}
	f := c.frame()
	f.Lang = demoLanguage(ch.Locale)
	f.words = c.pages.text[f.Lang]
	t := c.st.good.byID[tenant]
	c.page(http.StatusOK, "demo", demoView{
		frame: f, Tenant: t, Channel: ch, Snippet: template.HTML(here(string(file.Data), t, "http://"+c.r.Host)),
		Integrate: f.Base + t.PublicPath[1:] + ch.ID + "/", File: f.Base + file.Path, Dashboard: c.origins.Plain() + "/",
	})
}

// here lets a snippet, which names the tenant's own origin, load from this server.
func here(snippet string, t *site.Tenant, origin string) string {
	public := t.Origin + t.PublicPath
	return strings.NewReplacer(
		public, origin+t.PublicPath,
		jsEscaped(public), jsEscaped(origin+t.PublicPath),
	).Replace(snippet)
}

// jsEscaped is an address as inline script may write it.
func jsEscaped(s string) string { return strings.ReplaceAll(s, "/", `\/`) }

func demoLanguage(locale string) string {
	if strings.HasPrefix(strings.ToLower(locale), "zh") {
		return "zh"
	}
	return "en"
}
