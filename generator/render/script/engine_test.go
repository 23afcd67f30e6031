package script_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/html"

	"embedgen/generator/render/script"
	"embedgen/generator/site"
	"embedgen/templates"
)

var update = flag.Bool("update", false, "write the golden files")

// golden compares with testdata/name, or writes it.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs (go test -update rewrites it); got\n%s", path, got)
	}
}

// full is a channel with everything that makes its files larger.
func full() *site.Channel {
	ch := acme("https://www.acme.example").Channels[1]
	integrity := func(text string) string {
		sum := sha512.Sum384([]byte(text))
		return "sha384-" + base64.StdEncoding.EncodeToString(sum[:])
	}
	ch.JQuery = site.Library{Name: "jquery", Src: "https://libraries.example/jquery-3.7.1.min.js", Integrity: integrity("jquery")}
	ch.Axios = site.Library{Name: "axios", Src: "assets/axios.0123456789abcdef.js", Integrity: integrity("axios")}
	ch.Context = site.Context{URL: "https://cec.acme.example/service-cloud", CEC: "https://cec.acme.example"}
	ch.Fallback = "https://help.acme.example/contact?from=chat"
	ch.FrameAncestors = []string{"https://portal.example", "https://intranet.acme.example:8443"}
	ch.Cobrowse, ch.Load, ch.Consent, ch.Locale = site.CobrowseScripts, site.Interaction, true, "zh_CN"
	return ch
}

func TestGolden(t *testing.T) {
	e := newEngine(t, templates.FS)
	channels := append(acme("https://www.acme.example").Channels, full())
	for i, name := range []string{"authorization", "token", "full"} {
		page, policy, err := e.Page(channels[i])
		if err != nil {
			t.Fatal(err)
		}
		golden(t, name+".page.html", page)
		golden(t, name+".policy.txt", []byte(policy+"\n"))
		for _, form := range script.Forms() {
			text, err := e.Form(channels[i], form)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name+".snippet."+form+".txt", text)
		}
		config := embedded(t, e.Embed(channels[i]))
		config["client"] = clientName.ReplaceAllString(config["client"].(string), "HASH")
		text, _ := json.MarshalIndent(config, "", "  ")
		golden(t, name+".config.json", append(text, '\n'))
	}
}

var clientName = regexp.MustCompile(`[0-9a-f]{16}`)

// embedded returns the configuration inside an embed script.
func embedded(t testing.TB, embed []byte) map[string]any {
	t.Helper()
	_, text, ok := bytes.Cut(embed, []byte(`{"channel":`))
	if !ok {
		t.Fatalf("no configuration in %s", embed)
	}
	var config map[string]any
	if err := json.NewDecoder(strings.NewReader(`{"channel":` + string(text))).Decode(&config); err != nil {
		t.Fatal(err)
	}
	return config
}

func TestSEC26PolicyNamesTheInlineParts(t *testing.T) {
	e := newEngine(t, templates.FS)
	html, policy, err := e.Page(full())
	if err != nil {
		t.Fatal(err)
	}
	for _, element := range []string{"script", "style"} {
		parts := regexp.MustCompile(`(?s)<`+element+`>(.*?)</`+element+`>`).FindAllSubmatch(html, -1)
		if len(parts) != 1 {
			t.Fatalf("%d inline %s elements, want 1", len(parts), element)
		}
		if !strings.Contains(policy, hashOf(parts[0][1])) {
			t.Errorf("the policy does not name the inline %s", element)
		}
	}
	if bytes.Contains(html, []byte(" style=")) || regexp.MustCompile(`\son[a-z]+=`).Match(html) {
		t.Error("the page has inline style attributes or handlers")
	}
}

func TestSEC24HostileNamesKeepTheSkeleton(t *testing.T) {
	e := newEngine(t, templates.FS)
	wantPage, wantSnippet := skeletons(t, e, "Acme Bank")
	for _, name := range append(hostile, "--><script>", "--!>", "-", "<!--", "*/", "</title>", "&lt;", "\x00", "\xff") {
		page, snippet := skeletons(t, e, name)
		if page != wantPage {
			t.Errorf("%q: page is\n%s\nwant\n%s", name, page, wantPage)
		}
		if snippet != wantSnippet {
			t.Errorf("%q: snippet is\n%s\nwant\n%s", name, snippet, wantSnippet)
		}
	}
}

// In the forms that are script, names stand in comments of one line, which they cannot leave.
func TestSEC24HostileNamesStayInTheirComments(t *testing.T) {
	e := newEngine(t, templates.FS)
	for _, form := range []string{"react", "vue"} {
		want := withoutComments(t, e, form, "Acme Bank")
		for _, name := range append(hostile, "*/", "\r", "\u0085", "</script>", "\x00", "\xff") {
			if got := withoutComments(t, e, form, name); got != want {
				t.Errorf("%s: %q: the form without comments is\n%s\nwant\n%s", form, name, got, want)
			}
		}
	}
}

// withoutComments returns a form of a channel whose names are all name, without its lines of comment.
func withoutComments(t *testing.T, e *script.Engine, form, name string) string {
	t.Helper()
	ch := full()
	ch.Name, ch.Tenant.Name = name, name
	text, err := e.Form(ch, form)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(text, []byte("</script>")) != (form == "vue") || bytes.Count(text, []byte("</script")) > 1 {
		t.Errorf("%s: %q ends the script", form, name)
	}
	ends := regexp.MustCompile(`\r\n|[\n\r\x{2028}\x{2029}]`)
	lines := slices.DeleteFunc(ends.Split(string(text), -1), func(l string) bool { return strings.HasPrefix(l, "//") })
	return strings.Join(lines, "\n")
}

func TestFormsAreNamed(t *testing.T) {
	if _, err := newEngine(t, templates.FS).Form(full(), "angular"); err == nil || !strings.Contains(err.Error(), "react") {
		t.Errorf("got %v, want an error that lists the forms", err)
	}
}

// skeletons returns the elements, attributes and scripts of page and snippet of a channel whose
// names are all name.
func skeletons(t *testing.T, e *script.Engine, name string) (page, snippet string) {
	t.Helper()
	ch := full()
	ch.Name, ch.Tenant.Name = name, name
	data, _, err := e.Page(ch)
	if err != nil {
		t.Fatal(err)
	}
	tag, err := e.Snippet(ch)
	if err != nil {
		t.Fatal(err)
	}
	return skeleton(t, data), skeleton(t, tag)
}

func skeleton(t *testing.T, data []byte) string {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for n := range root.Descendants() {
		switch {
		case n.Type == html.ElementNode:
			out.WriteString("<" + n.Data)
			for _, a := range n.Attr {
				out.WriteString(" " + a.Key + "=" + a.Val)
			}
			out.WriteString(">\n")
		case n.Type == html.CommentNode:
			out.WriteString("<!>\n")
		case n.Parent.Data == "script" || n.Parent.Data == "style":
			out.WriteString(n.Data + "\n")
		}
	}
	return out.String()
}

func FuzzEmbedConfig(f *testing.F) {
	for _, name := range hostile {
		f.Add(name)
	}
	e, problems := script.New(templates.FS)
	if problems != nil {
		f.Fatal(problems)
	}
	plain := acme("https://www.acme.example").Channels[0]
	plain.Locale = ""
	before, after, _ := bytes.Cut(e.Embed(plain), []byte(`"locale":""`))
	f.Fuzz(func(t *testing.T, s string) {
		ch := acme("https://www.acme.example").Channels[0]
		ch.Locale = s
		embed := e.Embed(ch)
		if !bytes.HasPrefix(embed, before) || !bytes.HasSuffix(embed, after) {
			t.Error("a value reaches beyond its place")
		}
		value := embed[len(before) : len(embed)-len(after)]
		if i := bytes.IndexFunc(value, func(r rune) bool { return r < ' ' || r > '~' || r == '<' || r == '>' || r == '&' }); i >= 0 {
			t.Errorf("%q holds an unsafe character at %d", value, i)
		}
		if got := embedded(t, embed)["locale"]; got != string([]rune(s)) {
			t.Errorf("got %q of %q", got, s)
		}
	})
}

func TestDeterminism(t *testing.T) {
	ch := full()
	first := everything(t, newEngine(t, templates.FS), ch)
	second := newEngine(t, templates.FS)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			if !bytes.Equal(everything(t, second, ch), first) {
				t.Error("two engines differ")
			}
		})
	}
	wait.Wait()
}

func everything(t *testing.T, e *script.Engine, ch *site.Channel) []byte {
	name, client := e.Client()
	page, policy, err := e.Page(ch)
	if err != nil {
		t.Error(err)
	}
	snippet, err := e.Snippet(ch)
	if err != nil {
		t.Error(err)
	}
	return slices.Concat([]byte(name), client, page, []byte(policy), snippet, e.Embed(ch))
}

func TestEM4Budgets(t *testing.T) {
	e := newEngine(t, templates.FS)
	ch := full()
	page, _, err := e.Page(ch)
	if err != nil {
		t.Fatal(err)
	}
	snippet, err := e.Snippet(ch)
	if err != nil {
		t.Fatal(err)
	}
	_, client := e.Client()
	for _, file := range []struct {
		name  string
		data  []byte
		limit int
	}{
		{"embed.js", e.Embed(ch), 3500},
		{"snippet", snippet, 700},
		{"index.html", page, 2000},
		{"client.js", client, 8000}, // loaded when the chat starts; a limit of our own
	} {
		n := gzipped(t, file.data)
		t.Logf("%-10s %5d bytes gzipped of %d", file.name, n, file.limit)
		if n > file.limit {
			t.Errorf("%s has %d bytes gzipped, want at most %d", file.name, n, file.limit)
		}
	}
}

func gzipped(t *testing.T, data []byte) int {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Len()
}

// Every code that the sources use is described in errors.js, and every described one is used.
func TestErrorCodesAreDescribed(t *testing.T) {
	described := codes(t, "embed/errors.js", `\| *// \S|'([a-z_]+)' +(?:\| +)?// \S`)
	used := []string{"unexpected"}
	err := fs.WalkDir(templates.FS, "embed", func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".js") && path != "embed/errors.js" {
			used = append(used, codes(t, path, `'(identity_[a-z]+|sign_refused|cec_[a-z_]+|script_[a-z]+|client_blocked|library_blocked|jquery_missing|second_channel|unsupported_[a-z]+|bad_call|timeout|unexpected)'`)...)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(used)
	used = slices.Compact(used)
	slices.Sort(described)
	if !slices.Equal(described, used) {
		t.Errorf("described: %v\nused:      %v", described, used)
	}
}

func codes(t *testing.T, path, pattern string) []string {
	t.Helper()
	var list []string
	for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(readTemplate(t, path), -1) {
		if m[1] != "" {
			list = append(list, m[1])
		}
	}
	return list
}

func BenchmarkEmbed(b *testing.B) {
	e, problems := script.New(templates.FS)
	if problems != nil {
		b.Fatal(problems)
	}
	ch := full()
	for b.Loop() {
		e.Embed(ch)
	}
}

func BenchmarkPage(b *testing.B) {
	e, problems := script.New(templates.FS)
	if problems != nil {
		b.Fatal(problems)
	}
	ch := full()
	for b.Loop() {
		if _, _, err := e.Page(ch); err != nil {
			b.Fatal(err)
		}
	}
}
