package guide

import (
	"os"
	"strings"
	"testing"
	"text/template"
	"unicode/utf8"
)

func TestExtract(t *testing.T) {
	for _, c := range []struct {
		src     string
		actions []string
	}{
		{"plain", nil},
		{"a {{.X}} b {{.Y}}", []string{"{{.X}}", "{{.Y}}"}},
		{`{{"}}"}}x`, []string{`{{"}}"}}`}},
		{`{{"\"}}"}}x`, []string{`{{"\"}}"}}`}},
		{"{{`}}`}}x", []string{"{{`}}`}}"}},
		{`{{'}'}}x`, []string{`{{'}'}}`}},
		{"{{/* }} */}}x", []string{"{{/* }} */}}"}},
		{"{{- /* }} */ -}}x", []string{"{{- /* }} */ -}}"}},
		{"{{- .X -}}", []string{"{{- .X -}}"}},
		{"zqx {{.X}}", []string{"{{.X}}"}},
		{"{{.X}}aaaa{{.Y}}bbbb", []string{"{{.X}}", "{{.Y}}"}},
	} {
		text, tokens := extract([]byte(c.src))
		var got []string
		for _, a := range tokens.actions {
			got = append(got, a.text)
			if c.src[a.start:a.start+len(a.text)] != a.text {
				t.Errorf("%s: %s is not at %d", c.src, a.text, a.start)
			}
		}
		if strings.Join(got, "|") != strings.Join(c.actions, "|") {
			t.Errorf("%s: got %q, want %q", c.src, got, c.actions)
		}
		if back, _ := tokens.restore(string(text)); back != c.src {
			t.Errorf("%s: came back as %s", c.src, back)
		}
	}
}

func TestActionKinds(t *testing.T) {
	for text, want := range map[string]struct{ block, flow bool }{
		"{{.X}}":              {false, false},
		"{{if .X}}":           {true, true},
		"{{- else -}}":        {true, true},
		"{{end}}":             {true, true},
		"{{range .X}}":        {true, true},
		"{{with $x := .X}}":   {true, true},
		"{{$x := .X}}":        {true, true},
		"{{$x = .X}}":         {true, true},
		"{{$x}}":              {false, false},
		"{{$x.Y}}":            {false, false},
		`{{template "a" .}}`:  {true, false},
		"{{/* note */}}":      {true, false},
		"{{- /* note */ -}}":  {true, false},
		"{{ifx .X}}":          {false, false},
		`{{printf "%d" 1}}`:   {false, false},
		"{{ end }}":           {true, true},
		"{{else if .X}}":      {true, true},
		"{{.X | printf `a`}}": {false, false},
		"{{range.X}}":         {true, true},
		"{{if(.X)}}":          {true, true},
		"{{$x:=.X}}":          {true, true},
		"{{$x | printf `=`}}": {false, false},
		"{{- end}}":           {true, true},
		"{{end -}}":           {true, true},
		"{{-1}}":              {false, false},
	} {
		if a := newAction(text, 0); a.block != want.block || a.flow != want.flow {
			t.Errorf("%s: block %v, flow %v", text, a.block, a.flow)
		}
	}
}

// FuzzActions: whatever text/template accepts passes through tokens unchanged, every action whole,
// and no text of the source becomes an action.
func FuzzActions(f *testing.F) {
	for _, name := range []string{"guide.en.md", "tenant.zh.md", "index.en.md"} {
		data, err := os.ReadFile(templatesDir + "/docs/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	for _, s := range []string{"{", "{{`}}`}}", "{{\"a\"}}{", "{{/* a */}}", "zqxaaaa {{1}}", "{{'}'}}zqx", "a{{- 1 -}}b", "{ {{1}}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		if !utf8.ValidString(src) || checkSyntax(source{name: "x", data: []byte(src)}) != nil {
			return
		}
		text, tokens := extract([]byte(src))
		if strings.Contains(string(text), "{{") {
			t.Fatalf("an action is left: %q", text)
		}
		if _, err := tokens.missing(string(text)); err != nil {
			t.Fatal(err)
		}
		back, maps := tokens.restore(string(text))
		plain := strings.ReplaceAll(strings.ReplaceAll(back, "{{`{{`}}", "{{"), "{{`{`}}", "{")
		if plain != src && strings.ReplaceAll(strings.ReplaceAll(src, "{{`{{`}}", "{{"), "{{`{`}}", "{") != plain {
			t.Fatalf("%q came back as %q", src, back)
		}
		for i, m := range maps {
			if a := tokens.actions[i]; back[m.generated:m.generated+m.length] != a.text || src[m.source:m.source+m.length] != a.text {
				t.Fatalf("%q: action %d is mapped wrongly", src, i)
			}
		}
	})
}

// FuzzCompile: Markdown around actions never makes, loses or joins one.
func FuzzCompile(f *testing.F) {
	for _, s := range []string{
		"# a\n\n{{.X}}", "# a\n\n- b {{.X}}\n{{if .X}}\n- c\n{{end}}\n", "# a\n| a | b |\n| - | - |\n{{range .L}}\n| {{.}} | b |\n{{end}}\n",
		"# a\n\n```go\n{{.X}}\n```\n", "# {{.X}} {#b}\n\n[{{.X}}]({{.X}})", "# a\n\n\\{\\{.X}}{{.X}}", "# a\n\n&#123;&#123;.X}} {{.X}}", "# a\n\n    {{.X}}\n",
		"# a\n\n> [!NOTE]\n> {{.X}}\n", "# a\n\n<b>{{.X}}</b>\n",
	} {
		f.Add(s)
	}
	md := newMarkdown(false)
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) > 1<<12 || !utf8.ValidString(src) || strings.Contains(src, "\x00") {
			return
		}
		s := source{name: "x.md", data: []byte(src)}
		if checkSyntax(s) != nil {
			return
		}
		_, tokens := extract([]byte(src))
		d, list := compile(md, s, map[string]string{})
		if list.HasErrors() {
			return
		}
		compiled, err := template.New("x").Parse(d.template)
		if err != nil {
			if strings.Contains(src, "define") || strings.Contains(src, "block") || strings.Contains(src, "break") || strings.Contains(src, "continue") {
				return // legal at the top level only, or anywhere in a loop
			}
			t.Fatalf("%q compiled to %q: %v", src, d.template, err)
		}
		if compiled.Lookup("content") == nil {
			t.Fatalf("%q has no content", src)
		}
		for _, m := range d.maps {
			if d.template[m.generated:m.generated+m.length] != src[m.source:m.source+m.length] {
				t.Fatalf("%q: an action is mapped wrongly", src)
			}
		}
		if want := len(tokens.actions); len(d.maps) < want {
			t.Fatalf("%q: %d of %d actions survived", src, len(d.maps), want)
		}
	})
}
