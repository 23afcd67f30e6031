package guide

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"golang.org/x/net/html"

	"embedgen/generator/diag"
)

// folder makes a pages' folder of file names and texts.
func folder(files ...string) fstest.MapFS {
	fsys := make(fstest.MapFS)
	for i := 0; i < len(files); i += 2 {
		fsys[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	return fsys
}

// userPageHTML compiles one page and returns its HTML and problems.
func userPageHTML(t *testing.T, e *Engine, text string) (string, diag.List) {
	t.Helper()
	pages, list := e.Pages(folder("a.en.md", text, "b.md", "# B", "x.png", "png"), exampleSite())
	if pages == nil {
		return "", list
	}
	return string(pages.byFile["a.en.md"].html), list
}

// TestSEC27UserMarkdownIsInert: raw HTML and dangerous addresses of a page become text.
func TestSEC27UserMarkdownIsInert(t *testing.T) {
	e := defaultEngine(t)
	for _, src := range []string{
		"<script>alert(1)</script>",
		"<script src=//evil.example></script>",
		"a <img src=x onerror=alert(1)> b",
		"<div onclick=alert(1)>\n\ntext\n\n</div>",
		"<style>*{display:none}</style>",
		"<iframe src='javascript:alert(1)'></iframe>",
		"<svg/onload=alert(1)>",
		"<!-- --><b onclick=x>",
		"<!-- a --!><script>alert(1)</script> -->",
		"[a](javascript:alert(1))",
		"[a](JaVaScRiPt:alert(1))",
		"[a](&#106;avascript:alert(1))",
		"[a](&#x6a;&#x61;vascript:alert(1))",
		"[a](javascript&colon;alert(1))",
		"[a](java&Tab;script:alert(1))",
		"[a](java&NewLine;script:alert(1))",
		"[a](<java\tscript:alert(1)>)",
		"[a](<  javascript:alert(1)>)",
		"[a](&#1;javascript:alert(1))",
		"[a](vbscript:msgbox(1))",
		"[a](data:text/html;base64,PHNjcmlwdD4=)",
		"[a](file:///etc/passwd)",
		"[a](blob:https://x)",
		"[a][b]\n\n[b]: javascript:alert(1)",
		"<javascript:alert(1)>",
		"<data:text/html,x>",
		"![a](javascript:alert(1))",
		"![a](data:image/svg+xml,<svg onload=alert(1)>)",
		"![a\" onerror=\"alert(1)](x.png)",
		"[a](b.md \"x\\\" onclick=alert(1)\")",
		"[a](https://ok.example \"&quot; onclick=alert(1)\")",
		"## a {onclick=alert(1) style=x #i\"j}",
		"## <script>alert(1)</script>",
		"```\"><script>\nalert(1)\n```",
		"```html \"><script>\n</code></pre><script>alert(1)</script>\n```",
		"{{.}} {{template \"x\"}}",
		"| a |\n| - |\n| <b onclick=x> |",
		"- [ ] <input autofocus onfocus=alert(1)>",
		"https://ok.example/\"onclick=\"alert(1)",
	} {
		text, list := userPageHTML(t, e, "# T\n\n"+src)
		if text == "" {
			t.Errorf("%q is not rendered at all: %v", src, list)
		}
		for _, problem := range live(t, text) {
			t.Errorf("%q makes %s: %s", src, problem, text)
		}
	}
}

// live lists what a page's text must not contain.
func live(t testing.TB, text string) (list []string) {
	t.Helper()
	for _, n := range elements(t, []byte(text)) {
		switch n.Data {
		case "script", "style", "iframe", "svg", "input", "b", "object", "embed", "form", "base", "link", "meta":
			list = append(list, "<"+n.Data+">")
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" ||
				(a.Key == "href" || a.Key == "src") && !safeAddress([]byte(html.EscapeString(a.Val))) {
				list = append(list, a.Key+"="+a.Val)
			}
		}
	}
	return list
}

// FuzzSEC27: no Markdown makes anything live.
func FuzzSEC27(f *testing.F) {
	for _, s := range []string{"[a](&#106;avascript:1)", "<a href=javascript:1>", "![a](x\"y)", "## a {#b onclick=x}", "```a\"b\nc\n```", "| a |\n| - |\n| <b> |", "[a]: javascript:1\n\n[a]"} {
		f.Add(s)
	}
	e := defaultEngine(f)
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) > 1<<12 {
			return
		}
		pages, list := e.Pages(folder("a.md", src), exampleSite())
		if !utf8.ValidString(src) {
			if !list.HasErrors() {
				t.Fatalf("%q is not UTF-8, and accepted", src)
			}
			return
		}
		for _, problem := range live(t, markdownHTML(t, src)) {
			t.Errorf("%q makes %s", src, problem)
		}
		if pages != nil {
			for _, problem := range live(t, string(pages.byFile["a.md"].html+"<ul>"+pages.byFile["a.md"].toc)) {
				t.Errorf("%q makes %s", src, problem)
			}
		}
	})
}

func TestDOC8HeadingIDs(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"## 安装 nginx", "安装-nginx"},
		{"## 安装nginx", "安装nginx"},
		{"## Install nginx 1.22!", "install-nginx-1-22"},
		{"## `embedgen serve` & **co**", "embedgen-serve-co"},
		{"## [Link](https://a.example) text", "link-text"},
		{"## 第 1 步：准备", "第-1-步-准备"},
		{"## Ünïcode Çafé", "ünïcode-çafé"},
		{"## ！", "section"},
		{"## a\n## a\n## a", "a a-2 a-3"},
		{"## a\n## b {#a}", "a-2 a"},
		{"## content", "content-2"},
		{"## a {#own-id}", "own-id"},
	} {
		var got []string
		text, list := userPageHTML(t, defaultEngine(t), "# T {#t}\n\n"+c.src)
		failOn(t, list)
		for _, n := range elements(t, []byte(text)) {
			if n.Data == "h2" {
				got = append(got, attribute(n, "id"))
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%q: %q, want %q", c.src, got, c.want)
		}
	}
}

// TestDOC10UserPageProblems: each problem stands at its place, with the nearest match.
func TestDOC10UserPageProblems(t *testing.T) {
	e := defaultEngine(t)
	for _, c := range []struct{ name, text, want, hint string }{
		{"no such page", "see [b](bt.md)", `templates/pages/a.en.md:3:5: there is no such page: "bt.md" [broken-link]`, `did you mean "b.md"?`},
		{"no such heading here", "[x](#intor)\n\n## Intro", `templates/pages/a.en.md:3:1: there is no such heading: "#intor" [broken-link]`, `did you mean "intro"?`},
		{"no such heading there", "[x](b.md#usge)", `templates/pages/a.en.md:3:1: there is no such heading: "b.md#usge" [broken-link]`, `did you mean "usage"?`},
		{"no such file", "![x](img/ax.png)", `templates/pages/a.en.md:3:1: there is no such file: "img/ax.png" [broken-link]`, ""},
		{"no such guide", "[x](../acme/web_suport.html)", `templates/pages/a.en.md:3:1: there is no such file: "../acme/web_suport.html" [broken-link]`, `did you mean "../acme/web_support.html"?`},
		{"no such heading in a guide", "[x](../acme/web_support.html#faq-cor)", `templates/pages/a.en.md:3:1: there is no such heading: "../acme/web_support.html#faq-cor" [broken-link]`, `did you mean "faq-cors"?`},
		{"absolute path", "[x](/en/index.html)", `templates/pages/a.en.md:3:1: an absolute path depends on where the documentation is put: "/en/index.html" [broken-link]`, "use a relative address"},
		{"out of the folder", "[x](../../../../etc/passwd)", `templates/pages/a.en.md:3:1: there is no such file: "../../../../etc/passwd" [broken-link]`, ""},
		{"a type that is not published", "[x](b.sh)", `templates/pages/a.en.md:3:1: files of this type are not published: "b.sh" [broken-link]`, ""},
		{"by reference", "[x][y]\n\n[y]: bt.md", `templates/pages/a.en.md:3:1: there is no such page: "bt.md" [broken-link]`, ""},
		{"id twice", "## a {#x}\n\n## b {#x}", `templates/pages/a.en.md:5:1: the heading id "x" is used twice on this page [duplicate-id]`, ""},
		{"not UTF-8", "a \xff b", `templates/pages/a.en.md:3:3: the byte 0xff is not UTF-8 [not-utf8]`, ""},
		{"raw HTML", "a <b>c</b>", `templates/pages/a.en.md:3:3: raw HTML is shown as text [raw-html]`, ""},
		{"scheme", "[x](javascript:1)", `templates/pages/a.en.md:3:1: the address "javascript:1" is not shown as a link [link-scheme]`, ""},
		{"remote image", "![x](https://a.example/b.png)", `templates/pages/a.en.md:3:1: the image "https://a.example/b.png" comes from another host [remote-image]`, ""},
	} {
		fsys := folder("a.en.md", "# A\n\n"+c.text, "b.md", "# B\n\n## Usage\n", "b.sh", "x")
		_, list := e.Pages(fsys, exampleSite())
		if len(list) == 0 || list[0].Error() != c.want {
			t.Errorf("%s: got %v, want %s", c.name, list, c.want)
			continue
		}
		if c.hint != "" && list[0].Hint != c.hint {
			t.Errorf("%s: hint %q, want %q", c.name, list[0].Hint, c.hint)
		}
		if list[0].Source == "" {
			t.Errorf("%s: no source line", c.name)
		}
	}
}

func TestUserPageLinks(t *testing.T) {
	fsys := folder(
		"a.en.md", "# A\n\n[b](b.md) [bz](b.zh.md#用法) [d](sub/d.md) ![i](img/i.png \"t\") [g](../acme/web_support.html#faq-cors) [h](#here) [o](../)\n\n## Here\n",
		"b.md", "# B\n\n## 用法\n\n中文",
		"sub/d.en.md", "# D\n\n[a](../a.en.md#here) ![i](../img/i.png) [g](../../globex/)",
		"img/i.png", "png", "img/unused.png", "png", ".hidden.md", "# no", "notes.txt", "no",
	)
	e := defaultEngine(t)
	s := exampleSite()
	pages := allPages(t, e, s, fsys)
	if pages["docs/files/img/i.png"] == nil || pages["docs/files/img/unused.png"] != nil || pages["docs/files/notes.txt"] != nil {
		t.Error("the wrong files are published")
	}
	find := func(page, tag string) (list []string) {
		inArticle := bytes.SplitN(pages[page], []byte("<article"), 2)[1]
		for _, n := range elements(t, inArticle) {
			if n.Data == tag && attribute(n, "class") != "self" {
				list = append(list, attribute(n, "href")+attribute(n, "src"))
			}
			if n.Data == "footer" || attribute(n, "id") == "page-toc" {
				break
			}
		}
		return list
	}
	for _, c := range []struct {
		page, tag string
		want      []string
	}{
		{"docs/en/pages/a.html", "a", []string{"b.html", "b.html#%E7%94%A8%E6%B3%95", "sub/d.html", "../acme/web_support.html#faq-cors", "#here", "../"}},
		{"docs/zh/pages/a.html", "a", []string{"b.html", "b.html#%E7%94%A8%E6%B3%95", "sub/d.html", "../acme/web_support.html#faq-cors", "#here", "../"}},
		{"docs/en/pages/a.html", "img", []string{"../../files/img/i.png"}},
		{"docs/en/pages/sub/d.html", "img", []string{"../../../files/img/i.png"}},
		{"docs/en/pages/sub/d.html", "a", []string{"../a.html#here", "../../globex/"}},
	} {
		if got := find(c.page, c.tag); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.page, got, c.want)
		}
	}
}

// TestDOC7Fallback: a page without a twin appears in the other language with a notice and the
// right language.
func TestDOC7Fallback(t *testing.T) {
	e := defaultEngine(t)
	pages := allPages(t, e, exampleSite(), folder("only.zh.md", "# 只有中文", "all.md", "# All", "both.en.md", "# Both", "both.zh.md", "# 都有"))
	for _, c := range []struct {
		page   string
		lang   string // of the article; "" is the page's own
		notice bool
	}{
		{"docs/en/pages/only.html", "zh", true},
		{"docs/zh/pages/only.html", "", false},
		{"docs/en/pages/all.html", "", false},
		{"docs/zh/pages/all.html", "en", true},
		{"docs/en/pages/both.html", "", false},
		{"docs/zh/pages/both.html", "", false},
	} {
		page := pages[c.page]
		if got := bytes.Contains(page, []byte(`class="fallback"`)); got != c.notice {
			t.Errorf("%s: notice %v", c.page, got)
		}
		for _, n := range elements(t, page) {
			if n.Data == "article" && attribute(n, "lang") != c.lang {
				t.Errorf("%s: article in %q, want %q", c.page, attribute(n, "lang"), c.lang)
			}
		}
	}
}

func TestPageNames(t *testing.T) {
	e := defaultEngine(t)
	for name, ok := range map[string]bool{
		"a.md": true, "安装.zh.md": true, "a-b_c.1.md": true, "sub/a.md": true,
		"a b.md": false, "a:b.md": false, "-a.md": false, "a%2f.md": false, "a\"b.md": false,
	} {
		_, list := e.Pages(folder(name, "# A"), exampleSite())
		if list.HasErrors() == ok {
			t.Errorf("%s: %v", name, list)
		}
	}
}

func TestUnknownLanguage(t *testing.T) {
	e := defaultEngine(t)
	s := exampleSite()
	s.Languages = []string{"en", "fr"}
	if _, err := e.Book(s, nil); err == nil || !strings.Contains(err.Error(), `"fr"`) {
		t.Errorf("got %v", err)
	}
	if _, list := e.Pages(folder("a.md", "# A"), s); !list.HasErrors() {
		t.Error("no error")
	}
}

// TestOneLanguage: a site of one language has no switch.
func TestOneLanguage(t *testing.T) {
	s := exampleSite()
	s.Languages = []string{"zh"}
	for name, page := range allPages(t, defaultEngine(t), s, folder("a.md", "# A")) {
		if isPage(name) && name != RootPath && (bytes.Contains(page, []byte(`class="languages"`)) || bytes.Contains(page, []byte("hreflang"))) {
			t.Errorf("%s has a language switch", name)
		}
	}
}
