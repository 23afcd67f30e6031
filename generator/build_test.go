package generator_test

import (
	"bytes"
	"context"
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

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
