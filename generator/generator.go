package generator

import (
	"context"
	"io/fs"
	"path"
	"slices"
	"sync"

	"embedgen/generator/artifact"
	"embedgen/generator/config"
	"embedgen/generator/diag"
	"embedgen/generator/render"
	"embedgen/generator/site"
	"embedgen/templates"
)

// Input is everything that a build depends on.
type Input struct {
	Root      fs.FS  // the folder of channels.yaml
	Config    string // slash path of channels.yaml below Root
	Templates fs.FS  // overrides of the default templates; nil for none
	// Environment is the one of channels.yaml to build for, such as staging; "" is none.
	Environment string
	// Adapt changes the resolved site before it is rendered; nil for no change. The development
	// server uses it to put the simulated CEC in the place of one that browsers talk to directly.
	Adapt func(*site.Site)
}

// Result is what a build made of its input.
type Result struct {
	Tree        *artifact.Tree // nil if there are errors
	Site        *site.Site     // nil if there are errors
	Diagnostics diag.List      // sorted; warnings too
	// Inputs are the files and folders below Input.Root that were read, as slash paths: what a
	// development server must watch. They are known even after errors.
	Inputs []string

	file   *config.File
	engine *render.Engine
}

// Channel renders one channel with the templates of the build: one of Site, or a copy of one with
// other settings. The result must have no errors.
func (r Result) Channel(ch *site.Channel) (render.Channel, error) { return r.engine.Channel(ch) }

// A Generator builds, and remembers compiled templates from one build to the next. It must not
// be used by two goroutines at once.
type Generator struct {
	compiler render.Compiler
}

// Build makes the output tree of an input. It reads the input's file systems and nothing else;
// the same input gives the same result whatever the number of processors. A canceled context
// ends it early with the context's error.
func (g *Generator) Build(ctx context.Context, in Input) (Result, error) {
	r := g.prepare(in)
	if r.engine == nil {
		return r, nil
	}
	tree, problems, err := r.engine.Render(ctx, r.Site, pages(in.Root, r.Site.Pages))
	r.Tree = tree
	return r.with(problems, err)
}

// Check finds the problems that Build finds, and those that it would find in the environments of
// channels.yaml, if none is asked for. It renders one file of each kind instead of all and has no
// Tree, so that it takes little longer than reading channels.yaml.
func (g *Generator) Check(ctx context.Context, in Input) (Result, error) {
	r := g.prepare(in)
	if in.Environment == "" {
		r, _ = r.with(site.CheckEnvironments(r.file, in.Root, r.Diagnostics), nil)
	}
	if r.engine == nil {
		return r, nil
	}
	return r.with(r.engine.Check(ctx, r.Site, pages(in.Root, r.Site.Pages)))
}

// prepare reads the input. There is no engine, and no site, if anything is wrong with it.
func (g *Generator) prepare(in Input) Result {
	var r Result
	var engine *render.Engine
	var problems diag.List
	var compiling sync.WaitGroup
	compiling.Go(func() { engine, problems = g.compiler.Compile(templates.Overlay(in.Templates)) })
	file, list := config.Load(in.Root, in.Config)
	r.Inputs = file.Sources
	r.file = file
	s, more := site.ResolveEnv(file, in.Root, in.Environment)
	compiling.Wait()
	r.Diagnostics = slices.Concat(list, more, problems)
	if s == nil || engine == nil || r.Diagnostics.HasErrors() {
		r.Diagnostics.Sort()
		return r
	}
	r.Inputs = append(r.Inputs, inputs(s)...)
	if in.Adapt != nil {
		in.Adapt(s)
	}
	r.Site, r.engine = s, engine
	return r
}

// with adds what rendering found.
func (r Result) with(problems diag.List, err error) (Result, error) {
	r.Diagnostics = append(r.Diagnostics, problems...)
	r.Diagnostics.Sort()
	if err != nil || r.Diagnostics.HasErrors() {
		r.Tree, r.Site, r.engine = nil, nil, nil
	}
	return r, err
}

// inputs are the folders and files that the site names.
func inputs(s *site.Site) []string {
	var list []string
	if s.Pages != "" {
		list = append(list, s.Pages)
	}
	for _, t := range s.Tenants {
		for _, c := range t.Channels {
			for _, l := range []site.Library{c.JQuery, c.Axios} {
				if l.File != "" {
					list = append(list, path.Clean(l.File))
				}
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// pages is the folder of the user's Markdown pages, nil if there is none.
func pages(root fs.FS, dir string) fs.FS {
	if dir == "" {
		return nil
	}
	sub, err := fs.Sub(root, dir)
	if err != nil {
		return nil
	}
	return sub
}
