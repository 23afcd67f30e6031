package schema_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"embedgen/generator/config"
	"embedgen/generator/config/rule"
	"embedgen/generator/config/schema"
	"embedgen/generator/diag"
)

// everywhere has every key; each @ stands for a value.
const everywhere = `version: @
site: {title: @, languages: [@], pages: @}
defaults: {mode: @, cec: @, contextPath: @, locale: @, mapService: @, region: @, cobrowse: @, load: @, consent: @, fallback: @, csp: {inlineStyles: @, frameAncestors: [@]}}
environments:
  test:
    defaults: {cec: @, contextPath: @}
    tenants:
      acme:
        origin: @
        cec: @
        contextPath: @
        token: {keys: [{id: @, secret: {env: @}}]}
        channels:
          web: {secretKey: {file: @}, cec: @, contextPath: @}
include: [@]
tenants:
  - id: @
    name: @
    tenantSpaceId: @
    origin: @
    publicPath: @
    endpoints: {authorization: @, token: @, validation: @}
    token:
      lifetime: @
      keys: [{id: @, secret: {env: @}, until: @}, {id: @, secret: {file: @}}, {id: @, secret: {exec: ["cat", @]}}]
    channels:
      - id: @
        name: @
        channelConfigId: @
        secretKey: {env: @}
        signature: {order: @, length: @, accessKey: @}
        libraries: {jquery: {src: @, integrity: @}, axios: {file: @}}
service: {listen: @, guestName: {en: @}, identity: {header: {id: @, name: @, from: [@]}}}
nginx: {version: @, resolver: @, trustedCA: @, signer: @, root: @}
`

// inexact are the rules that look closer at a value than the schema: into addresses, ranges of
// time, calendars.
var inexact = []rule.ID{rule.BadCIDR, rule.BadHostPort, rule.BadDuration, rule.BadTime}

// TestSameValues puts each of many texts into every value at once: the schema refuses what the rules
// refuse, and no more.
func TestSameValues(t *testing.T) {
	validator := compile(t, schema.JSON())
	if seeds := seeds(); len(seeds) < 100 {
		t.Fatalf("only %d texts", len(seeds))
	}
	done := map[string]bool{}
	for _, seed := range seeds() {
		for _, probe := range variations(seed) {
			if !done[probe] {
				done[probe] = true
				sameValues(t, validator, probe)
			}
		}
	}
}

func FuzzSameValues(f *testing.F) {
	validator := compile(f, schema.JSON())
	for _, seed := range seeds() {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, probe string) {
		if utf8.ValidString(probe) {
			sameValues(t, validator, probe)
		}
	})
}

func sameValues(t *testing.T, validator *jsonschema.Schema, probe string) {
	t.Helper()
	text := strings.ReplaceAll(everywhere, "@", strconv.QuoteToASCII(probe))
	fsys := fstest.MapFS{"channels.yaml": {Data: []byte(text)}}
	_, list := config.Load(fsys, "channels.yaml")
	j := judge(fsys, "channels.yaml", validator, list)
	for _, d := range j.missed {
		if !slices.Contains(inexact, rule.ID(d.Rule)) && !longAddress(d, probe) {
			t.Errorf("the schema misses %v", d)
		}
	}
	for _, e := range j.extra {
		t.Errorf("%q: only the schema says %s", probe, e)
	}
}

// longAddress reports whether the limits of a host's and a path's length are beside the point.
func longAddress(d diag.Diagnostic, probe string) bool {
	return len(probe) > 200 && strings.Contains(probe, "://")
}

// seeds are texts that are right somewhere, or wrong in an instructive way.
func seeds() []string {
	list := []string{
		"", " ", "-", "~", "null", "true", "yes", "1", "0", "1.22", "1.18", "1.17", "1.018", "2.0", "0.9", "1.22.1.1", "1e5", "0x1f", "2026-12-31",
		"https://a.example", "https://a.example:443", "https://a.example:0", "https://a.example:65536", "https://a.example/", "https://u@a.example",
		"https://192.0.2.1", "https://127.0.0.1:8443", "https://128.0.0.1", "http://localhost:1", "http://a.localhost", "http://localhost.example",
		"https://999.0.2.1", "https://[::1]", "HTTPS://a.example", "https://a..example", "https://-a.example", "https://银行.example", "ftp://a.example",
		"/service-cloud", "/a/b/service-cloud", "/a//service-cloud", "/../service-cloud", "/.../service-cloud", "/.a/..b/service-cloud", "/service-cloud/",
		"https://a.example/service-cloud", "http://a.example/service-cloud", "http://127.0.0.2/x/service-cloud", "https://192.0.2.1/service-cloud", "/a b/service-cloud",
		"/", "//", "/a", "/a/", "/a/b/", "/.", "/./", "a", "a/b", "../a", "a/..", ".", "..", "a/./b", "tenants/*.yaml", "/tenants", `a\b`, "c:a", "a/..b", "a//b", "..a",
		"127.0.0.1:8480", "a:1", "[::1]:80", "[fd00::2]", "10.0.0.2", "10.0.0.0/8", "fd00::/8", "10.0.0.0/33", "256.0.0.0/8",
		"con", "COM1", "assets", "Index", "pages", "X-Remote-User", "X_Remote", "zh_CN", "zh-", "e", "cn", "CN", "k1", "_a", "9a", "a-b", "a.b",
		"202007159031", "0123", "-5", "extension", "idle", "bytes", "doc", "google", "authorization", "token",
		"5m", "1h30m", "+.5s", "5", "m", "2026-12-31T00:00:00Z", "2026-12-31T00:00:00.5+08:00", "2026-12-31t00:00:00z",
		"https://a.example/x.js", "https://a.example/npm/axios@1/x.js", "https://a.example/@/..", "https://a.example/x.js?y", "https://a.example:8/a/.b",
		"sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "sha384-1H217gwSVyLSIfaLxHbE7dRb3v4mYCKbpQvzx0cegeju1MVsGrX5xXxAvs/HgeFs", "sha384-", "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=",
		"/contact", "/a/b/?q=1&r='#top", "/a?b#c#d", "/%2e%2E/a", "/a/%2", "/a/.%2e?x", "/%2e.a", "/?/../x", "//a.example/x", `/\a.example`, "/a,b;c=d(e)!$*+:@", "/访",
		"https://a.example?x", "https://a.example/a//../b?c=/&d#e", "https://192.0.2.1?x", "https://a.example/a[1]", "https:a.example", "http://a.example/x#y",
		"mailto:a@b.example", "mailto:a.b+c%20@b.example,d@e?subject=x%20y&cc=f@g", "mailto:a", "mailto:a@b.example#c", "mailto:?to=a@b", "MAILTO:a@b", "mailto:a@b,",
		"tel:+1-201-555-0123", "tel:95588;ext=12", "tel:(201).555", "tel:()", "tel:+1 201", "tel:+1;a=", "javascript:alert(1)", "data:text/html,a", "sms:1", "false", "off",
		"{{.}}", "</script>", "a\nb", "a\u200eb", "\u2028", "\u3000", "访客", "😀", "\ufeffa", "a\u00a0", "\u00a0", "\x7f", "\u0085", "$host;}", "hunter2 hunter2",
		strings.Repeat("a", 40), strings.Repeat("a", 41), strings.Repeat("a", 64), strings.Repeat("a", 65), strings.Repeat("访", 200), strings.Repeat("访", 201),
		"/" + strings.Repeat("a", 199), "/" + strings.Repeat("a", 200), strings.Repeat("9", 32), strings.Repeat("9", 33),
	}
	for n := 1; n < 40; n += 3 {
		list = append(list, fmt.Sprintf("a%d-_./", n))
	}
	return list
}

// variations are a text and what a slip makes of it.
func variations(s string) []string {
	list := []string{s, "/" + s, " " + s, s + "/", s + ".", s + ":1", s + "\n"}
	if len(s) > 1 {
		list = append(list, s[1:], s[:len(s)-1], strings.ToUpper(s))
	}
	return slices.DeleteFunc(list, func(s string) bool { return !utf8.ValidString(s) })
}

// TestAccepts holds the check of one text against a validator of the same key's schema.
func TestAccepts(t *testing.T) {
	for name, key := range map[string]*schema.Key{
		"tenant id": tenantKey("id"), "name": tenantKey("name"), "tenantSpaceId": tenantKey("tenantSpaceId"),
		"origin": tenantKey("origin"), "fallback": tenantKey("fallback"), "cec": tenantKey("cec"), "mode": tenantKey("mode"), "contextPath": tenantKey("contextPath"),
	} {
		var doc struct{ Properties, Definitions map[string]json.RawMessage }
		json.Unmarshal(schema.JSON(), &doc)
		text := doc.Definitions[key.Name]
		if text == nil {
			var tenants struct {
				Items struct{ Properties map[string]json.RawMessage }
			}
			json.Unmarshal(doc.Properties["tenants"], &tenants)
			text = tenants.Items.Properties[key.Name]
		}
		validator := compile(t, text)
		for _, seed := range seeds() {
			if len(seed) > 200 {
				continue
			}
			if got, want := key.Value.Accepts(seed), validator.Validate(seed) == nil; got != want {
				t.Errorf("%s: Accepts(%q) is %v", name, seed, got)
			}
		}
	}
}

func tenantKey(name string) *schema.Key {
	return schema.File.Key("tenants").Value.Items.Mapping.Key(name)
}
