package script

import (
	"bytes"
	"html/template"
	"io/fs"
	"strings"

	"embedgen/generator/diag"
	"embedgen/generator/site"
)

const (
	pageFile   = "page/index.html"
	loaderFile = "page/loader.js"
	styleFile  = "page/page.css"
)

// page holds the compiled template of the integration page.
type page struct {
	index         executor
	loader, style []byte // the page's inline script and style, minified: the policy names their hashes
}

// data is what the templates of page/ see.
type data struct {
	Tenant   *site.Tenant
	Channel  *site.Channel
	Locale   string        // BCP 47: "zh-CN" for zh_CN
	Language string        // of our own texts: "en" or "zh"
	Page     string        // absolute address of the integration page
	Source   string        // absolute address of embed.js
	Loader   template.HTML // the script element
	Style    template.HTML // the style element
	Fallback *link         // nil if there is none
	// Token and Interaction say what a web developer must know of the channel.
	Token, Interaction bool
}

func newPage(fsys fs.FS) (page, diag.List) {
	var p page
	var problems, more diag.List
	p.loader, problems = inline(fsys, loaderFile)
	p.style, more = inline(fsys, styleFile)
	problems = append(problems, more...)
	p.index, more = parse(fsys, pageFile)
	return p, append(problems, more...)
}

// inline reads and minifies a script or style sheet that becomes part of a page.
func inline(fsys fs.FS, name string) ([]byte, diag.List) {
	source, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, missing(name, err)
	}
	text, messages := minify(name, source)
	problems := diagnose(name, messages)
	if lower := bytes.ToLower(text); bytes.Contains(lower, []byte("</s")) || bytes.Contains(lower, []byte("<!--")) {
		problems = append(problems, diag.Diagnostic{
			Pos:     diag.Pos{File: name},
			Rule:    ruleScript,
			Message: "the file holds \"</s\" or \"<!--\", which would end or hide it inside a page",
		})
	}
	return text, problems
}

func newData(ch *site.Channel) data {
	page := ch.Tenant.Origin + ch.Tenant.PublicPath + ch.ID + "/"
	return data{
		Tenant:      ch.Tenant,
		Channel:     ch,
		Locale:      strings.ReplaceAll(ch.Locale, "_", "-"),
		Language:    language(ch.Locale),
		Page:        page,
		Source:      page + "embed.js",
		Token:       ch.Mode == site.TokenMode,
		Interaction: ch.Load == site.Interaction,
		Fallback:    fallbackLink(ch),
	}
}

// language is the same choice as in embed/text.js: a locale that we have no texts for reads English.
func language(locale string) string {
	if strings.HasPrefix(locale, "zh") {
		return "zh"
	}
	return "en"
}

// Page returns the integration page of a channel and the policy that it must be served with.
func (e *Engine) Page(ch *site.Channel) (html []byte, policy string, err error) {
	policy, err = e.Policy(ch)
	if err != nil {
		return nil, "", err
	}
	d := newData(ch)
	d.Loader = element("script", e.page.loader)
	d.Style = element("style", e.page.style)
	html, err = execute(e.page.index, d)
	return html, policy, err
}

// element wraps the page's own script or style, which New has examined.
func element(name string, text []byte) template.HTML {
	return template.HTML("<" + name + ">" + string(text) + "</" + name + ">")
}
