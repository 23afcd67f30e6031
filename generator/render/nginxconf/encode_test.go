package nginxconf

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"

	"embedgen/generator/internal/lab"
)

// refusedText cannot be said to nginx as a literal.
var refusedText = []string{"$host", "a$", "line\nfeed", "carriage\rreturn", "nul\x00", "tab\t", "del\x7f", "\u2028", "\u2029", "\u202e", "\xff", "\ufeff"}

// quotedText must be quoted, and reads back as itself.
var quotedText = []string{"", " ", "a b", ";", "{", "}", "};", "#", "a#b", `"`, `'`, `\`, `\\`, `\"`, `\n`, `a\`, "'; x", `"; }`, "客服"}

func TestEncodeRefuses(t *testing.T) {
	for _, text := range refusedText {
		if out, err := render([]directive{lits("root", text)}); err == nil {
			t.Errorf("%q becomes %q", text, out)
		}
	}
	for _, tree := range [][]directive{
		{lits("bad name", "x")}, {lits("", "x")}, {lits("x;y")},
		{line("x", ref("host;"))}, {line("x", ref(""))}, {line("x", ref("a-b"))},
		{note("line\nfeed")}, {note("\u2028")},
	} {
		if out, err := render(tree); err == nil {
			t.Errorf("%+v becomes %q", tree, out)
		}
	}
}

func TestEncodeReadsBack(t *testing.T) {
	for _, text := range quotedText {
		out, err := render([]directive{block([]directive{lits("x", text, "end")}, "types")})
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		want := nodes{{words: []string{"types"}, block: nodes{{words: []string{"x", text, "end"}}}}}
		if got := tree(t, out); got.shape() != want.shape() || got[0].block[0].words[1] != text {
			t.Errorf("%q reads back as %+v", text, got)
		}
	}
}

// nginx itself is asked: each text comes back in a header as it was written.
func TestEncodeAgreesWithNginx(t *testing.T) {
	var body []directive
	for _, text := range quotedText {
		body = append(body, lits("add_header", "X-Text", text+"."))
	}
	out, err := render([]directive{block(append(body, lits("return", "204")), "location", lit("="), lit("/texts"))})
	if err != nil {
		t.Fatal(err)
	}
	got := lab.StartNginx(t, lab.Conf{Server: string(out)}).Get(t, "/texts").Header.Values("X-Text")
	for i, text := range quotedText {
		if want := strings.TrimLeft(text+".", " "); got[i] != want {
			t.Errorf("nginx sends %q, want %q", got[i], want)
		}
	}
}

func TestVariablesKeepTheirNames(t *testing.T) {
	for want, v := range map[string]value{
		"$host:8443": concat(ref("host"), lit(":8443")),
		"${host}x":   concat(ref("host"), lit("x")),
		"$host$uri":  concat(ref("host"), ref("uri")),
		"a$host":     concat(lit("a"), ref("host")),
	} {
		if got := v.plain(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// A file that the encoder got wrong does not leave the package.
func TestReadsBackAs(t *testing.T) {
	good := []directive{block([]directive{lits("a", "b")}, "c")}
	for conf, want := range map[string]bool{
		"c { a b; }": true, "c{a \"b\";}": true, "# x\nc { a b; }": true,
		"c { a b }": false, "c { a; b; }": false, "c { a b; } }": false, "c { ab; }": false, "c { a 'b; }": false, `c { a "b"x; }`: false,
	} {
		if got := readsBackAs([]byte(conf), good) == nil; got != want {
			t.Errorf("%q: %t, want %t", conf, got, want)
		}
	}
}

func FuzzEncode(f *testing.F) {
	for _, text := range slices.Concat(refusedText, quotedText) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		out, err := render([]directive{block([]directive{lits("x", text, "end")}, "server"), lits("after")})
		if err != nil {
			return
		}
		got := tree(t, out)
		if got.shape() != "server/w{x/www;};after/w;" || got[0].block[0].words[1] != text {
			t.Errorf("%q reads back as %+v", text, got)
		}
		if strings.Contains(text, "$") || strings.Contains(text, "\n") {
			t.Errorf("%q passed", text)
		}
	})
}

var span = regexp.MustCompile(`</?span[^>]*>`)

func FuzzHighlight(f *testing.F) {
	s := exampleSite()
	f.Add(mustLocations(f, s.Tenants[0], s))
	f.Add([]byte(`a "b`))
	f.Add([]byte("<script>&'\"\n{;}#<b>"))
	f.Fuzz(func(t *testing.T, conf []byte) {
		out := string(Highlight(conf))
		bare := span.ReplaceAllString(out, "")
		if strings.ContainsAny(bare, `<>"'`) {
			t.Errorf("unescaped text: %q", bare)
		}
		if got := html.UnescapeString(bare); got != string(conf) && !strings.ContainsAny(string(conf), "\x00\r") {
			t.Errorf("the text changes: %q", got)
		}
	})
}

func TestHighlight(t *testing.T) {
	got := string(Highlight([]byte("# <b>\nmap $a $b {\n    default \"x;\";\n}\n")))
	want := `<span class="ngx-comment"># &lt;b&gt;</span>` + "\n" +
		`<span class="ngx-name">map</span> <span class="ngx-variable">$a</span> <span class="ngx-variable">$b</span> {` + "\n" +
		`    <span class="ngx-name">default</span> <span class="ngx-string">&#34;x;&#34;</span>;` + "\n}\n"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
