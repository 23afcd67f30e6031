package guide

import (
	"fmt"
	"strings"
	"time"

	"embedgen/generator/site"
)

// Blocks are the emitted files that a guide shows, as the renderers of those files made them.
type Blocks struct {
	Snippet   Code   // snippets/<tenant>/<channel>.html
	Forms     []Code // the same for tag managers and frameworks: what embedgen snippet --for prints
	Locations Code   // what nginx/<tenant>/locations.conf has for this channel
	Identity  Code   // token mode: how nginx learns who the customer is
	Policy    string // Content-Security-Policy of the integration page
}

// guideDoc is what the templates guide.<lang>.md see.
type guideDoc struct {
	Site    *site.Site
	Tenant  *site.Tenant
	Channel *site.Channel
	Blocks

	Guest, Token     bool // mode
	Direct, Proxied  bool // context
	Prefixed         bool // the context path is longer than /service-cloud
	CobrowseScripts  bool
	CobrowsePlugin   bool
	Cobrowse         string // as channels.yaml says it: false, true or extension
	OnClick          bool   // load: interaction
	NginxHere        bool   // there are location blocks, short enough for this page
	PageURL          string
	EmbedURL         string
	ContextURL       string // absolute, no slash at the end
	ClientURL        string // what the page asks CEC for first
	SignURL          string
	TokenURL         string
	ValidationURL    string
	CECHost          string
	WebRoot          string // directory of the tenant's public files on the server
	TokenLifetime    string
	SecretEnv        string // where the secret is: one of the three
	SecretFile       string
	SecretExec       string // the program alone: its arguments may say more than a page should
	OverviewHref     string // the tenant's page
	ChannelReference string // TENANT/CHANNEL of the commands
}

// nginxLimit is how many bytes of location blocks a guide repeats; longer ones are on the tenant's
// page only.
const nginxLimit = 16 << 10

// Guide renders the guide of a channel.
func (b *Book) Guide(lang string, c *site.Channel, blocks Blocks) ([]byte, error) {
	l, err := b.language(lang)
	if err != nil {
		return nil, err
	}
	p := place{lang: lang, path: func(lang string) string { return ChannelPath(lang, c) }, tenant: c.Tenant, channel: c}
	doc := newGuideDoc(b.site, c, blocks)
	doc.OverviewHref = relative(ChannelPath(lang, c), TenantPath(lang, c.Tenant))
	return execute(l.guide, b.view(p, doc))
}

func (b *Book) language(lang string) (*language, error) {
	if l := b.engine.languages[lang]; l != nil {
		return l, nil
	}
	return nil, fmt.Errorf("the documentation has no templates for language %q", lang)
}

func newGuideDoc(s *site.Site, c *site.Channel, blocks Blocks) *guideDoc {
	t := c.Tenant
	context := c.Context.URL
	if !c.Context.Direct() {
		context = t.Origin + c.Context.Path
	}
	client := "newThirdPartyClient.js"
	if c.Mode == site.TokenMode {
		client = "thirdPartyClient.js"
	}
	base := t.Origin + t.PublicPath + c.ID + "/"
	return &guideDoc{
		Site: s, Tenant: t, Channel: c, Blocks: blocks,
		Guest:            c.Mode == site.Authorization,
		Token:            c.Mode == site.TokenMode,
		Direct:           c.Context.Direct(),
		Proxied:          !c.Context.Direct(),
		Prefixed:         !c.Context.Direct() && c.Context.Path != "/service-cloud",
		CobrowseScripts:  c.Cobrowse == site.CobrowseScripts,
		CobrowsePlugin:   c.Cobrowse == site.CobrowseExtension,
		Cobrowse:         cobrowseSetting[c.Cobrowse],
		OnClick:          c.Load == site.Interaction,
		NginxHere:        blocks.Locations.Size > 0 && blocks.Locations.Size <= nginxLimit,
		PageURL:          base,
		EmbedURL:         base + "embed.js",
		ContextURL:       context,
		ClientURL:        context + "/webclient/chat_client/js/" + client,
		SignURL:          t.Origin + t.Endpoints.Authorization,
		TokenURL:         t.Origin + t.Endpoints.Token,
		ValidationURL:    t.Origin + t.Endpoints.Validation,
		CECHost:          strings.TrimPrefix(c.Context.CEC, "https://"),
		WebRoot:          s.Nginx.Root + "/" + t.ID,
		TokenLifetime:    shortDuration(t.Token.Lifetime),
		SecretEnv:        c.SecretKey.Env,
		SecretFile:       c.SecretKey.File,
		SecretExec:       program(c),
		ChannelReference: t.ID + "/" + c.ID,
	}
}

// cobrowseSetting is what channels.yaml calls each way of co-browsing.
var cobrowseSetting = map[site.Cobrowse]string{
	site.CobrowseOff: "false", site.CobrowseScripts: "true", site.CobrowseExtension: "extension",
}

// shortDuration writes 5m0s as 5m and 1h0m0s as 1h.
func shortDuration(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// program names what prints the channel's secret, or "".
func program(c *site.Channel) string {
	if args := c.SecretKey.Exec.Args(); len(args) > 0 {
		return args[0]
	}
	return ""
}

// TenantBlocks are the emitted files that a tenant's overview shows.
type TenantBlocks struct {
	Locations Code // nginx/<tenant>/locations.conf
	HTTP      Code // nginx/<tenant>/http.conf
	Identity  Code // how nginx learns who the customer is; zero without token mode
	Caddy     Code // caddy/<tenant>/Caddyfile
}

// tenantDoc is what the templates tenant.<lang>.md see.
type tenantDoc struct {
	Site     *site.Site
	Tenant   *site.Tenant
	Channels []channelRow
	TenantBlocks
	Guest, Token    bool // there is a channel of that mode
	Proxied, Direct bool // there is a channel with that context
	SignURL         string
	TokenURL        string
	ValidationURL   string
	WebRoot         string
	TokenLifetime   string
	OperatorHref    string // the page for operators
}

type channelRow struct {
	*site.Channel
	Href    string
	PageURL string
}

// Tenant renders the overview of a tenant: its channels, its nginx files, the operator's notes.
func (b *Book) Tenant(lang string, t *site.Tenant, blocks TenantBlocks) ([]byte, error) {
	l, err := b.language(lang)
	if err != nil {
		return nil, err
	}
	doc := b.tenantDoc(lang, TenantPath(lang, t), t, blocks)
	p := place{lang: lang, path: func(lang string) string { return TenantPath(lang, t) }, tenant: t}
	return execute(l.tenant, b.view(p, doc))
}

// tenantDoc gathers what the pages of a tenant say; from is the path of the page.
func (b *Book) tenantDoc(lang, from string, t *site.Tenant, blocks TenantBlocks) *tenantDoc {
	doc := &tenantDoc{
		Site: b.site, Tenant: t, TenantBlocks: blocks,
		SignURL:       t.Origin + t.Endpoints.Authorization,
		TokenURL:      t.Origin + t.Endpoints.Token,
		ValidationURL: t.Origin + t.Endpoints.Validation,
		WebRoot:       b.site.Nginx.Root + "/" + t.ID,
		TokenLifetime: shortDuration(t.Token.Lifetime),
		OperatorHref:  relative(from, OperatorPath(lang, t)),
	}
	for _, c := range t.Channels {
		doc.Guest = doc.Guest || c.Mode == site.Authorization
		doc.Token = doc.Token || c.Mode == site.TokenMode
		doc.Direct = doc.Direct || c.Context.Direct()
		doc.Proxied = doc.Proxied || !c.Context.Direct()
		doc.Channels = append(doc.Channels, channelRow{
			c, relative(from, ChannelPath(lang, c)), t.Origin + t.PublicPath + c.ID + "/",
		})
	}
	return doc
}

// indexDoc is what the templates index.<lang>.md see.
type indexDoc struct {
	Site     *site.Site
	Tenants  []tenantRow
	Pages    []link
	Channels int
	// RulesHref is the page of the rules of channels.yaml.
	RulesHref string
}

type tenantRow struct {
	*site.Tenant
	Href string
}

// Index renders the start page of a language.
func (b *Book) Index(lang string) ([]byte, error) {
	l, err := b.language(lang)
	if err != nil {
		return nil, err
	}
	doc := &indexDoc{Site: b.site, RulesHref: relative(IndexPath(lang), RulesPath(lang))}
	for _, t := range b.site.Tenants {
		doc.Tenants = append(doc.Tenants, tenantRow{t, relative(IndexPath(lang), TenantPath(lang, t))})
		doc.Channels += len(t.Channels)
	}
	doc.Pages = b.pageLinks(lang, IndexPath(lang), b.pages.names)
	return execute(l.index, b.view(place{lang: lang, path: IndexPath}, doc))
}

// Rules renders the rules that channels.yaml is held to; each has its id for an anchor.
func (b *Book) Rules(lang string) ([]byte, error) {
	l, err := b.language(lang)
	if err != nil {
		return nil, err
	}
	return execute(l.rules, b.view(place{lang: lang, path: RulesPath}, nil))
}

// rootDoc is what the template root.html sees.
type rootDoc struct {
	Site      string
	CSS       string
	Lang      string
	Languages []rootLanguage
}

type rootLanguage struct {
	link
	Lang, Choose string
}

// Root renders the page that offers the languages.
func (b *Book) Root() ([]byte, error) {
	doc := rootDoc{Site: b.site.Title, CSS: relative(RootPath, b.engine.css.Path), Lang: b.site.Languages[0]}
	for _, lang := range b.site.Languages {
		l, err := b.language(lang)
		if err != nil {
			return nil, err
		}
		doc.Languages = append(doc.Languages, rootLanguage{
			link{Href: relative(RootPath, IndexPath(lang)), Text: l.ui.Language}, lang, l.ui.Choose,
		})
	}
	var out strings.Builder
	if err := b.engine.root.Execute(&out, doc); err != nil {
		return nil, err
	}
	return []byte(out.String()), nil
}
