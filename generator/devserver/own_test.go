package devserver

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"embedgen/templates"
)

var hrefPattern = regexp.MustCompile(`(?:href|src|action)="([^"]*)"`)

// Every link of the dashboard leads somewhere, and what DS-17 names is there.
func TestDS17TheDashboardLinksEverything(t *testing.T) {
	p := startProject(t)
	for _, host := range []string{"127.0.0.1", "acme.localhost"} {
		page := p.get(host, "/", asBrowser)
		if page.status != http.StatusOK {
			t.Fatalf("%s: status %d", host, page.status)
		}
		links := map[string]bool{}
		for _, m := range hrefPattern.FindAllStringSubmatch(page.body, -1) {
			links[m[1]] = true
			p.follow(host, m[1])
		}
		own := fmt.Sprintf("http://acme.localhost:%d", p.port)
		for _, want := range []string{
			own + "/acme/web_support/", own + "/_embedgen/demo/acme/web_support", own + "/_embedgen/playground/acme/web_support", "docs/en/acme/web_support.html", "docs/zh/acme/web_support.html",
			"snippets/acme/web_support.html", "nginx/acme/locations.conf", "_embedgen/agent/", "_embedgen/requests", "docs/en/index.html", "?lang=zh",
		} {
			if !links[want] {
				t.Errorf("%s: no link to %s", host, want)
			}
		}
		for _, want := range []string{"Acme Bank", "https://www.acme.example", "web_private", "customer", "guest", "eager", "tencent", "scripts", "Ada Example", "Up to date"} {
			if !strings.Contains(page.body, want) {
				t.Errorf("%s: no %q", host, want)
			}
		}
		if has, want := strings.Contains(page.body, "Globex"), host == "127.0.0.1"; has != want {
			t.Errorf("%s: shows the other tenants: %v", host, has)
		}
	}
}

// follow asks for what a link of the dashboard means.
func (p *project) follow(host, href string) {
	p.t.Helper()
	target := href
	if rest, ok := strings.CutPrefix(href, "http://"); ok {
		host, target, _ = strings.Cut(rest, ":")
		_, target, _ = strings.Cut(target, "/")
	}
	if strings.HasPrefix(target, "#") {
		return
	}
	method, want := http.MethodGet, http.StatusOK
	if target == "_embedgen/identity" {
		want = http.StatusMethodNotAllowed
	}
	if got := p.do(method, host, "/"+strings.TrimPrefix(target, "./"), ""); got.status != want {
		p.t.Errorf("%s on %s: status %d, want %d", href, host, got.status, want)
	}
}

func TestOwnPagesHaveNoInlineScriptOrStyle(t *testing.T) {
	p := startProject(t)
	inline := regexp.MustCompile(`(?i)<style|\sstyle=|\son[a-z]+=|<script(?:\s[^>]*)?>[^<]|javascript:`)
	for url, want := range map[string]string{
		"/": ownPolicy, "/nothing": ownPolicy, "/_embedgen/requests": ownPolicy, "/_embedgen/playground/acme/web_private": playgroundPolicy,
	} {
		got := p.get("127.0.0.1", url, asBrowser)
		if m := inline.FindString(got.body); m != "" {
			t.Errorf("%s has %q", url, m)
		}
		if policy := noncePattern.ReplaceAllString(got.header.Get("Content-Security-Policy"), ""); policy != want {
			t.Errorf("%s: policy %q", url, policy)
		}
	}
}

// The languages have the same words, the pages use all of them and no others.
func TestWordsInBothLanguages(t *testing.T) {
	pages, err := loadPages(templates.FS)
	if err != nil {
		t.Fatal(err)
	}
	var sources strings.Builder
	files, _ := fs.Glob(templates.FS, "dev/*.html")
	for _, f := range files {
		data, _ := fs.ReadFile(templates.FS, f)
		sources.Write(data)
	}
	own, _ := os.ReadDir(".")
	for _, f := range own {
		if strings.HasSuffix(f.Name(), ".go") && !strings.HasSuffix(f.Name(), "_test.go") {
			data, _ := os.ReadFile(f.Name())
			sources.Write(data)
		}
	}
	for key, words := range pages.text["en"] {
		other := pages.text["zh"][key]
		if other == "" || words == "" || strings.Count(words, "%") != strings.Count(other, "%") {
			t.Errorf("%s: en %q, zh %q", key, words, other)
		}
		composed := slices.ContainsFunc([]string{
			"mode.", "fact.", "guide.", "cobrowse.", "problem.", "form.", "play.load.", "play.consent.", "play.identity.", "play.policy.",
		}, func(prefix string) bool { return strings.HasPrefix(key, prefix) })
		if !composed && !strings.Contains(sources.String(), `"`+key+`"`) {
			t.Errorf("%s is used nowhere", key)
		}
	}
	for _, m := range regexp.MustCompile(`\.T "([a-z0-9.]+)"`).FindAllStringSubmatch(sources.String(), -1) {
		if pages.text["en"][m[1]] == "" {
			t.Errorf("%s has no words", m[1])
		}
	}
	if len(pages.text["zh"]) != len(pages.text["en"]) {
		t.Error("the languages have different numbers of words")
	}
}

func TestLanguages(t *testing.T) {
	p := startProject(t)
	for _, row := range []struct{ query, accept, want string }{
		{"", "", "en"}, {"", "zh-CN,zh;q=0.9,en;q=0.8", "zh"}, {"", "de-DE,de;q=0.9,zh;q=0.5", "zh"}, {"", "en-GB,zh", "en"},
		{"?lang=zh", "en", "zh"}, {"?lang=en", "zh", "en"}, {"?lang=xx", "zh", "zh"}, {"", "fr", "en"}, {"", ";;,,", "en"},
	} {
		got := p.get("127.0.0.1", "/"+row.query, asBrowser, "Accept-Language: "+row.accept).body
		if !strings.Contains(got, `<html lang="`+row.want+`">`) {
			t.Errorf("%+v: %.40q", row, got)
		}
		if kept := row.query == "?lang="+row.want; strings.Contains(got, `_embedgen/requests?lang=`+row.want) != kept {
			t.Errorf("%+v: the choice is kept: %v", row, !kept)
		}
	}
}

func TestNotFoundHelps(t *testing.T) {
	p := startProject(t)
	got := p.get("acme.localhost", "/acme/web_suport/", asBrowser)
	if got.status != http.StatusNotFound || !strings.Contains(got.body, `href="../../acme/web_support/"`) || !strings.Contains(got.body, "Did you mean") {
		t.Errorf("status %d, %s", got.status, got.body)
	}
	if strings.Contains(got.body, "globex") {
		t.Error("names another tenant's pages")
	}
	got = p.get("acme.localhost", "/<script>alert(1)</script>", asBrowser)
	if strings.Contains(got.body, "<script>alert") {
		t.Error("the path is not escaped")
	}
	for _, method := range []string{http.MethodPost, http.MethodPut} {
		if got := p.do(method, "acme.localhost", "/nothing", "", asBrowser); got.status != http.StatusNotFound {
			t.Errorf("%s: status %d", method, got.status)
		}
		if got := p.do(method, "acme.localhost", "/acme/web_support/", ""); got.status != http.StatusMethodNotAllowed || got.header.Get("Allow") == "" {
			t.Errorf("%s: status %d", method, got.status)
		}
	}
}

func TestTheDemonstrationPageHasTheSnippet(t *testing.T) {
	p := startProject(t)
	got := p.get("acme.localhost", "/_embedgen/demo/acme/web_support", asBrowser)
	want := fmt.Sprintf(`<script async src="http://acme.localhost:%d/acme/web_support/embed.js"></script>`, p.port)
	if got.status != http.StatusOK || !strings.Contains(got.body, want) || strings.Contains(got.body, "https://www.acme.example/acme") {
		t.Errorf("status %d, no %s in %s", got.status, want, got.body)
	}
	if !strings.Contains(got.body, `<html lang="zh">`) {
		t.Error("the page does not speak the channel's language")
	}
	for _, url := range []string{"acme/nothing", "nobody/x", "globex/shop_help", "acme", "acme/web_support/x", "acme/../globex/shop_help"} {
		if got := p.get("acme.localhost", "/_embedgen/demo/"+url); got.status != http.StatusNotFound {
			t.Errorf("%s: status %d", url, got.status)
		}
	}
}

func TestTheConsoleGetsItsOwnPaths(t *testing.T) {
	p := startProject(t)
	if got := p.get("127.0.0.1", "/_embedgen/agent/a/b?c"); got.body != "console 0 /a/b" {
		t.Errorf("%q", got.body)
	}
	if got := p.get("127.0.0.1", "/_embedgen/agent?x"); got.header.Get("Location") != "./agent/?x" {
		t.Errorf("%d %q", got.status, got.header.Get("Location"))
	}
}

func TestDS17TheStateOfAChannel(t *testing.T) {
	p := startProject(t)
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	p.records(Entry{Time: at, Tenant: "acme", Channel: "web_support", Status: 200})
	p.records(Entry{Time: at, Tenant: "acme", Channel: "web_private", Status: 200})
	p.records(Entry{Time: at, Tenant: "acme", Channel: "web_private", Status: 401, Code: "no_session"})
	var data struct {
		Status   statusView
		Channels map[string]channelState
	}
	if err := json.Unmarshal([]byte(p.get("127.0.0.1", "/_embedgen/status.json").body), &data); err != nil {
		t.Fatal(err)
	}
	want := map[string]channelState{"acme/web_support": {"good", "answered at 03:04:05"}, "acme/web_private": {"bad", "refused at 03:04:05: see the inspector"}}
	if fmt.Sprint(data.Channels) != fmt.Sprint(want) || !data.Status.OK {
		t.Errorf("got %+v", data)
	}
}
