package guide

import (
	"html/template"
	"io/fs"
	"os"
	"testing"
	"time"

	"embedgen/generator/diag"
	"embedgen/generator/render/nginxconf"
	"embedgen/generator/site"
)

// templatesDir is the folder of the default templates.
const templatesDir = "../../../templates"

// exampleSite is like the repository's example: three tenants, seven channels, every branch.
func exampleSite() *site.Site {
	s := &site.Site{
		Title: "Support chat", Languages: []string{"en", "zh"}, Pages: "templates/pages",
		Service: site.Service{
			Listen: "127.0.0.1:8480", GuestName: map[string]string{"en": "Guest", "zh": "访客"},
			Identity: site.HeaderIdentity{ID: "X-Remote-User", Name: "X-Remote-Name", From: []string{"127.0.0.1/32"}},
		},
		Nginx: site.Nginx{Version: "1.22", TrustedCA: "/etc/ssl/certs/ca-certificates.crt", Signer: "127.0.0.1:8480", Root: "/srv/embedgen/www"},
	}
	acme := addTenant(s, "acme", "Acme Bank", "202007159031", "https://www.acme.example")
	acmeCEC := site.Context{Path: "/service-cloud", CEC: "https://cec-cn.cloud.example"}
	addChannel(acme, "web_support", "Main site", site.Authorization, acmeCEC, func(c *site.Channel) {
		c.Locale, c.Cobrowse, c.Load = "zh", site.CobrowseScripts, site.Eager
		c.Fallback, c.FrameAncestors = "tel:+15550100", []string{"https://portal.acme.example"}
		c.SecretKey.File = ".secrets/acme-web_support"
	})
	addChannel(acme, "web_private", "Private banking", site.TokenMode, acmeCEC, func(c *site.Channel) { c.MapService = "tencent" })
	addChannel(acme, "web_loans", "Loans", site.Authorization, acmeCEC, func(c *site.Channel) { c.SecretKey.Env = "ACME_WEB_LOANS" })

	globex := addTenant(s, "globex", "Globex Retail", "202103184417", "https://shop.globex.example")
	globexCEC := site.Context{Path: "/globex/service-cloud", CEC: "https://cec-eu.cloud.example"}
	addChannel(globex, "shop_help", "Help for shoppers", site.Authorization, globexCEC, func(c *site.Channel) {
		c.Cobrowse, c.Load = site.CobrowseExtension, site.Interaction
		c.SecretKey.File = ".secrets/globex-shop_help"
	})
	addChannel(globex, "shop_account", "我的账户", site.TokenMode, globexCEC, func(c *site.Channel) { c.Locale, c.Consent = "zh", true })

	initech := addTenant(s, "initech", "Initech", "202105260938", "https://www.initech.example")
	initechCEC := site.Context{URL: "https://cec.initech.example/service-cloud", CEC: "https://cec.initech.example"}
	addChannel(initech, "main_site", "Initech", site.Authorization, initechCEC, func(c *site.Channel) {
		c.Load = site.Eager
		c.SecretKey.File = ".secrets/initech-main_site"
	})
	addChannel(initech, "staff_desk", "Staff service desk", site.TokenMode, initechCEC, func(c *site.Channel) { c.InlineStyles = true })
	return s
}

func addTenant(s *site.Site, id, name, space, origin string) *site.Tenant {
	t := &site.Tenant{
		ID: id, Name: name, TenantSpaceID: space, Origin: origin, PublicPath: "/" + id + "/",
		Endpoints: site.Endpoints{
			Authorization: "/webchat/authorizationService", Token: "/webchat/token",
			Validation: "/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate",
		},
		Token: site.Token{Lifetime: 5 * time.Minute, Keys: []site.TokenKey{{ID: "k1"}}},
	}
	s.Tenants = append(s.Tenants, t)
	return t
}

func addChannel(t *site.Tenant, id, name string, mode site.Mode, context site.Context, set func(*site.Channel)) *site.Channel {
	config := "2021021931968697" + string('1'+rune(len(t.Channels))) + "8"
	c := &site.Channel{
		Tenant: t, ID: id, Name: name, ChannelConfigID: config, Mode: mode, Context: context,
		Locale: "en", MapService: "google", Cobrowse: site.CobrowseOff, Load: site.Idle,
		Signature: site.Signature{Order: "doc", Length: "bytes", AccessKey: config},
	}
	set(c)
	t.Channels = append(t.Channels, c)
	return c
}

// exampleBlocks are like the emitted files of a channel.
func exampleBlocks(t testing.TB, c *site.Channel) Blocks {
	t.Helper()
	b := Blocks{
		Snippet: HTML(c.ID+".html", exampleSnippet(c)),
		Policy:  examplePolicy,
		Forms: []Code{
			HTML("Google Tag Manager", exampleSnippet(c)),
			JavaScript("React", "const SOURCE = '"+c.Tenant.Origin+"';\n"),
		},
	}
	conf, err := nginxconf.Channel(c, exampleSite(), examplePolicy)
	if err != nil {
		t.Fatal(err)
	}
	b.Locations = exampleNginx("locations.conf", conf)
	if c.Mode == site.TokenMode {
		b.Identity = exampleIdentity(c.Tenant)
	}
	return b
}

func exampleSnippet(c *site.Channel) string {
	return `<!-- ` + c.Tenant.ID + "/" + c.ID + ` -->
<script>
window.EmbedChat = window.EmbedChat || function () { (EmbedChat.q = EmbedChat.q || []).push(arguments); };
</script>
<script async src="` + c.Tenant.Origin + c.Tenant.PublicPath + c.ID + `/embed.js"></script>
`
}

func exampleIdentity(t *site.Tenant) Code {
	return exampleNginx("", []byte(`auth_request     /session;
auth_request_set $embedgen_`+t.ID+`_user_id   $upstream_http_x_user_id;
auth_request_set $embedgen_`+t.ID+`_user_name $upstream_http_x_user_name;`))
}

func exampleNginx(name string, conf []byte) Code {
	return Code{Name: name, Lang: "nginx", HTML: template.HTML(nginxconf.Highlight(conf)), Size: len(conf)}
}

const examplePolicy = "default-src 'none'; script-src 'strict-dynamic' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='; " +
	"style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; media-src 'self'; frame-ancestors 'self'; base-uri 'none'"

func exampleTenantBlocks(t testing.TB, tenant *site.Tenant) TenantBlocks {
	t.Helper()
	locations, err := nginxconf.Locations(tenant, exampleSite(), func(*site.Channel) string { return examplePolicy })
	if err != nil {
		t.Fatal(err)
	}
	http, err := nginxconf.HTTP(tenant, exampleSite())
	if err != nil {
		t.Fatal(err)
	}
	return TenantBlocks{
		Locations: exampleNginx("locations.conf", locations),
		HTTP:      exampleNginx("http.conf", http),
		Identity:  exampleIdentity(tenant),
	}
}

// defaultEngine compiles the default templates.
func defaultEngine(t testing.TB) *Engine {
	t.Helper()
	e, list := New(os.DirFS(templatesDir))
	failOn(t, list)
	return e
}

func failOn(t testing.TB, list diag.List) {
	t.Helper()
	for _, d := range list {
		t.Errorf("%v (hint: %s) %q", d, d.Hint, d.Source)
	}
	if len(list) > 0 {
		t.FailNow()
	}
}

// allPages renders the whole documentation of a site.
func allPages(t testing.TB, e *Engine, s *site.Site, folder fs.FS) map[string][]byte {
	t.Helper()
	pages, list := e.Pages(folder, s)
	failOn(t, list)
	b, err := e.Book(s, pages)
	if err != nil {
		t.Fatal(err)
	}
	out := make(map[string][]byte)
	put := func(path string, data []byte, err error) {
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		out[path] = data
	}
	for _, f := range append(e.Assets(), pages.Files()...) {
		out[f.Path] = f.Data
	}
	data, err := b.Root()
	put(RootPath, data, err)
	for _, lang := range s.Languages {
		data, err := b.Index(lang)
		put(IndexPath(lang), data, err)
		data, err = b.Rules(lang)
		put(RulesPath(lang), data, err)
		for _, tenant := range s.Tenants {
			data, err := b.Tenant(lang, tenant, exampleTenantBlocks(t, tenant))
			put(TenantPath(lang, tenant), data, err)
			data, err = b.Operator(lang, tenant, exampleTenantBlocks(t, tenant))
			put(OperatorPath(lang, tenant), data, err)
			for _, c := range tenant.Channels {
				data, err := b.Guide(lang, c, exampleBlocks(t, c))
				put(ChannelPath(lang, c), data, err)
			}
		}
	}
	for _, target := range s.Plan(pages.Sources()) {
		if target.Kind == site.UserPage {
			data, err := b.Page(target.Language, target.Page)
			put(target.Path, data, err)
		}
	}
	return out
}
