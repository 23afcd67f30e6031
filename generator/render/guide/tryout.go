package guide

import (
	"time"

	"embedgen/generator/diag"
	"embedgen/generator/secret"
	"embedgen/generator/site"
)

// tryOut renders every template with a made-up site, so that a mistake in a template shows when
// the templates are read and not only with the tenant that happens to meet it.
func (e *Engine) tryOut() diag.List {
	var list diag.List
	seen := make(map[string]bool)
	report := func(err error) {
		if err == nil || seen[err.Error()] {
			return
		}
		seen[err.Error()] = true
		list = append(list, e.problem(err))
	}
	s := sampleSite(e.Languages())
	b, err := e.Book(s, nil)
	if err != nil {
		return append(list, e.problem(err))
	}
	_, err = b.Root()
	report(err)
	code := Code{Name: "a", Lang: "b", HTML: "c", Size: 1}
	blocks := Blocks{Snippet: code, Forms: []Code{code}, Locations: code, Policy: "default-src 'none'"}
	for _, lang := range e.Languages() {
		_, err := b.Index(lang)
		report(err)
		_, err = b.Rules(lang)
		report(err)
		for _, t := range s.Tenants {
			_, err := b.Tenant(lang, t, TenantBlocks{code, code, code, code})
			report(err)
			_, err = b.Operator(lang, t, TenantBlocks{code, code, code, code})
			report(err)
			for _, c := range t.Channels {
				blocks.Identity = Code{}
				_, err := b.Guide(lang, c, blocks)
				report(err)
				blocks.Identity = code
				_, err = b.Guide(lang, c, blocks)
				report(err)
			}
		}
	}
	return list
}

// problem turns an error of a template into a diagnostic.
func (e *Engine) problem(err error) diag.Diagnostic {
	name, _, _, message, ok := parseTemplateError(err)
	if explain := e.explain.byFile[name]; ok && explain != nil {
		return explain(err)
	}
	return diag.Diagnostic{Pos: diag.Pos{File: "docs"}, Rule: "template", Message: message}
}

// sampleSite has a channel for each branch of the templates.
func sampleSite(languages []string) *site.Site {
	t := &site.Tenant{
		ID: "t", Name: "T", TenantSpaceID: "1", Origin: "https://t.example", PublicPath: "/t/",
		Endpoints: site.Endpoints{Authorization: "/a", Token: "/t", Validation: "/v"},
		Token:     site.Token{Lifetime: 5 * time.Minute, Keys: []site.TokenKey{{ID: "k"}}},
	}
	proxied := site.Context{Path: "/t/service-cloud", CEC: "https://cec.example"}
	direct := site.Context{URL: "https://cec.example/service-cloud", CEC: "https://cec.example"}
	library := site.Library{Name: "jquery", Src: "assets/jquery.js", Integrity: "sha384-x"}
	t.Channels = []*site.Channel{
		{ID: "a", Name: "A", Mode: site.Authorization, Context: proxied, Cobrowse: site.CobrowseScripts, Load: site.Eager,
			JQuery: library},
		{ID: "b", Name: "B", Mode: site.Authorization, Context: direct, Cobrowse: site.CobrowseOff, Load: site.Idle,
			InlineStyles: true, Fallback: "/contact", FrameAncestors: []string{"https://a.example"}},
		{ID: "c", Name: "C", Mode: site.TokenMode, Context: proxied, Cobrowse: site.CobrowseExtension, Load: site.Interaction,
			Consent: true, Axios: library},
		{ID: "d", Name: "D", Mode: site.TokenMode, Context: direct, Cobrowse: site.CobrowseOff, Load: site.Idle},
	}
	for _, c := range t.Channels {
		c.Tenant = t
	}
	t.Channels[0].SecretKey.Env = "A"
	t.Channels[1].SecretKey.File = "a"
	byProgram := *t.Channels[0]
	byProgram.ID, byProgram.SecretKey = "e", secret.Ref{Exec: secret.NewCommand("a", "b")}
	t.Channels = append(t.Channels, &byProgram)
	return &site.Site{
		Title: "S", Languages: languages, Tenants: []*site.Tenant{t},
		Service: site.Service{Listen: "127.0.0.1:1", Identity: site.HeaderIdentity{ID: "X", Name: "Y", From: []string{"127.0.0.1/32"}}},
		Nginx:   site.Nginx{Version: "1.22", Signer: "127.0.0.1:1", Root: "/srv"},
	}
}
