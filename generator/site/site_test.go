package site_test

import (
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"embedgen/generator/config"
	"embedgen/generator/secret"
	"embedgen/generator/site"
)

// resolve makes a site of a channels.yaml, which must be right.
func resolve(t *testing.T, text string, files map[string]string) *site.Site {
	t.Helper()
	fsys := fstest.MapFS{"channels.yaml": {Data: []byte(text)}}
	for name, data := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(data)}
	}
	f, problems := config.Load(fsys, "channels.yaml")
	s, more := site.Resolve(f, fsys)
	if s == nil {
		t.Fatal(problems, more)
	}
	return s
}

const minimal = `version: 1
tenants:
  - id: acme
    tenantSpaceId: "202007159031"
    origin: https://WWW.acme.example:443
    cec: https://cec.example
    channels:
      - {id: web, channelConfigId: "202102193196869708", mode: authorization, secretKey: {env: ACME}}
`

// TestDefaults holds the built-in defaults of DESIGN section 1.
func TestDefaults(t *testing.T) {
	s := resolve(t, minimal, nil)
	tenant, channel := s.Tenants[0], *s.Tenants[0].Channels[0]
	if channel.Tenant != tenant {
		t.Error("the channel does not know its tenant")
	}
	channel.Tenant = nil
	for _, test := range []struct{ name, got, want any }{
		{"title", s.Title, "Support chat"},
		{"languages", s.Languages, []string{"en", "zh"}},
		{"pages", s.Pages, ""},
		{"service", s.Service, site.Service{Listen: "127.0.0.1:8480", GuestName: map[string]string{"en": "Guest", "zh": "访客"}}},
		{"nginx", s.Nginx, site.Nginx{Version: "1.22", TrustedCA: "/etc/ssl/certs/ca-certificates.crt", Signer: "127.0.0.1:8480", Root: "/srv/embedgen/www"}},
		{"tenant name", tenant.Name, "acme"},
		{"origin", tenant.Origin, "https://www.acme.example"},
		{"public path", tenant.PublicPath, "/acme/"},
		{"endpoints", tenant.Endpoints, site.Endpoints{
			Authorization: "/webchat/authorizationService", Token: "/webchat/token",
			Validation: "/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate"}},
		{"token", tenant.Token, site.Token{Lifetime: 5 * time.Minute}},
		{"channel", channel, site.Channel{
			ID: "web", Name: "web", ChannelConfigID: "202102193196869708", Mode: site.Authorization, SecretKey: secret.Ref{Env: "ACME"},
			Context: site.Context{Path: "/service-cloud", CEC: "https://cec.example"}, Locale: "en", MapService: "tencent",
			Cobrowse: site.CobrowseOff, Load: site.Idle, Signature: site.Signature{Order: "doc", Length: "bytes", AccessKey: "202102193196869708"}}},
	} {
		if !reflect.DeepEqual(test.got, test.want) {
			t.Errorf("%s is %+v, want %+v", test.name, test.got, test.want)
		}
	}
}

const levels = `version: 1
defaults: {mode: token, cec: https://cec.example, locale: zh, load: eager, consent: true, signature: {order: hash}, cobrowse: true}
service: {listen: "127.0.0.1:9000", guestName: {en: Visitor}}
nginx: {root: /srv/www/}
tenants:
  - id: acme
    tenantSpaceId: "202007159031"
    origin: https://www.acme.example
    load: interaction
    signature: {length: chars}
    contextPath: /acme/service-cloud
    channels:
      - {id: one, channelConfigId: "202102193196869708", consent: false, cobrowse: false, signature: {accessKey: k}}
      - {id: two, channelConfigId: "202102193196869709", load: idle, contextPath: "https://CEC.acme.example/service-cloud", cobrowse: extension}
`

// TestInheritance holds that defaults < tenant < channel, field by field, false included.
func TestInheritance(t *testing.T) {
	s := resolve(t, levels, nil)
	one, two := s.Tenants[0].Channels[0], s.Tenants[0].Channels[1]
	type values struct {
		locale    string
		load      site.Load
		consent   bool
		cobrowse  site.Cobrowse
		signature site.Signature
		context   site.Context
	}
	of := func(c *site.Channel) values {
		return values{c.Locale, c.Load, c.Consent, c.Cobrowse, c.Signature, c.Context}
	}
	if got, want := of(one), (values{"zh", site.Interaction, false, site.CobrowseOff, site.Signature{Order: "hash", Length: "chars", AccessKey: "k"},
		site.Context{Path: "/acme/service-cloud", CEC: "https://cec.example"}}); got != want {
		t.Errorf("one is %+v, want %+v", got, want)
	}
	if got, want := of(two), (values{"zh", site.Idle, true, site.CobrowseExtension, site.Signature{Order: "hash", Length: "chars", AccessKey: "202102193196869709"},
		site.Context{URL: "https://cec.acme.example/service-cloud", CEC: "https://cec.acme.example"}}); got != want {
		t.Errorf("two is %+v, want %+v", got, want)
	}
	if s.Nginx.Signer != "127.0.0.1:9000" || s.Nginx.Root != "/srv/www" {
		t.Errorf("nginx is %+v", s.Nginx)
	}
	if want := map[string]string{"en": "Visitor", "zh": "访客"}; !reflect.DeepEqual(s.Service.GuestName, want) {
		t.Errorf("guest names are %v, want %v", s.Service.GuestName, want)
	}
}

// TestExplain holds that every value says who set it.
func TestExplain(t *testing.T) {
	s := resolve(t, levels, nil)
	got := map[string]string{}
	for _, x := range s.Explain("acme", "two") {
		got[x.Key] = x.Value + " from " + x.Level + " " + x.Pos.String()
	}
	for key, want := range map[string]string{
		"contextPath":     "https://cec.acme.example/service-cloud from channel " + place(levels, `"https://CEC`),
		"load":            "idle from channel " + place(levels, "idle"),
		"locale":          "zh from defaults " + place(levels, "zh"),
		"signature.order": "hash from defaults " + place(levels, "hash"),
		"consent":         "true from defaults " + place(levels, "true"),
		"mapService":      "tencent from built-in ",
		"cobrowse":        "extension from channel " + place(levels, "extension"),
		"secretKey":       "nothing from built-in ",
	} {
		if got[key] != want {
			t.Errorf("%s is %q, want %q", key, got[key], want)
		}
	}
	if s.Explain("acme", "three") != nil || s.Explain("globex", "two") != nil {
		t.Error("what does not exist is explained")
	}
}

// place returns where a text first stands in channels.yaml.
func place(text, part string) string {
	before, _, _ := strings.Cut(text, part)
	return fmt.Sprintf("channels.yaml:%d:%d", strings.Count(before, "\n")+1, len(before)-strings.LastIndexByte(before, '\n'))
}

const libraries = `version: 1
defaults:
  cec: https://cec.example
  libraries:
    jquery: {file: vendor/jq.js}
    axios: {file: vendor/ax.js}
tenants:
  - id: acme
    tenantSpaceId: "202007159031"
    origin: https://www.acme.example
    channels:
      - {id: one, channelConfigId: "202102193196869708", mode: token}
      - {id: two, channelConfigId: "202102193196869709", mode: authorization, secretKey: {env: A}}
      - {id: three, channelConfigId: "202102193196869710", mode: token, libraries: {jquery: false, axios: {src: "https://cdn.example/axios@1.7.9/axios.min.js", integrity: "sha384-INTEGRITY"}}}
`

// TestLibraries holds where copies go, what their integrity is, and that authorization mode has no
// axios.
func TestLibraries(t *testing.T) {
	jquery := "/*! jQuery v3.7.1 */ window.$ = 1"
	digest := sha512.Sum384([]byte(jquery))
	text := strings.Replace(libraries, "INTEGRITY", base64.StdEncoding.EncodeToString(digest[:]), 1)
	s := resolve(t, text, map[string]string{"vendor/jq.js": jquery, "vendor/ax.js": "window.axios = 1"})
	one, two, three := s.Tenants[0].Channels[0], s.Tenants[0].Channels[1], s.Tenants[0].Channels[2]
	if want := "sha384-" + base64.StdEncoding.EncodeToString(digest[:]); one.JQuery.Integrity != want {
		t.Errorf("integrity is %q, want %q", one.JQuery.Integrity, want)
	}
	if !strings.HasPrefix(one.JQuery.Src, "assets/jquery.") || !strings.HasSuffix(one.JQuery.Src, ".js") || len(one.JQuery.Src) != len("assets/jquery..js")+16 {
		t.Errorf("src is %q", one.JQuery.Src)
	}
	if string(one.JQuery.Data) != jquery || one.Axios.IsZero() || !two.Axios.IsZero() || two.JQuery.Src != one.JQuery.Src {
		t.Errorf("libraries are %+v, %+v", one.Axios, two.Axios)
	}
	if !three.JQuery.IsZero() || three.Axios.Src != "https://cdn.example/axios@1.7.9/axios.min.js" || three.Axios.File != "" {
		t.Errorf("libraries of three are %+v, %+v", three.JQuery, three.Axios)
	}
	assets := 0
	for _, target := range s.Plan(nil) {
		if target.Kind == site.LibraryAsset {
			assets++
			if target.Path != "www/acme/"+target.Library.Src {
				t.Errorf("asset is at %s", target.Path)
			}
		}
	}
	if assets != 2 {
		t.Errorf("%d assets are planned, want each of 2 once", assets)
	}
}

func TestPlan(t *testing.T) {
	s := resolve(t, minimal, nil)
	var got []string
	for _, target := range s.Plan([]string{"about.en.md", "about.zh.md", "faq.md", "sub/only.zh.md", "sub/ONLY.md"}) {
		got = append(got, strings.TrimRight(target.Path+" "+string(target.Kind)+" "+target.Language+" "+target.Page, " "))
	}
	want := []string{
		"caddy/acme/Caddyfile caddyfile",
		"docs/en/acme/for-operators.html docs-operator en",
		"docs/en/acme/index.html docs-tenant en",
		"docs/en/acme/web.html guide en",
		"docs/en/index.html docs-index en",
		"docs/en/pages/about.html user-page en about.en.md",
		"docs/en/pages/faq.html user-page en faq.md",
		"docs/en/pages/sub/only.html user-page en sub/only.zh.md",
		"docs/en/rules.html docs-rules en",
		"docs/index.html docs-root",
		"docs/zh/acme/for-operators.html docs-operator zh",
		"docs/zh/acme/index.html docs-tenant zh",
		"docs/zh/acme/web.html guide zh",
		"docs/zh/index.html docs-index zh",
		"docs/zh/pages/about.html user-page zh about.zh.md",
		"docs/zh/pages/faq.html user-page zh faq.md",
		"docs/zh/pages/sub/only.html user-page zh sub/only.zh.md",
		"docs/zh/rules.html docs-rules zh",
		"nginx/acme/http.conf nginx-http",
		"nginx/acme/locations.conf nginx-locations",
		"snippets/acme/web.html snippet",
		"www/acme/web/embed.js embed-script",
		"www/acme/web/index.html integration-page",
	}
	if !slices.Equal(got, want) {
		t.Errorf("plan is\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestExample holds the repository's own channels.yaml to what the first issue asks of it.
func TestExample(t *testing.T) {
	root := os.DirFS("../..")
	f, problems := config.Load(root, "channels.yaml")
	s, more := site.Resolve(f, root)
	if s == nil || len(problems)+len(more) > 0 {
		t.Fatal(problems, more)
	}
	seen := map[string]bool{}
	origins, channels := map[string]bool{}, 0
	for _, tenant := range s.Tenants {
		origins[tenant.Origin] = true
		channels += len(tenant.Channels)
		for _, c := range tenant.Channels {
			for _, feature := range []string{string(c.Mode), c.Locale, c.MapService, string(c.Cobrowse), string(c.Load)} {
				seen[feature] = true
			}
			seen["direct"] = seen["direct"] || c.Context.Direct()
			seen["prefixed"] = seen["prefixed"] || c.Context.Path == "/globex/service-cloud"
			seen["consent"] = seen["consent"] || c.Consent
		}
	}
	if len(origins) < 3 || channels < 7 {
		t.Errorf("the example has %d origins and %d channels", len(origins), channels)
	}
	for _, feature := range []string{"authorization", "token", "en", "zh", "tencent", "google", "off", "scripts", "extension", "eager", "idle", "interaction", "direct", "prefixed", "consent"} {
		if !seen[feature] {
			t.Errorf("the example does not show %s", feature)
		}
	}
}

// TestNG16SameContextPathOnDifferentOrigins holds that only one origin's paths can collide, in
// whatever case and with whatever port the origin is written; the fixture path-collision has the
// refusals.
func TestNG16SameContextPathOnDifferentOrigins(t *testing.T) {
	other := strings.NewReplacer("id: acme", "id: globex", "WWW.acme", "shop.globex", "202102193196869708", "202102193196869709")
	_, tenant, _ := strings.Cut(other.Replace(minimal), "tenants:\n")
	if s := resolve(t, minimal+tenant, nil); len(s.Tenants) != 2 {
		t.Errorf("%d tenants", len(s.Tenants))
	}
}

const environments = `version: 1
defaults: {cec: https://cec.example, contextPath: /chat/service-cloud, mode: authorization}
tenants:
  - id: acme
    tenantSpaceId: "202007159031"
    origin: https://www.acme.example
    token: {keys: [{id: k1, secret: {env: K1}}]}
    channels:
      - {id: own, channelConfigId: "202102193196869708", secretKey: {env: A}, cec: https://own.cec.example, contextPath: /own/service-cloud}
      - {id: named, channelConfigId: "202102193196869709", secretKey: {env: B}}
      - {id: direct, channelConfigId: "202102193196869710", secretKey: {env: C}, contextPath: https://chat.acme.example/service-cloud}
  - id: globex
    tenantSpaceId: "202007159032"
    origin: https://www.globex.example
    cec: https://globex.cec.example
    channels:
      - {id: shop, channelConfigId: "202102193196869711", secretKey: {env: D}}
environments:
  staging:
    defaults: {cec: https://staging.cec.example}
    tenants:
      acme:
        origin: https://staging.acme.example
        token: {keys: [{id: k2, secret: {exec: [pass, k2]}}]}
        channels:
          named: {cec: https://named.cec.example, secretKey: {exec: [pass, b]}}
          direct: {contextPath: https://chat.staging.acme.example/service-cloud}
  empty: {}
`

// TestEnvironment holds that what an environment says anywhere wins over what is said outside of
// it, and that it leaves the rest alone.
func TestEnvironment(t *testing.T) {
	fsys := fstest.MapFS{"channels.yaml": {Data: []byte(environments)}}
	f, problems := config.Load(fsys, "channels.yaml")
	for environment, want := range map[string]string{
		"": "acme https://www.acme.example K1; own https://own.cec.example /own/service-cloud A; named https://cec.example /chat/service-cloud B; " +
			"direct https://chat.acme.example https://chat.acme.example/service-cloud C; globex https://www.globex.example; shop https://globex.cec.example /chat/service-cloud D; ",
		"staging": "acme https://staging.acme.example pass k2; own https://staging.cec.example /own/service-cloud A; named https://named.cec.example /chat/service-cloud pass b; " +
			"direct https://chat.staging.acme.example https://chat.staging.acme.example/service-cloud C; globex https://www.globex.example; shop https://staging.cec.example /chat/service-cloud D; ",
	} {
		s, more := site.ResolveEnv(f, fsys, environment)
		if s == nil || len(problems)+len(more) > 0 || s.Environment != environment {
			t.Fatal(problems, more)
		}
		if got := addresses(s); got != want {
			t.Errorf("environment %q is\n%s\nwant\n%s", environment, got, want)
		}
	}
	base, _ := site.ResolveEnv(f, fsys, "")
	empty, _ := site.ResolveEnv(f, fsys, "empty")
	if addresses(base) != addresses(empty) {
		t.Error("an empty environment changes something")
	}
	if s, more := site.ResolveEnv(f, fsys, "stagign"); s != nil || len(more) != 1 || more[0].Hint != "did you mean staging?" {
		t.Errorf("an unknown environment gives %v", more)
	}
}

func addresses(s *site.Site) string {
	var b strings.Builder
	for _, t := range s.Tenants {
		fmt.Fprint(&b, t.ID, " ", t.Origin)
		for _, k := range t.Token.Keys {
			fmt.Fprint(&b, " ", k.Secret.Env, strings.Join(k.Secret.Exec.Args(), " "))
		}
		b.WriteString("; ")
		for _, c := range t.Channels {
			fmt.Fprintf(&b, "%s %s %s %s%s; ", c.ID, c.Context.CEC, c.Context.Path+c.Context.URL, c.SecretKey.Env, strings.Join(c.SecretKey.Exec.Args(), " "))
		}
	}
	return b.String()
}

// TestExplainEnvironment holds that a value that an environment sets says so, with its line.
func TestExplainEnvironment(t *testing.T) {
	fsys := fstest.MapFS{"channels.yaml": {Data: []byte(environments)}}
	f, _ := config.Load(fsys, "channels.yaml")
	s, _ := site.ResolveEnv(f, fsys, "staging")
	got := map[string]string{}
	for _, x := range s.Explain("acme", "named") {
		got[x.Key] = x.Value + " from " + x.Level + " " + x.Pos.String()
	}
	for key, want := range map[string]string{
		"origin":         "https://staging.acme.example from environment staging " + place(environments, "https://staging.acme"),
		"cec":            "https://named.cec.example from environment staging " + place(environments, "https://named"),
		"secretKey":      "exec pass … from environment staging " + place(environments, "{exec: [pass, b]}"),
		"token.keys.k2":  "exec pass … from environment staging " + place(environments, "{exec: [pass, k2]}"),
		"contextPath":    "/chat/service-cloud from defaults " + place(environments, "/chat"),
		"tenantSpaceId":  "202007159031 from tenant " + place(environments, `"202007159031"`),
		"token.lifetime": "5m0s from built-in ",
	} {
		if got[key] != want {
			t.Errorf("%s is %q, want %q", key, got[key], want)
		}
	}
	for _, x := range s.Explain("globex", "shop") {
		if x.Key == "cec" && (x.Level != "environment staging" || x.Pos.String() != place(environments, "https://staging.cec")) {
			t.Errorf("cec of globex/shop is %+v", x)
		}
	}
}
