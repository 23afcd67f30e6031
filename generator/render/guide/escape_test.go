package guide

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"embedgen/generator/site"
)

// hostile are values that try to be more than text.
var hostile = []string{
	`"};alert(1)//`, `</script><script>alert(1)</script>`, `{{.}}`, `{{template "content"}}`, `$host;}`,
	`**x**`, `[a](javascript:alert(1))`, `<img src=x onerror=alert(1)>`, `' onmouseover='alert(1)`, "`a`", "| a | b |", "# x",
	"a\nb", `&lt;b&gt;`, `]]>`, `<!--`, `javascript:alert(1)`, `%3Cscript%3E`, `zqxaaaa`, "\u2028", `--><b>`, `</title><b>`, `</td></tr>`,
}

// skeleton lists a page's elements with the names of their attributes.
func skeleton(t *testing.T, page []byte) []string {
	t.Helper()
	doc, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	var walk func(n *html.Node, depth int)
	walk = func(n *html.Node, depth int) {
		if n.Type == html.ElementNode || n.Type == html.CommentNode {
			line := fmt.Sprintf("%*s%v %s", depth, "", n.Type, n.Data)
			for _, a := range n.Attr {
				line += " " + a.Key
			}
			list = append(list, line)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, depth+1)
		}
	}
	walk(doc, 0)
	return list
}

// TestSEC24HostileValuesStayText: with any value in any text field, a page has the same elements.
func TestSEC24HostileValuesStayText(t *testing.T) {
	e := defaultEngine(t)
	pages := func(text string) map[string][]byte {
		s := exampleSite()
		s.Title = text
		for _, tenant := range s.Tenants {
			tenant.Name = text
			for _, c := range tenant.Channels {
				c.Name, c.Locale, c.MapService = text, text, text
				if c.SecretKey.File != "" {
					c.SecretKey.File = text
				}
			}
		}
		s.Service.Identity = site.HeaderIdentity{ID: text, Name: text, From: []string{text}}
		return allPages(t, e, s, nil)
	}
	benign := pages("Benign")
	for _, text := range hostile {
		for path, page := range pages(text) {
			if strings.HasPrefix(path, "docs/assets/") {
				continue
			}
			want, got := skeleton(t, benign[path]), skeleton(t, page)
			if !slices.Equal(want, got) {
				t.Errorf("%s: %q changes the elements of the page", path, text)
			}
			if !bytes.Contains(page, []byte(html.EscapeString(text)[:3])) && text != "a\nb" {
				t.Errorf("%s: %q is not to be seen", path, text)
			}
		}
	}
}

// TestSEC24HostileCode: emitted files are shown as text, whatever is in them.
func TestSEC24HostileCode(t *testing.T) {
	for _, text := range append([]string{"<script>\nvar a = '</script>", `<a b="c`, "<!-- a", "<", "<a", "<script>/* a", "\xff\xfe<b>"}, hostile...) {
		for _, c := range []Code{HTML("a", text), JavaScript("a", text), highlightStatic("a", "html", text), highlightStatic("a", "nginx", text), highlightStatic("a", "", text)} {
			var b bytes.Buffer
			writeCode(&b, c)
			doc, err := html.Parse(&b)
			if err != nil {
				t.Fatal(err)
			}
			var code *html.Node
			elements := make(map[string]int)
			for n := range doc.Descendants() {
				if n.Type == html.ElementNode {
					elements[n.Data]++
				}
				if n.Data == "code" {
					code = n
				}
			}
			for name := range elements {
				if !slices.Contains([]string{"html", "head", "body", "div", "pre", "code", "span"}, name) {
					t.Errorf("%q became an element: <%s>", text, name)
				}
			}
			var shown strings.Builder
			for n := range code.Descendants() {
				if n.Type == html.TextNode {
					shown.WriteString(n.Data)
				}
			}
			if want := strings.ToValidUTF8(text, "\uFFFD"); strings.ToValidUTF8(shown.String(), "\uFFFD") != want && text != "\xff\xfe<b>" {
				t.Errorf("%q (%s) is shown as %q", text, c.Lang, shown.String())
			}
		}
	}
}
