package config

import (
	"io/fs"

	"gopkg.in/yaml.v3"

	"embedgen/generator/config/rule"
	"embedgen/generator/diag"
)

// File is a whole channels.yaml with the files that it includes.
type File struct {
	Name     string   // of channels.yaml
	Sources  []string // every file that was read, channels.yaml first
	Version  Value[int]
	Site     Site
	Defaults Inherited
	Include  []Value[string]
	Service  Service
	Nginx    Nginx
	Tenants  []*Tenant // of all files, in the order of the includes
	// Environments are in the order of channels.yaml; included files add tenants to them.
	Environments []*Environment

	list         Pos // of tenants
	environments Pos
	chosen       *Environment // that In applied
	broken       bool
}

// Broken reports whether reading found an error, so that no [site.Site] can be made of it.
func (f *File) Broken() bool { return f.broken }

var fileKeys = fields[File]{
	"version":      func(r *reader, f *File, n *yaml.Node) { f.Version = r.formatVersion(n) },
	"site":         func(r *reader, f *File, n *yaml.Node) { mapping(r, n, "site", siteKeys, &f.Site) },
	"defaults":     func(r *reader, f *File, n *yaml.Node) { mapping(r, n, "defaults", inheritedKeys, &f.Defaults) },
	"tenants":      func(r *reader, f *File, n *yaml.Node) { r.tenants(n, f) },
	"include":      func(r *reader, f *File, n *yaml.Node) { r.includes(n, f) },
	"environments": func(r *reader, f *File, n *yaml.Node) { r.environments(n, f, environmentKeys) },
	"service":      func(r *reader, f *File, n *yaml.Node) { mapping(r, n, "service", serviceKeys, &f.Service) },
	"nginx":        func(r *reader, f *File, n *yaml.Node) { mapping(r, n, "nginx", nginxKeys, &f.Nginx) },
}

// includedKeys are those of an included file: tenants, and what environments change for them.
var includedKeys = fields[File]{
	"version":      fileKeys["version"],
	"tenants":      fileKeys["tenants"],
	"environments": func(r *reader, f *File, n *yaml.Node) { r.environments(n, f, includedEnvironmentKeys) },
}

// Load reads the channels.yaml of a name and what it includes. It always returns a File, as far
// as it could be read; problems come sorted by place.
func Load(fsys fs.FS, name string) (*File, diag.List) {
	limits := newQuota()
	f, problems := readFile(fsys, limits, name, "channels.yaml", fileKeys)
	f.Name = name
	f.Sources = []string{name}
	problems = append(problems, f.loadIncludes(fsys, limits)...)
	if limits.exceeded() {
		f.broken = true
		f.Tenants, f.Environments = nil, nil
		return f, f.tooMany()
	}
	problems = append(problems, f.unique()...)
	problems = append(problems, f.checkEnvironments()...)
	if len(f.Tenants) == 0 && !problems.HasErrors() {
		problems = append(problems, f.list.at(f).Problem(rule.MissingKey, "write one, or run embedgen add tenant", "there is no tenant"))
	}
	problems.Sort()
	f.broken = problems.HasErrors()
	return f, problems
}

// readFile reads one file whose top level has the given keys.
func readFile(fsys fs.FS, limits *quota, name, what string, keys fields[File]) (*File, diag.List) {
	f := &File{}
	src, problems := openSource(fsys, name)
	if src == nil {
		return f, problems
	}
	r := &reader{src: src, problems: problems, quota: limits}
	values, ok := r.weigh()
	if !ok {
		return f, r.problems
	}
	limits.parse(values, func() {
		root := r.parse()
		if root != nil && mapping(r, root, what, keys, f) {
			r.requireTop(root, f, what)
		}
	})
	return f, r.problems
}

// requireTop reports what the top level of a file lacks.
func (r *reader) requireTop(root *yaml.Node, f *File, what string) {
	included := what != "channels.yaml"
	if !f.Version.Set && !included {
		r.report(root, rule.MissingKey, "write version: 1", "channels.yaml has no version")
	}
	if f.Tenants == nil && (included || f.Include == nil) {
		r.report(root, rule.MissingKey, "write tenants: and below it a list of them", "%s has no tenants", what)
	}
}

// formatVersion reads version, which is 1.
func (r *reader) formatVersion(n *yaml.Node) Value[int] {
	n, s := r.scalar(n, "version")
	v := Value[int]{Set: s.Set, Pos: s.Pos}
	if n == nil {
		return v
	}
	if n.Value != "1" || n.Style != 0 {
		r.report(n, rule.BadVersion, "write version: 1", "version is %s, this program reads version 1", quote(n.Value))
		return v
	}
	v.V = 1
	return v
}

func (r *reader) tenants(n *yaml.Node, f *File) {
	f.Tenants, f.list = []*Tenant{}, r.pos(n)
	r.sequence(n, "tenants", func(item *yaml.Node) {
		if !r.quota.admit() {
			return
		}
		if t := r.tenant(item); t != nil {
			f.Tenants = append(f.Tenants, t)
		}
	})
}

// unique reports tenants of one id, which may be in different files.
func (f *File) unique() diag.List {
	var r reader
	r.unique("tenant", len(f.Tenants), func(i int) Value[string] { return f.Tenants[i].ID })
	return r.problems
}
