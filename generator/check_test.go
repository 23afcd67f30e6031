package generator_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"gopkg.in/yaml.v3"

	"embedgen/generator"
	"embedgen/generator/internal/lab"
)

// TestCheckFindsWhatBuildFinds compares Check and Build over the example and over inputs that are
// wrong in channels.yaml, in a template and on a page.
func TestCheckFindsWhatBuildFinds(t *testing.T) {
	example := os.DirFS("..")
	file := func(name, text string) fstest.MapFS { return fstest.MapFS{name: {Data: []byte(text)}} }
	pages := fstest.MapFS{"channels.yaml": {Data: append(agency(40), "environments: {staging: {}}\n"...)}, "pages/a.md": {Data: []byte("# A\n[b](b.md) [c](../t1/c11.html)\n")}}
	pages["channels.yaml"].Data = bytes.Replace(pages["channels.yaml"].Data, []byte("site: {"), []byte("site: {pages: pages, "), 1)
	for name, in := range map[string]generator.Input{
		"example":             {Root: example, Config: "channels.yaml"},
		"bad channels.yaml":   {Root: file("channels.yaml", "version: 1\ntenants: [{id: A}]\n"), Config: "channels.yaml"},
		"bad syntax":          {Root: example, Config: "channels.yaml", Templates: file("page/index.html", "{{")},
		"bad field":           {Root: example, Config: "channels.yaml", Templates: file("docs/tenant.zh.md", "# {{.Doc.Nothing.At.All}}\n")},
		"bad link on a page":  {Root: pages, Config: "channels.yaml"},
		"no such environment": {Root: example, Config: "channels.yaml", Environment: "staging"},
	} {
		checked, checkErr := new(generator.Generator).Check(context.Background(), in)
		built, buildErr := new(generator.Generator).Build(context.Background(), in)
		if got, want := fmt.Sprint(checked.Diagnostics, checked.Inputs), fmt.Sprint(built.Diagnostics, built.Inputs); got != want {
			t.Errorf("%s: Check finds\n%s\nBuild finds\n%s", name, got, want)
		}
		if (checkErr == nil) != (buildErr == nil) || (checked.Site == nil) != (built.Site == nil) || checked.Tree != nil {
			t.Errorf("%s: Check returns %v, Build %v", name, checkErr, buildErr)
		}
		if name != "example" && buildErr == nil && !built.Diagnostics.HasErrors() {
			t.Errorf("%s: nothing is wrong", name)
		}
	}
}

// TestCheckEnvironments holds that Check looks into every environment.
func TestCheckEnvironments(t *testing.T) {
	text := string(agency(20)) + "environments: {staging: {tenants: {t1: {origin: https://www0.example}}}}\n"
	in := generator.Input{Root: fstest.MapFS{"channels.yaml": {Data: []byte(text)}}, Config: "channels.yaml"}
	r, err := new(generator.Generator).Check(context.Background(), in)
	if err != nil || !r.Diagnostics.HasErrors() || !strings.Contains(r.Diagnostics[0].Message, "(in environment staging)") {
		t.Errorf("found %v, %v", r.Diagnostics, err)
	}
}

// BenchmarkCheck100k checks 100,000 channels in 100 included files. It reports how many times as
// long that takes as the bare YAML parse of the same files, equally parallel, and the most memory
// that it took from the system beyond what the benchmark itself has.
func BenchmarkCheck100k(b *testing.B) {
	fsys := fstest.MapFS{"channels.yaml": {Data: []byte("version: 1\ninclude: [tenants/*.yaml]\n")}}
	for i := range 100 {
		_, tenants, _ := strings.Cut(string(agency(1000)), "tenants:\n")
		tenants = strings.NewReplacer("id: t", fmt.Sprintf("id: f%d-", i), "www", fmt.Sprintf("www%d.", i), "2021021", fmt.Sprintf("2021%03d", i)).Replace(tenants)
		fsys[fmt.Sprintf("tenants/f%d.yaml", i)] = &fstest.MapFile{Data: []byte("tenants:\n" + tenants)}
	}
	var bare, full time.Duration
	var peak uint64
	for b.Loop() {
		bare += elapsed(func() { parseAll(b, fsys) })
		debug.FreeOSMemory()
		before, most := lab.Memory(), uint64(0)
		stop := lab.WatchMemory(&most)
		full += elapsed(func() {
			r, err := new(generator.Generator).Check(context.Background(), generator.Input{Root: fsys, Config: "channels.yaml"})
			if err != nil || len(r.Diagnostics) > 0 {
				b.Fatal(err, r.Diagnostics[:min(3, len(r.Diagnostics))])
			}
		})
		stop()
		peak = max(peak, most-before)
	}
	b.ReportMetric(float64(full)/float64(bare), "x-bare-parse")
	b.ReportMetric(float64(peak)/1e6, "peak-MB")
}

// elapsed times do in a heap without garbage and without spare memory, as a new process has it.
func elapsed(do func()) time.Duration {
	debug.FreeOSMemory()
	start := time.Now()
	do()
	return time.Since(start)
}

// parseAll parses every file into nodes and drops them.
func parseAll(b *testing.B, fsys fstest.MapFS) {
	var wait sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for _, file := range fsys {
		slots <- struct{}{}
		wait.Go(func() {
			var n yaml.Node
			if err := yaml.Unmarshal(file.Data, &n); err != nil {
				b.Error(err)
			}
			<-slots
		})
	}
	wait.Wait()
}
