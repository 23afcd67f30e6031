package e2e

import (
	"encoding/json"
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// hostile are names that break out of one syntax or another where they are not encoded for it.
var hostile = []string{
	`"};alert(1)//`, `';alert(1)//`, `\";alert(1)//`, `</script><script>alert(1)</script>`, `<!--<script>`,
	`{{.}}`, `{{alert(1)}}`, `{% raw %}`, `$host;}`, `"; } location / { return 200;`, `#\`, "${alert(1)}`",
	`'"><img src=x onerror=alert(1)>`, `--><img src=x onerror=alert(1)>`, `</title><svg onload=alert(1)>`,
	`[x](javascript:alert(1)) ![x](x) <https://evil.example>`, "`code` **bold** | # h", `&lt;b&gt; &amp; &#60;i>`, `*/alert(1)/*`,
	"a\u2028b", "a\u2029b", "a\u202eb", "a\nb", "a\r\nlocation / {}", "a\x00b", "a\x1bb", "张三 😀", `javascript:alert(1)`, `../../x`,
}

// named are the fields of channels.yaml that hold a name.
var named = []string{"name: Acme Bank", "name: Main site", "title: Support chat"}

// TestHostileNamesStayDataOrAreRefused: security.md lines 24 and 25. Each name is that of the site, a
// tenant and a channel; what is built must have the structure of the build with plain names.
func TestHostileNamesStayDataOrAreRefused(t *testing.T) {
	dir := newProject(t)
	must(t, dir, "build", "-o", "plain")
	plain := tree(t, filepath.Join(dir, "plain"))
	text := readFile(t, filepath.Join(dir, "channels.yaml"))
	for _, name := range hostile {
		t.Run(name, func(t *testing.T) {
			edited := text
			for _, field := range named {
				key, _, _ := strings.Cut(field, " ")
				edited = strings.Replace(edited, field, key+" "+quote(name), 1)
			}
			writeFile(t, filepath.Join(dir, "channels.yaml"), edited)
			o := embedgen(t, dir, "build", "-o", "hostile")
			if o.status != 0 {
				checkRefused(t, o, edited, quote(name))
				return
			}
			checkSameStructure(t, plain, tree(t, filepath.Join(dir, "hostile")), name)
		})
	}
}

// quote writes a double-quoted YAML scalar.
func quote(s string) string {
	text, _ := json.Marshal(s) // JSON strings are YAML
	return string(text)
}

// checkRefused: each of the values is named with its place, in one run.
func checkRefused(t *testing.T, o outcome, yaml, quoted string) {
	t.Helper()
	if o.status != 1 {
		t.Errorf("want exit status 1: %v", o)
	}
	for i, line := range strings.Split(yaml, "\n") {
		if strings.Contains(line, quoted) && !regexp.MustCompile(fmt.Sprintf(`channels\.yaml:%d:\d+: error`, i+1)).MatchString(o.String()) {
			t.Errorf("line %d is not named: %v", i+1, o)
		}
	}
	if strings.ContainsAny(o.stdout+o.stderr, "\x00\x1b\r\u2028\u202e") {
		t.Errorf("the diagnostic passes control characters on: %q", o)
	}
}

// addresses are lines that reach nginx, and what takes their place.
var addresses = [][2]string{
	{"origin: https://www.acme.example ", `origin: "https://www.acme%s.example" # HOSTILE `},
	{"cec: https://cec-cn.cloud.example ", `cec: "https://cec-cn%s.cloud.example" # HOSTILE `},
	{"contextPath: /globex/service-cloud", `contextPath: "/globex%s/service-cloud" # HOSTILE`},
	{"publicPath: /globex/", `publicPath: "/glo%sbex/" # HOSTILE`},
	{"contextPath: https://cec.initech.example/service-cloud", `contextPath: "https://cec%s.initech.example/service-cloud" # HOSTILE`},
	{"listen: 127.0.0.1:8480", `listen: "127.0.0.1%s:8480" # HOSTILE`},
	{"id: X-Remote-User", `id: "X-Remote%s-User" # HOSTILE`},
	{"id: shop_help", `id: "shop%s_help" # HOSTILE`},
	{"- id: acme ", `- id: "ac%sme" # HOSTILE `},
	{`version: "1.22"`, `version: "1.%s22" # HOSTILE`},
	{"nginx:\n", "nginx:\n  root: \"/srv%s/www\" # HOSTILE\n"},
	{"nginx:\n", "nginx:\n  trustedCA: \"/etc%s/ca.pem\" # HOSTILE\n"},
	{"nginx:\n", "nginx:\n  resolver: \"127.0%s.0.1\" # HOSTILE\n"},
	{"nginx:\n", "nginx:\n  signer: \"127.0.0.1%s:8480\" # HOSTILE\n"},
	{"    origin: https://www.initech.example\n", "    origin: https://www.initech.example\n    endpoints:\n      token: \"/web%s/token\" # HOSTILE\n"},
}

// TestHostileAddressesAreRefused: security.md line 25. nginx cannot escape these characters. All
// fields are wrong at once, and one run must name every one of them.
func TestHostileAddressesAreRefused(t *testing.T) {
	dir := newProject(t)
	text := readFile(t, filepath.Join(dir, "channels.yaml"))
	for _, bad := range []string{"$host", ";}", "{", "\n", "\r", `"`, "'", `\`, " x", "\x00", "\u2028"} {
		t.Run(quote(bad), func(t *testing.T) {
			edited, escaped := text, quote(bad)[1:len(quote(bad))-1]
			for _, a := range addresses {
				if !strings.Contains(edited, a[0]) {
					t.Fatalf("no %q in channels.yaml", a[0])
				}
				edited = strings.Replace(edited, a[0], fmt.Sprintf(a[1], escaped), 1)
			}
			writeFile(t, filepath.Join(dir, "channels.yaml"), edited)
			checkRefused(t, embedgen(t, dir, "check"), edited, "HOSTILE")
		})
	}
}

func checkSameStructure(t *testing.T, plain, got map[string]string, name string) {
	t.Helper()
	shown := false
	for p := range plain {
		if _, ok := got[p]; !ok && !strings.Contains(p, "/assets/") {
			t.Errorf("no %s", p)
		}
	}
	for p, text := range got {
		want := plain[p]
		switch path.Ext(p) {
		case ".html":
			if a, b := skeleton(t, want), skeleton(t, text); a != b {
				t.Errorf("%s has another structure: %s", p, firstDifference(a, b))
			}
			shown = shown || strings.Contains(visible(t, text), name)
		case ".conf", ".css", ".txt", ".md", ".ts", ".png", "": // without an extension: a Caddyfile
			if text != want {
				t.Errorf("%s differs: %s", p, firstDifference(want, text))
			}
		case ".js":
			if want != "" && masked(text) != masked(want) {
				t.Errorf("%s has other code", p)
			}
		case ".json":
			if !json.Valid([]byte(text)) {
				t.Errorf("%s is no JSON", p)
			}
		default:
			t.Errorf("nobody checks %s", p)
		}
	}
	if !shown {
		t.Errorf("no page shows %q as it is", name)
	}
}

// skeleton is the tree of elements with the names of their attributes, the values of those that can
// run or load something, and the code of scripts and styles without string literals.
func skeleton(t *testing.T, text string) string {
	t.Helper()
	var out strings.Builder
	var walk func(n *html.Node, depth int)
	walk = func(n *html.Node, depth int) {
		switch n.Type {
		case html.ElementNode:
			fmt.Fprintf(&out, "\n%*s%s%s", depth, "", n.Data, attributes(n))
		case html.TextNode:
			if n.Parent.Data == "script" || n.Parent.Data == "style" {
				out.WriteString(" " + masked(n.Data))
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, depth+1)
		}
	}
	walk(parse(t, text), 0)
	return out.String()
}

func attributes(n *html.Node) string {
	var list []string
	for _, a := range n.Attr {
		if slices.Contains([]string{"src", "href", "action", "style", "type", "rel", "http-equiv"}, a.Key) || strings.HasPrefix(a.Key, "on") {
			list = append(list, a.Key+"="+hash.ReplaceAllString(a.Val, "#"))
		} else {
			list = append(list, a.Key)
		}
	}
	return " " + strings.Join(list, " ")
}

var (
	hash    = regexp.MustCompile(`\.[0-9a-f]{8,}\.`)
	literal = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)
)

// masked is code without what its double-quoted strings say.
func masked(code string) string { return literal.ReplaceAllString(code, `""`) }

func parse(t *testing.T, text string) *html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// visible is the text of a page, with whitespace as it is.
func visible(t *testing.T, text string) string {
	var out strings.Builder
	for n := range parse(t, text).Descendants() {
		if n.Type == html.TextNode {
			out.WriteString(n.Data)
		}
	}
	return out.String()
}

func firstDifference(a, b string) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	from := max(0, i-80)
	return fmt.Sprintf("%q, want %q", b[from:min(len(b), i+160)], a[from:min(len(a), i+160)])
}
