package config

import (
	"strings"

	"embedgen/generator/config/rule"
	"embedgen/generator/diag"
)

// mergeEnvironments adds what an included file says about the environments of channels.yaml.
func (f *File) mergeEnvironments(part *File) diag.List {
	var r reader
	for _, e := range part.Environments {
		into := f.environment(e.Name.V)
		if into == nil {
			r.reportAt(e.Name.Pos, rule.UnknownEnvironment, f.environmentHint(e.Name.V),
				"environment %s is not in %s", quote(e.Name.V), f.Name)
			continue
		}
		into.Tenants = append(into.Tenants, e.Tenants...)
	}
	return r.problems
}

func (f *File) environmentHint(name string) string {
	known := f.EnvironmentNames()
	if hint := didYouMean(name, known); hint != "" {
		return hint
	}
	if len(known) == 0 {
		return "name it there: environments: {" + name + ": {…}}"
	}
	return "known environments: " + strings.Join(known, ", ")
}

// checkEnvironments reports what an environment changes twice, what does not exist, and context
// paths that would change their kind.
func (f *File) checkEnvironments() diag.List {
	if len(f.Environments) == 0 {
		return nil
	}
	var r reader
	tenants := make(map[string]*Tenant, len(f.Tenants))
	var ids []string
	for _, t := range f.Tenants {
		tenants[t.ID.V] = t
		ids = append(ids, t.ID.V)
	}
	for _, e := range f.Environments {
		r.once("tenant", len(e.Tenants), func(i int) Value[string] { return e.Tenants[i].ID })
		for _, o := range e.Tenants {
			if t := tenants[o.ID.V]; t == nil {
				r.unknownReference("tenant", o.ID, ids)
			} else {
				r.checkChannels(o, t)
			}
		}
		r.checkKinds(f, e)
	}
	return r.problems
}

func (r *reader) checkChannels(o *TenantOverride, t *Tenant) {
	if len(o.Channels) == 0 {
		return
	}
	known := make(map[string]bool, len(t.Channels))
	var ids []string
	for _, c := range t.Channels {
		known[c.ID.V] = true
		ids = append(ids, c.ID.V)
	}
	for _, c := range o.Channels {
		if !known[c.ID.V] {
			r.unknownReference("channel of tenant "+t.ID.V, c.ID, ids)
		}
	}
}

func (r *reader) unknownReference(what string, id Value[string], known []string) {
	if r.done() {
		return // not worth looking for what was meant
	}
	r.reportAt(id.Pos, rule.UnknownReference, didYouMean(id.V, known), "%s is no %s", quote(id.V), what)
}

// once reports ids that stand in two files for one environment; within one file that is a
// duplicate key already.
func (r *reader) once(kind string, n int, id func(int) Value[string]) {
	first := make(map[string]Value[string], n)
	for i := range n {
		v := id(i)
		before, twice := first[v.V]
		if !twice {
			first[v.V] = v
		} else if before.Pos.src != v.Pos.src {
			d := r.reportAt(v.Pos, rule.DuplicateKey, "keep one of them", "%s %s appears twice in an environment", kind, quote(v.V))
			d.Related = []diag.Related{{Pos: before.Pos.Diag(), Message: "first here"}}
		}
	}
}

// checkKinds insists that a context path stays a path or an address: pages of the other kind load
// from elsewhere, under another policy, and would prove nothing about those in production.
func (r *reader) checkKinds(f *File, e *Environment) {
	reported := map[Pos]bool{}
	view := e.view()
	for _, t := range f.Tenants {
		for _, c := range t.Channels {
			path := view.value(t, c, func(o *Override) Value[string] { return o.ContextPath })
			usual := First(c.ContextPath, t.ContextPath, f.Defaults.ContextPath)
			if path.V == "" || usual.Set && usual.V == "" || isAddress(path.V) == isAddress(usual.V) || reported[path.Pos] {
				continue
			}
			reported[path.Pos] = true
			kinds := []string{"a path on the site", "an address of its own"}
			if isAddress(path.V) {
				kinds[0], kinds[1] = kinds[1], kinds[0]
			}
			d := r.reportAt(path.Pos, rule.EnvironmentKind, "keep it "+kinds[1]+", or change the channel itself",
				"contextPath %s is %s, but that of channel %s is %s without environment %s",
				quote(path.V), kinds[0], quote(c.ID.V), kinds[1], e.Name.V)
			if usual.Set {
				d.Related = []diag.Related{{Pos: usual.Pos.Diag(), Message: "without the environment"}}
			}
		}
	}
}

func isAddress(contextPath string) bool { return strings.Contains(contextPath, "://") }
