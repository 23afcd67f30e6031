package generator_test

import (
	"bytes"
	"context"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/net/html"

	"embedgen/generator"
	"embedgen/generator/artifact"
)

// example is the repository's own channels.yaml.
func example() generator.Input {
	return generator.Input{Root: os.DirFS(".."), Config: "channels.yaml"}
}

func build(t *testing.T, in generator.Input) generator.Result {
	t.Helper()
	r, err := new(generator.Generator).Build(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestExampleBuildsWithoutAWord(t *testing.T) {
	r := build(t, example())
	for _, d := range r.Diagnostics {
		t.Errorf("%v", d)
	}
	if r.Tree == nil {
		t.Fatal("no tree")
	}
}

// TestOutIsFresh holds the committed out/ against a build of the committed channels.yaml.
func TestOutIsFresh(t *testing.T) {
	r := build(t, example())
	if r.Tree == nil {
		t.Fatal(r.Diagnostics)
	}
	changes, err := artifact.Compare(r.Tree, "../out")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range changes {
		t.Errorf("out/%s is %s", c.Path, c.Kind)
	}
	if len(changes) > 0 {
		t.Error("run `go run ./cmd/embedgen build`, and commit out/")
	}
}

// TestDOC12SnippetForms: a guide shows each form of the snippet as embedgen snippet prints it.
func TestDOC12SnippetForms(t *testing.T) {
	r := build(t, example())
	shown := 0
	for _, tenant := range r.Site.Tenants {
		for _, ch := range tenant.Channels {
			made, err := r.Channel(ch)
			if err != nil {
				t.Fatal(err)
			}
			for _, lang := range r.Site.Languages {
				name := "docs/" + lang + "/" + tenant.ID + "/" + ch.ID + ".html"
				page, ok := r.Tree.Lookup(name)
				if !ok {
					t.Fatalf("no %s", name)
				}
				blocks := codeBlocks(t, page.Data)
				for _, form := range made.Forms {
					shown++
					if !slices.Contains(blocks, strings.TrimSuffix(string(form.Text), "\n")) {
						t.Errorf("%s does not show the form %s", name, form.Name)
					}
				}
			}
		}
	}
	if shown < 70 {
		t.Errorf("only %d forms", shown)
	}
}

// codeBlocks returns the text of each code block of a page.
func codeBlocks(t *testing.T, page []byte) []string {
	t.Helper()
	doc, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var blocks []string
	for n := range doc.Descendants() {
		if n.Data != "code" || n.Parent.Data != "pre" {
			continue
		}
		var text strings.Builder
		for part := range n.Descendants() {
			if part.Type == html.TextNode {
				text.WriteString(part.Data)
			}
		}
		blocks = append(blocks, text.String())
	}
	return blocks
}

func TestBuildIsDeterministic(t *testing.T) {
	in := generator.Input{Root: fstest.MapFS{"channels.yaml": {Data: agency(60)}}, Config: "channels.yaml"}
	manifest := func() []byte {
		f, _ := build(t, in).Tree.Lookup(artifact.ManifestPath)
		return f.Data
	}
	want := manifest()
	for range 3 {
		if !bytes.Equal(manifest(), want) {
			t.Fatal("two builds differ")
		}
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	if !bytes.Equal(manifest(), want) {
		t.Error("a build on one processor differs")
	}
}

// Each tenant's folders hold nothing of another tenant.
func TestTenantsAreApart(t *testing.T) {
	r := build(t, example())
	for _, f := range r.Tree.Files() {
		top, rest, _ := strings.Cut(f.Path, "/")
		if top == "docs" {
			continue
		}
		owner, _, _ := strings.Cut(rest, "/")
		for _, tenant := range r.Site.Tenants {
			if tenant.ID == owner {
				continue
			}
			for _, mark := range []string{tenant.Name, tenant.TenantSpaceID, tenant.Origin} {
				if bytes.Contains(f.Data, []byte(mark)) {
					t.Errorf("%s mentions %q of tenant %s", f.Path, mark, tenant.ID)
				}
			}
		}
	}
}

func TestErrorsMakeNoTree(t *testing.T) {
	for name, in := range map[string]generator.Input{
		"config":   {Root: fstest.MapFS{"channels.yaml": {Data: []byte("version: 2\n")}}, Config: "channels.yaml"},
		"missing":  {Root: fstest.MapFS{}, Config: "channels.yaml"},
		"template": {Root: os.DirFS(".."), Config: "channels.yaml", Templates: fstest.MapFS{"page/index.html": {Data: []byte("{{")}}},
		"script":   {Root: os.DirFS(".."), Config: "channels.yaml", Templates: fstest.MapFS{"embed/main.js": {Data: []byte("let (")}}},
		"guide":    {Root: os.DirFS(".."), Config: "channels.yaml", Templates: fstest.MapFS{"docs/guide.en.md": {Data: []byte("{{.Nope}}")}}},
	} {
		t.Run(name, func(t *testing.T) {
			r := build(t, in)
			if r.Tree != nil || r.Site != nil || !r.Diagnostics.HasErrors() {
				t.Fatalf("tree %v, diagnostics %v", r.Tree != nil, r.Diagnostics)
			}
			for _, d := range r.Diagnostics {
				if d.Pos.File == "" || d.Rule == "" {
					t.Errorf("no place or no rule: %v", d)
				}
			}
		})
	}
}

func TestCanceledBuildEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r, err := new(generator.Generator).Build(ctx, example())
	if err == nil || r.Tree != nil {
		t.Errorf("got %v and a tree: %v", err, r.Tree != nil)
	}
}
