package devserver

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

const (
	playPage = "/_embedgen/playground/acme/web_private"
	variant  = playPage + "/load=interaction&consent=true&locale=zh&identity=page&policy=emitted/"
)

// The folder of a variant holds what the renderer makes of a channel with its settings.
func TestPlaygroundRendersTheSettings(t *testing.T) {
	p := startProject(t)
	const shows = "web_private load=interaction consent=true locale=zh"
	page := p.get("acme.localhost", variant, asBrowser)
	if page.status != http.StatusOK || !strings.Contains(page.body, "Page of "+shows) {
		t.Errorf("page: %d %s", page.status, page.body)
	}
	if got := p.get("acme.localhost", variant+"embed.js"); got.body != "// "+shows+"\n// NAME\n" {
		t.Errorf("embed.js: %q", got.body)
	}
	var d description
	if err := json.Unmarshal([]byte(p.get("acme.localhost", variant+"variant.json").body), &d); err != nil {
		t.Fatal(err)
	}
	want := description{
		Forms:  []Snippet{{"html", "<!-- " + shows + " -->"}, {"react", "/* " + shows + " */"}},
		YAML:   "- id: web_private\n  load: interaction\n  consent: true\n  locale: zh\n",
		Calls:  "EmbedChat('identify', () => fetch('/my/chat-token', {method: 'POST'}).then((r) => r.ok ? r.json() : null));\nEmbedChat('consent', true);\n",
		Policy: d.Policy,
	}
	if fmt.Sprint(d) != fmt.Sprint(want) || !strings.Contains(d.Policy, "'strict-dynamic'") {
		t.Errorf("got %+v\nwant %+v", d, want)
	}
	if built := p.get("acme.localhost", "/acme/web_private/", asBrowser).body; !strings.Contains(built, "Page of web_private<") {
		t.Error("the channel itself has changed")
	}
}

// The visitor's page is the rendered one, but for one script element.
func TestPlaygroundPolicies(t *testing.T) {
	p := startProject(t)
	const enforced, reported = "Content-Security-Policy", "Content-Security-Policy-Report-Only"
	for _, row := range []struct{ policy, query, header, want string }{
		{"emitted", "", enforced, "default-src 'none'; script-src 'strict-dynamic' "},
		{"emitted", "?text=" + url.QueryEscape("img-src 'none'"), enforced, "default-src 'none'; script-src 'strict-dynamic' "},
		{"report", "", reported, "default-src 'none'; script-src 'strict-dynamic' "},
		{"report", "?text=" + url.QueryEscape("script-src 'self';\r\n img-src\t'none'"), reported, "script-src 'self' 'nonce-"},
		{"none", "", "", ""},
	} {
		got := p.get("acme.localhost", playPage+"/policy="+row.policy+"/"+row.query)
		for _, name := range []string{enforced, reported} {
			value := got.header.Get(name)
			if (name == row.header) != (value != "") || name == row.header && !strings.HasPrefix(value, row.want) {
				t.Errorf("%s%s: %s is %q", row.policy, row.query, name, value)
			}
		}
		before, rest, found := strings.Cut(got.body, "<script nonce=")
		_, after, closed := strings.Cut(rest, "</script>")
		bare, _ := p.render(testSite().Tenants[1].Channels[1])
		if !found || !closed || before+after != string(bare.Page) {
			t.Errorf("%s: %s", row.policy, got.body)
		}
	}
}

func TestPlaygroundRefusals(t *testing.T) {
	p := startProject(t)
	for target, want := range map[string]int{
		playPage: 200, playPage + "?load=never&locale=%3Cb%3E": 200, // the channel's own settings stay
		"/_embedgen/playground/acme": 404, "/_embedgen/playground/acme/nothing": 404, "/_embedgen/playground/globex/shop_help": 404,
		playPage + "/x": 404, playPage + "/": 404, playPage + "/load=never/": 404, playPage + "/locale=%253Cb%253E/": 404, playPage + "/a=%25zz/": 404,
		playPage + "/load=idle/other.js": 404, playPage + "/locale=xx/": 500, playPage + "?locale=xx": 500,
	} {
		if got := p.get("acme.localhost", target, asBrowser); got.status != want {
			t.Errorf("%s: status %d, want %d", target, got.status, want)
		}
	}
	if got := p.do(http.MethodPost, "acme.localhost", playPage, ""); got.status != http.StatusMethodNotAllowed {
		t.Errorf("POST: status %d", got.status)
	}
	for _, target := range []string{variant, variant + "embed.js"} {
		if got := p.get("acme.localhost", target, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"); got.status != http.StatusForbidden {
			t.Errorf("%s in a stranger's page: status %d", target, got.status)
		}
	}
	direct := p.get("127.0.0.1", "/_embedgen/playground/initech/main_site?load=idle", asBrowser)
	if want := p.url("initech.localhost", "/_embedgen/playground/initech/main_site?load=idle"); direct.header.Get("Location") != want {
		t.Errorf("a direct channel on the plain host: %d %q", direct.status, direct.header.Get("Location"))
	}
}

func TestPlaygroundSettings(t *testing.T) {
	own := settings{"idle", "false", "en", "user", "emitted"}
	for _, row := range []struct {
		query string
		want  settings
		valid bool
	}{
		{"", own, true},
		{"load=eager&consent=true&locale=zh_Hans_CN&identity=none&policy=report", settings{"eager", "true", "zh_Hans_CN", "none", "report"}, true},
		{"locale=other&other=fr", settings{"idle", "false", "fr", "user", "emitted"}, true},
		{"locale=other", own, true},
		{"locale=a", own, false}, {"locale=en%22", own, false}, {"load=late", own, false}, {"consent=1", own, false}, {"policy=x", own, false},
	} {
		q, _ := url.ParseQuery(row.query)
		got, valid := own.with(q)
		if got != row.want || valid != row.valid {
			t.Errorf("%s: %+v %v", row.query, got, valid)
		}
	}
}

func TestNoPlaygroundWithoutARenderer(t *testing.T) {
	p := newProject(t).start(func(o *Options) {
		build := o.Build
		o.Build = func(ctx context.Context, or Origins) Result {
			r := build(ctx, or)
			r.Render = nil
			return r
		}
	})
	if got := p.get("acme.localhost", playPage); got.status != http.StatusNotFound {
		t.Errorf("status %d", got.status)
	}
	if strings.Contains(p.get("127.0.0.1", "/", asBrowser).body, "playground") {
		t.Error("the dashboard links it")
	}
}
