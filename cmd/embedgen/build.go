package main

import (
	"context"
	"flag"
	"fmt"
	"time"

	"embedgen/generator"
	"embedgen/generator/artifact"
	"embedgen/generator/diag"
)

// buildFlags are the flags of embedgen build.
type buildFlags struct {
	project
	out               string
	check, json, exec bool
	keep              int
}

var buildCommand = command{
	name: "build", args: "[flags]", summary: "write out/: pages, scripts, snippets, nginx files, documentation",
	setup: func(a *app, fs *flag.FlagSet) func(context.Context, []string) error {
		f := new(buildFlags)
		f.bind(fs)
		f.bindTemplates(fs)
		fs.StringVar(&f.out, "out", "out", "write into this `folder`")
		fs.StringVar(&f.out, "o", "out", "")
		fs.BoolVar(&f.check, "check", false, "write nothing; list what differs from the folder, and exit 1 if anything does")
		fs.BoolVar(&f.json, "json", false, "print a summary for machines")
		fs.IntVar(&f.keep, "keep", artifact.Retention, "keep a replaced asset for this `number` of builds that replace assets, since cached pages ask for it")
		fs.BoolVar(&f.exec, "exec-secrets", false, "run the commands of {exec: …} secrets too, to search the output for what they print")
		return func(ctx context.Context, args []string) error {
			if len(args) > 0 {
				return usagef("build takes no arguments, got %q", args[0])
			}
			if f.keep < 0 {
				return usagef("--keep %d is less than 0", f.keep)
			}
			return a.build(ctx, f)
		}
	},
}

// buildSummary is the output of build --json.
type buildSummary struct {
	Out         string            `json:"out"`
	Tenants     int               `json:"tenants"`
	Channels    int               `json:"channels"`
	Files       int               `json:"files"`
	Bytes       int64             `json:"bytes"`
	Written     int               `json:"written"`
	Kept        int               `json:"kept"`
	Removed     int               `json:"removed"`
	Retired     int               `json:"retired"`           // replaced assets that stay
	Changes     []artifact.Change `json:"changes,omitempty"` // of --check
	Diagnostics diag.List         `json:"-"`
}

func (a *app) build(ctx context.Context, f *buildFlags) error {
	start := time.Now()
	r, err := a.generate(ctx, &f.project)
	if err != nil {
		return err
	}
	if list := f.leaks(r.Site, r.Tree); len(list) > 0 {
		return problems{list}
	}
	sum := buildSummary{
		Out: f.out, Tenants: len(r.Site.Tenants),
		Files: len(r.Tree.Files()), Bytes: r.Tree.Bytes(),
	}
	for _, t := range r.Site.Tenants {
		sum.Channels += len(t.Channels)
	}
	if f.check {
		return a.checkOutput(f, r.Tree, sum)
	}
	wrote, err := artifact.WriteKeeping(r.Tree, f.out, f.keep)
	if err != nil {
		return &failure{status: exitMachine, err: fmt.Errorf("cannot write %s: %w", f.out, err)}
	}
	sum.Written, sum.Kept, sum.Removed, sum.Retired = wrote.Written, wrote.Kept, wrote.Removed, wrote.Retired
	if f.json {
		return printJSON(a.stdout, sum)
	}
	retired := ""
	if sum.Retired > 0 {
		retired = fmt.Sprintf(", %s kept for cached pages", count(sum.Retired, "replaced asset"))
	}
	fmt.Fprintf(a.stderr, "%s: %s, %s, %s (%s) in %v: %d written, %d unchanged, %d removed%s\n", f.out,
		count(sum.Tenants, "tenant"), count(sum.Channels, "channel"), count(sum.Files, "file"), size(sum.Bytes),
		time.Since(start).Round(time.Millisecond), sum.Written, sum.Kept, sum.Removed, retired)
	return nil
}

func (a *app) checkOutput(f *buildFlags, tree *artifact.Tree, sum buildSummary) error {
	changes, err := artifact.Compare(tree, f.out)
	if err != nil {
		return &failure{status: exitMachine, err: fmt.Errorf("cannot read %s: %w", f.out, err)}
	}
	sum.Changes = changes
	if f.json {
		err = printJSON(a.stdout, sum)
	} else {
		for _, c := range changes {
			fmt.Fprintf(a.stdout, "%-8s %s\n", c.Kind, c.Path)
		}
	}
	switch {
	case err != nil:
		return err
	case len(changes) == 0:
		fmt.Fprintf(a.stderr, "%s is what channels.yaml says: %s\n", f.out, count(sum.Files, "file"))
		return nil
	}
	return inputf("%s differs from a fresh build in %s", f.out, count(len(changes), "file")).
		withHint("run `embedgen build`, then commit the folder")
}

// generate builds in memory, prints diagnostics, and fails if there are errors among them.
func (a *app) generate(ctx context.Context, p *project) (generator.Result, error) {
	in, err := p.input()
	if err != nil {
		return generator.Result{}, err
	}
	r, err := new(generator.Generator).Build(ctx, in)
	if err != nil {
		return r, err
	}
	if r.Diagnostics.HasErrors() {
		return r, problems{r.Diagnostics}
	}
	a.printDiagnostics(r.Diagnostics)
	return r, nil
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func size(bytes int64) string {
	if bytes < 1_000_000 {
		return fmt.Sprintf("%.0f kB", float64(bytes)/1e3)
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
}
