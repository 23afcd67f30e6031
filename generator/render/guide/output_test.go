package guide

import (
	"bytes"
	"compress/gzip"
	"net/url"
	"os"
	"path"
	"regexp"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/html"

	"embedgen/generator/site"
)

// examplePages is the example's whole documentation.
func examplePages(t testing.TB) map[string][]byte {
	return allPages(t, defaultEngine(t), exampleSite(), os.DirFS(templatesDir+"/pages"))
}

// elements parses a page and returns its elements in order.
func elements(t testing.TB, page []byte) []*html.Node {
	t.Helper()
	doc, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var list []*html.Node
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode {
			list = append(list, n)
		}
	}
	return list
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func isPage(name string) bool { return path.Ext(name) == ".html" }

// TestPaths: the pages are where the plan says.
func TestPaths(t *testing.T) {
	pages := examplePages(t)
	planned := 0
	for _, target := range exampleSite().Plan([]string{"about.en.md", "about.zh.md", "security.en.md", "security.zh.md"}) {
		switch target.Kind {
		case site.Guide, site.DocsTenant, site.DocsOperator, site.DocsIndex, site.DocsRules, site.DocsRoot, site.UserPage:
			planned++
			if pages[target.Path] == nil {
				t.Errorf("%s is planned, not made", target.Path)
			}
		}
	}
	made := 0
	for name := range pages {
		if isPage(name) {
			made++
		}
	}
	if made != planned {
		t.Errorf("%d pages made, %d planned", made, planned)
	}
}

// TestDOC10LinksLeadSomewhere: every address resolves inside the tree, to a heading that exists;
// every id is unique; nothing is absolute, so any prefix and file: will do (DOC-6).
func TestDOC10LinksLeadSomewhere(t *testing.T) {
	pages := examplePages(t)
	ids := make(map[string]map[string]bool)
	for name, page := range pages {
		if !isPage(name) {
			continue
		}
		ids[name] = make(map[string]bool)
		for _, n := range elements(t, page) {
			if id := attribute(n, "id"); id != "" {
				if ids[name][id] {
					t.Errorf("%s: id %q twice", name, id)
				}
				ids[name][id] = true
			}
		}
	}
	checked := 0
	for name, page := range pages {
		if !isPage(name) {
			continue
		}
		for _, n := range elements(t, page) {
			for _, a := range []string{"href", "src", "popovertarget", "aria-labelledby"} {
				value := attribute(n, a)
				if a == "popovertarget" || a == "aria-labelledby" {
					if value != "" && !ids[name][value] {
						t.Errorf("%s: %s=%q", name, a, value)
					}
					continue
				}
				if value == "" || strings.HasPrefix(value, "data:") {
					continue
				}
				checked++
				checkAddress(t, name, value, pages, ids)
			}
		}
	}
	if checked < 1000 {
		t.Errorf("only %d addresses", checked)
	}
}

func checkAddress(t *testing.T, from, address string, pages map[string][]byte, ids map[string]map[string]bool) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Errorf("%s: %v", from, err)
		return
	}
	if u.IsAbs() {
		if u.Scheme != "https" || !strings.HasSuffix(u.Host, ".example") {
			t.Errorf("%s leads out to %s", from, address)
		}
		return
	}
	if strings.HasPrefix(u.Path, "/") {
		t.Errorf("%s: %q is not relative", from, address)
		return
	}
	target := from
	if u.Path != "" {
		target = path.Join(path.Dir(from), u.Path)
	}
	if pages[target] == nil {
		t.Errorf("%s: %q leads to %s, which is not there", from, address, target)
	} else if u.Fragment != "" && !ids[target][u.Fragment] {
		t.Errorf("%s: %q: no such heading", from, address)
	}
}

// TestDOC3NoInlineCode: no script, style or handler inside a page.
func TestDOC3NoInlineCode(t *testing.T) {
	for name, page := range examplePages(t) {
		if !isPage(name) {
			continue
		}
		for _, n := range elements(t, page) {
			switch {
			case n.Data == "style", n.Data == "script" && (attribute(n, "src") == "" || n.FirstChild != nil),
				n.Data == "iframe", n.Data == "object", n.Data == "base", n.Data == "form":
				t.Errorf("%s has <%s>", name, n.Data)
			}
			for _, a := range n.Attr {
				if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
					t.Errorf("%s has <%s %s>", name, n.Data, a.Key)
				}
			}
		}
	}
}

// TestDOC7Alternates: language pairs point at each other, and the page's language is right.
func TestDOC7Alternates(t *testing.T) {
	pages := examplePages(t)
	alternates := func(name string) map[string]string {
		list := make(map[string]string)
		for _, n := range elements(t, pages[name]) {
			if n.Data == "link" && attribute(n, "rel") == "alternate" {
				list[attribute(n, "hreflang")] = path.Join(path.Dir(name), attribute(n, "href"))
			}
		}
		return list
	}
	for name, page := range pages {
		if !isPage(name) || name == RootPath {
			continue
		}
		lang := strings.Split(name, "/")[1]
		if got := attribute(elements(t, page)[0], "lang"); got != lang {
			t.Errorf("%s has lang %q", name, got)
		}
		own := alternates(name)
		if own[lang] != name || len(own) != 2 {
			t.Errorf("%s: alternates %v", name, own)
		}
		for other, twin := range own {
			if back := alternates(twin); back[lang] != name {
				t.Errorf("%s names %s in %s, which names %v", name, twin, other, back)
			}
		}
	}
}

// TestDOC11NothingUnfilled: no action, token or empty value is left, and no page may be indexed.
func TestDOC11NothingUnfilled(t *testing.T) {
	unfilled := regexp.MustCompile(`\{\{|<no value>|zqx|%!|ZgotmplZ|<nil>|\bundefined\b|XXXX|TODO|href=""|<code class="value"></code>|<code></code>`)
	for name, page := range examplePages(t) {
		if !isPage(name) {
			continue
		}
		if m := unfilled.FindIndex(page); m != nil {
			t.Errorf("%s: %q", name, page[max(m[0]-60, 0):min(m[1]+40, len(page))])
		}
		if !bytes.Contains(page, []byte(`<meta name="robots" content="noindex">`)) {
			t.Errorf("%s may be indexed", name)
		}
	}
}

// TestGuideHasItsValues: a guide shows what its reader must copy.
func TestGuideHasItsValues(t *testing.T) {
	s := exampleSite()
	pages := examplePages(t)
	for _, lang := range s.Languages {
		for _, tenant := range s.Tenants {
			for _, c := range tenant.Channels {
				page := html.UnescapeString(string(pages[ChannelPath(lang, c)]))
				want := []string{
					c.Name, c.ID, c.ChannelConfigID, tenant.TenantSpaceID, tenant.Origin, tenant.Name,
					tenant.Origin + tenant.PublicPath + c.ID + "/embed.js", string(c.Mode), string(c.Load),
					examplePolicy, "strict-dynamic", s.Nginx.Root + "/" + tenant.ID,
				}
				if c.Context.Direct() {
					want = append(want, c.Context.URL, `id="direct"`)
				} else {
					want = append(want, tenant.Origin+c.Context.Path)
				}
				if c.Mode == site.TokenMode {
					want = append(want, tenant.Endpoints.Token, tenant.Origin+tenant.Endpoints.Validation, `id="identity"`, "5m", "_user_id")
				} else {
					want = append(want, tenant.Origin+tenant.Endpoints.Authorization, c.SecretKey.Env+c.SecretKey.File, `id="signing"`, c.Signature.AccessKey)
				}
				for _, text := range want {
					if !strings.Contains(page, text) {
						t.Errorf("%s does not show %q", ChannelPath(lang, c), text)
					}
				}
				if unwanted := map[site.Mode]string{site.TokenMode: `id="signing"`, site.Authorization: `id="identity"`}[c.Mode]; strings.Contains(page, unwanted) {
					t.Errorf("%s has %s", ChannelPath(lang, c), unwanted)
				}
			}
		}
	}
}

// TestDOC4Weight: a guide with everything that it loads is small, and few requests get it.
func TestDOC4Weight(t *testing.T) {
	pages := examplePages(t)
	compressed := func(data []byte) int {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		w.Write(data)
		w.Close()
		return b.Len()
	}
	assets, requests := 0, 1
	for name, data := range pages {
		if strings.HasPrefix(name, "docs/assets/") {
			assets += compressed(data)
			requests++
		}
	}
	if requests > 5 {
		t.Errorf("%d requests", requests)
	}
	for name, page := range pages {
		if !isPage(name) {
			continue
		}
		if total := compressed(page) + assets; total > 35<<10 {
			t.Errorf("%s: %d bytes compressed with its assets", name, total)
		}
	}
}

// TestOwnWeight: a thousand guides must not weigh much more than the emitted files they show.
func TestOwnWeight(t *testing.T) {
	s := exampleSite()
	book, err := defaultEngine(t).Book(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range s.Languages {
		for _, c := range s.Tenants[1].Channels {
			page, err := book.Guide(lang, c, Blocks{})
			if err != nil {
				t.Fatal(err)
			}
			if len(page) > 45<<10 {
				t.Errorf("the guide of %s in %s has %d bytes of its own", c.ID, lang, len(page))
			}
		}
	}
}

// TestDeterminism: the same input gives the same bytes, in any order and at the same time.
func TestDeterminism(t *testing.T) {
	first := examplePages(t)
	for name, data := range examplePages(t) {
		if !bytes.Equal(first[name], data) {
			t.Errorf("%s differs from one engine to the next", name)
		}
	}
	s := exampleSite()
	book, err := defaultEngine(t).Book(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	c := s.Tenants[0].Channels[0]
	blocks := exampleBlocks(t, c)
	want, err := book.Guide("zh", c, blocks)
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if got, err := book.Guide("zh", c, blocks); err != nil || !bytes.Equal(got, want) {
				t.Errorf("a guide differs when several are made at a time (%v)", err)
			}
		})
	}
	group.Wait()
}

func TestRelative(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{"docs/index.html", "docs/en/index.html", "en/index.html"},
		{"docs/en/a/b.html", "docs/zh/a/b.html", "../../zh/a/b.html"},
		{"docs/en/a/b.html", "docs/en/a/c.html", "c.html"},
		{"docs/en/a/b.html", "docs/en/ab/c.html", "../ab/c.html"},
		{"docs/en/a/b.html", "docs/assets/x.css", "../../assets/x.css"},
		{"docs/en/pages/b.html", "docs/en/pages/x:y.html", "./x:y.html"},
	} {
		if got := relative(c.from, c.to); got != c.want {
			t.Errorf("from %s to %s: %s, want %s", c.from, c.to, got, c.want)
		}
	}
}
