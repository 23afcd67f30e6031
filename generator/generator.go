package generator

import (
	"context"
	"io/fs"
	"path"
	"slices"

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
}

// A Generator builds, and remembers compiled templates from one build to the next. It must not
// be used by two goroutines at once.
type Generator struct {
	engine *render.Engine
	key    string // of the templates that engine was compiled from
}

// Build makes the output tree of an input. It reads the input's file systems and nothing else;
// the same input gives the same result whatever the number of processors. A canceled context
// ends it early with the context's error.
func (g *Generator) Build(ctx context.Context, in Input) (Result, error) {
	var r Result
	file, list := config.Load(in.Root, in.Config)
	r.Inputs = file.Sources
	s, more := site.Resolve(file, in.Root)
	r.Diagnostics = append(list, more...)
	engine, problems := g.compile(in.Templates)
	r.Diagnostics = append(r.Diagnostics, problems...)
	if s == nil || engine == nil || r.Diagnostics.HasErrors() {
		r.Diagnostics.Sort()
		return r, nil
	}
	r.Inputs = append(r.Inputs, inputs(s)...)
	if in.Adapt != nil {
		in.Adapt(s)
	}
	tree, problems, err := engine.Render(ctx, s, pages(in.Root, s.Pages))
	r.Diagnostics = append(r.Diagnostics, problems...)
	r.Diagnostics.Sort()
	if err != nil || r.Diagnostics.HasErrors() {
		return r, err
	}
	r.Tree, r.Site = tree, s
	return r, nil
}

// compile returns the engine for the templates, the one of the last build if they are the same.
func (g *Generator) compile(over fs.FS) (*render.Engine, diag.List) {
	all := templates.Overlay(over)
	key, err := fingerprint(all)
	if err != nil {
		return nil, diag.List{{Rule: "template-file", Message: err.Error(), Hint: "see that the templates folder can be read"}}
	}
	if g.engine != nil && g.key == key {
		return g.engine, nil
	}
	engine, problems := render.New(all)
	if problems.HasErrors() {
		return nil, problems
	}
	g.engine, g.key = engine, key
	return engine, problems
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
