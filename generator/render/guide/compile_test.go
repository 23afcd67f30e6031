package guide

import (
	"bytes"
	"html/template"
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

// compiled compiles a Markdown template and runs it.
func compiled(t *testing.T, src string, data any) (content, toc string) {
	t.Helper()
	d, list := compile(newMarkdown(false), source{"x.md", []byte(src)}, map[string]string{"note": "Note"})
	failOn(t, list)
	tmpl, err := template.New("x").Parse(d.template)
	if err != nil {
		t.Fatalf("%v\n%s", err, d.template)
	}
	var c, o bytes.Buffer
	if err := tmpl.ExecuteTemplate(&c, "content", data); err != nil {
		t.Fatal(err)
	}
	if err := tmpl.ExecuteTemplate(&o, "toc", data); err != nil {
		t.Fatal(err)
	}
	return squeeze(c.String()), squeeze(o.String())
}

// squeeze leaves out line breaks between tags.
func squeeze(s string) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		b.WriteString(strings.TrimSpace(line))
	}
	return b.String()
}

func TestCompile(t *testing.T) {
	type data struct {
		Yes, No bool
		X       string
		L       []string
	}
	in := data{Yes: true, X: "**x** <b> [a](javascript:1)", L: []string{"one", "two"}}
	const h = "<h1 id=\"t\">T</h1>"
	for _, c := range []struct{ name, src, want string }{
		{"a value is text, not Markdown", "{{.X}}", "<p>**x** &lt;b&gt; [a](javascript:1)</p>"},
		{"a value in code", "`{{.X}}`", "<p><code>**x** &lt;b&gt; [a](javascript:1)</code></p>"},
		{"a value in emphasis", "**{{.X}}**", "<p><strong>**x** &lt;b&gt; [a](javascript:1)</strong></p>"},
		{"an unsafe address", "[a]({{`javascript:alert(1)`}})", `<p><a href="#ZgotmplZ">a</a></p>`},
		{"an address", "[a]({{`b?c=d&e`}})", `<p><a href="b?c=d&amp;e">a</a></p>`},
		{"condition around paragraphs", "{{if .Yes}}\na\n{{else}}\nb\n{{end}}\nc", "<p>a</p><p>c</p>"},
		{"condition interrupts a paragraph", "a\n{{if .No}}\nb\n{{end}}\nc", "<p>a</p><p>c</p>"},
		{"condition inside a paragraph", "a {{if .No}}b{{else}}c{{end}} d", "<p>a c d</p>"},
		{"conditional item", "- a\n{{if .No}}\n- b\n{{else}}\n- c\n{{end}}\n- d", "<ul><li>a</li><li>c</li><li>d</li></ul>"},
		{"numbers go on", "1. a\n{{if .No}}\n2. b\n{{end}}\n3. c", "<ol><li>a</li><li>c</li></ol>"},
		{"items of a loop", "{{range .L}}\n- {{.}}\n{{end}}", "<ul><li>one</li><li>two</li></ul>"},
		{"a conditional list", "{{if .No}}\n- a\n{{end}}", ""},
		{"lists in two branches", "{{if .Yes}}\n- a\n{{else}}\n- b\n{{end}}", "<ul><li>a</li></ul>"},
		{"a list after an else", "{{if .No}}\na\n{{else}}\n- b\n{{end}}", "<ul><li>b</li></ul>"},
		{"inside an item", "- a\n\n  {{if .Yes}}\n  b\n  {{end}}\n", "<ul><li><p>a</p><p>b</p></li></ul>"},
		{"rows of a loop", "| a | b |\n| - | -: |\n{{range .L}}\n| {{.}} | x |\n{{end}}\n| y | z |",
			`<div class="table" role="group" tabindex="0"><table><thead><tr><th scope="col">a</th><th scope="col" class="right">b</th></tr></thead><tbody>` +
				`<tr><td>one</td><td class="right">x</td></tr><tr><td>two</td><td class="right">x</td></tr><tr><td>y</td><td class="right">z</td></tr></tbody></table></div>`},
		{"a pipe in a cell's action", "| a |\n| - |\n| {{.X | len}} |", `<div class="table" role="group" tabindex="0"><table><thead><tr><th scope="col">a</th></tr></thead><tbody><tr><td>27</td></tr></tbody></table></div>`},
		{"a fence", "```\n{{.X}}\n{{if .Yes}}\na\n{{end}}\n```", `<div class="code"><pre tabindex="0"><code>**x** &lt;b&gt; [a](javascript:1)a</code></pre></div>`},
		{"a highlighted fence", "```json Name\n{\"a\": \"{{.X}}\"}\n```",
			`<div class="code"><div class="code-name">Name</div><pre tabindex="0"><code class="language-json">{<span class="k">"a"</span>: <span class="s">"**x** &lt;b&gt; [a](javascript:1)"</span>}</code></pre></div>`},
		{"braces of the text", "\\{\\{.X}}", "<p>{{.X}}</p>"},
		{"braces by entity", "&#123;&#123;.X}} &#123;{{.Yes}}", "<p>{{.X}} {true</p>"},
		{"an assignment", "{{$a := .X}}\n{{len $a}}", "<p>27</p>"},
		{"a comment", "a\n{{/* b */}}\nc", "<p>a</p><p>c</p>"},
		{"an alert", "> [!NOTE]\n> a {{len .L}}", `<blockquote class="alert note"><p class="alert-title">Note</p><p>a 2</p></blockquote>`},
		{"no alert", "> [!NOTHING]\n> a", `<blockquote><p>[!NOTHING]a</p></blockquote>`},
		{"raw HTML", "a <b onclick=x>c</b>", "<p>a &lt;b onclick=x&gt;c&lt;/b&gt;</p>"},
	} {
		if got, _ := compiled(t, "# T {#t}\n\n"+c.src, in); got != h+c.want {
			t.Errorf("%s\n%s\n got %s\nwant %s", c.name, c.src, strings.TrimPrefix(got, h), c.want)
		}
	}
}

func TestTableOfContents(t *testing.T) {
	type data struct{ Yes, No bool }
	for _, c := range []struct{ name, src, want string }{
		{"levels 2 and 3", "## A {#a}\n### B {#b}\n#### C {#c}", "a b"},
		{"conditions hold there too", "{{if .Yes}}\n## A {#a}\n{{else}}\n## B {#b}\n{{end}}\n{{if .No}}\n## C {#c}\n{{end}}", "a"},
		{"an assignment reaches a condition", "{{$x := .Yes}}\n{{if $x}}\n## A {#a}\n{{end}}", "a"},
		{"conditions without headings are left out", "{{if .Yes}}\na\n{{end}}\n## A {#a}", "a"},
		{"nested", "{{if .Yes}}\n{{if .No}}\n## A {#a}\n{{end}}\n## B {#b}\n{{end}}", "b"},
	} {
		_, toc := compiled(t, "# T\n\n"+c.src, data{Yes: true})
		var ids []string
		for _, part := range strings.Split(toc, `href="#`)[1:] {
			id, _, _ := strings.Cut(part, `"`)
			ids = append(ids, id)
		}
		if got := strings.Join(ids, " "); got != c.want {
			t.Errorf("%s: got %q, want %q in %s", c.name, got, c.want, toc)
		}
	}
}

// TestOverrideErrors: a mistake in an overriding template is reported where it stands.
func TestOverrideErrors(t *testing.T) {
	for _, c := range []struct{ name, file, old, new, want, message string }{
		{"an unknown field", "guide.en.md", "## Deploy", "{{.Tenant.Nmae}}\n\n## Deploy", "{{.Tenant.Nmae", "Nmae"},
		{"an unknown field in code", "guide.zh.md", "embedgen serve -c", "embedgen {{.Nothing}} -c", "{{.Nothing", "Nothing"},
		{"a syntax error", "guide.en.md", "## Deploy", "a {{if}}\n\n## Deploy", "{{if}}", "missing value for if"},
		{"an unclosed action", "guide.en.md", "## Deploy", "a {{if .Token}\n\n## Deploy", "{{if .Token}", ""},
		{"a missing end", "tenant.en.md", "## Values", "{{if .Token}}\n\n## Values", "", "unexpected EOF"},
		{"an unknown component", "guide.en.md", "## Deploy", "{{template \"cod\" .Snippet}}\n\n## Deploy", `{{template "cod"`, "no such template"},
		{"an unknown function", "guide.en.md", "## Deploy", "{{upper .Tenant.ID}}\n\n## Deploy", "{{upper", "upper"},
		{"half in, half out", "guide.en.md", "## Deploy", "**a {{if .Token}} b** c {{end}}\n\n## Deploy", "{{if .Token}} b", "element"},
		{"half in a list", "guide.en.md", "## Deploy", "- a\n  {{if .Token}}\n  b\n\n{{end}}\n\n## Deploy", "{{if .Token}}\n  b", "element"},
		{"swallowed by Markdown", "guide.en.md", "## Deploy", "[x]: http://{{.CECHost}}\n\n## Deploy", "{{.CECHost}}\n", "appears 0 times"},
		{"a second id", "guide.en.md", "## Deploy {#deploy}", "## Deploy {#files}", "### Files {#files}", "used twice"},
		{"a broken anchor", "guide.en.md", "[the conditions](#direct)", "[the conditions](#driect)", "[the conditions](#driect)", "no heading"},
		{"the layout", "layout.html", "{{.UI.Skip}}", "{{.UI.Skpi}}", "{{.UI.Skpi", "Skpi"},
		{"the components", "components.html", "{{.Text}}</a>", "{{.Txet}}</a>", "{{.Txet", "Txet"},
		{"the root page", "root.html", "{{.Site}}</h1>", "{{.Siet}}</h1>", "{{.Siet", "Siet"},
		{"a text too much", "ui.en.json", `"Menu"`, `"Menü"`, "", "unknown field"},
		{"a text too few", "ui.zh.json", `"Menu": "菜单"`, `"Menu": ""`, "", `"Menu" is missing`},
		{"broken JSON", "ui.en.json", `"Menu": "Menu",`, `"Menu": "Menu"`, `"Nav"`, "invalid character"},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := templateFiles(t)
			file := files["docs/"+c.file]
			if !bytes.Contains(file.Data, []byte(c.old)) {
				t.Fatalf("%s has no %q any more", c.file, c.old)
			}
			file.Data = bytes.Replace(file.Data, []byte(c.old), []byte(c.new), 1)
			_, list := New(files)
			if !list.HasErrors() {
				t.Fatal("no error")
			}
			d := list[0]
			if d.Pos.File != "docs/"+c.file || !strings.Contains(d.Message, c.message) {
				t.Errorf("%v, want %q in %s", d, c.message, c.file)
			}
			at := bytes.Index(file.Data, []byte(c.want))
			line := bytes.Count(file.Data[:at], []byte("\n")) + 1
			if c.want != "" && d.Pos.Line != line {
				t.Errorf("%v: %s, want line %d", d, d.Source, line)
			}
			if c.want != "" && !strings.Contains(d.Source, strings.TrimSpace(strings.SplitN(c.want, "\n", 2)[0])) {
				t.Errorf("the source line is %q", d.Source)
			}
			if c.want != "" && d.Pos.Column == 0 {
				t.Errorf("%v has no column", d)
			}
		})
	}
}

func TestMissingTemplate(t *testing.T) {
	for _, name := range []string{"layout.html", "components.html", "root.html", "docs.css", "docs.js", "ui.zh.json", "tenant.zh.md", "index.en.md"} {
		files := templateFiles(t)
		delete(files, "docs/"+name)
		_, list := New(files)
		if !list.HasErrors() || list[0].Pos.File != "docs/"+name {
			t.Errorf("without %s: %v", name, list)
		}
	}
	if _, list := New(fstest.MapFS{}); !list.HasErrors() {
		t.Error("an empty folder has no error")
	}
}

// templateFiles is a copy of the default templates that a test may change.
func templateFiles(t testing.TB) fstest.MapFS {
	t.Helper()
	files := make(fstest.MapFS)
	entries, err := os.ReadDir(templatesDir + "/docs")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		data, err := os.ReadFile(templatesDir + "/docs/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		files["docs/"+e.Name()] = &fstest.MapFile{Data: data}
	}
	return files
}
