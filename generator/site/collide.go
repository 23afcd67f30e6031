package site

import (
	"cmp"
	"slices"
	"strings"

	"embedgen/generator/config"
	"embedgen/generator/config/rule"
	"embedgen/generator/diag"
)

// claim is a path of an origin that a tenant's nginx locations answer.
type claim struct {
	path   string // ends in "/", so that a prefix of bytes is a prefix of segments
	exact  bool   // only the path itself, not what is below
	tenant *config.Tenant
	what   string // contextPath, publicPath or an endpoint
	cec    string // of a contextPath: where it leads
	pos    config.Pos
}

// checkPaths refuses overlapping paths of one origin (requirements/nginx.md NG-16). It sorts
// the claims, so that whatever contains a claim stands before it: no quadratic search. A tenant
// whose id is taken has been reported, and collides with the first in everything.
func (r *resolver) checkPaths() {
	origins := map[string][]claim{}
	known := map[string]bool{}
	for _, t := range r.file.Tenants {
		if origin := config.NormalOrigin(t.Origin.V); origin != "" && t.ID.V != "" && !known[t.ID.V] {
			known[t.ID.V] = true
			origins[origin] = append(origins[origin], r.claims(t)...)
		}
	}
	for _, claims := range origins {
		slices.SortStableFunc(claims, func(a, b claim) int { return cmp.Compare(a.path, b.path) })
		var open []claim // those that contain the current one, outermost first
		for _, c := range claims {
			for len(open) > 0 && !strings.HasPrefix(c.path, open[len(open)-1].path) {
				open = open[:len(open)-1]
			}
			if i := slices.IndexFunc(open, func(o claim) bool { return collide(o, c) }); i >= 0 {
				r.collision(open[i], c)
			}
			open = append(open, c)
		}
	}
}

// claims lists what a tenant answers, each context path once.
func (r *resolver) claims(t *config.Tenant) []claim {
	var list []claim
	add := func(path, what, cec string, exact bool, pos config.Pos) {
		if path != "" {
			list = append(list, claim{strings.TrimSuffix(path, "/") + "/", exact, t, what, cec, pos})
		}
	}
	place := func(v config.Value[string]) config.Pos {
		if v.Set {
			return v.Pos
		}
		return t.ID.Pos
	}
	add(or(t.PublicPath, "/"+t.ID.V+"/"), "publicPath", "", false, place(t.PublicPath))
	add(or(t.Endpoints.Authorization, defaultAuthorizationPath), "endpoints.authorization", "", true, place(t.Endpoints.Authorization))
	add(or(t.Endpoints.Token, defaultTokenPath), "endpoints.token", "", true, place(t.Endpoints.Token))
	add(or(t.Endpoints.Validation, defaultValidationPath), "endpoints.validation", "", true, place(t.Endpoints.Validation))
	seen := map[[2]string]bool{}
	for _, c := range t.Channels {
		path := inherited(r, t, c, func(i *config.Inherited) config.Value[string] { return i.ContextPath })
		cec := inherited(r, t, c, func(i *config.Inherited) config.Value[string] { return i.CEC })
		key := [2]string{or(path, defaultContextPath), config.NormalOrigin(cec.V)}
		if strings.Contains(key[0], "://") || seen[key] {
			continue
		}
		seen[key] = true
		at := place(path)
		if c.CEC.Set && !c.ContextPath.Set {
			at = c.CEC.Pos
		}
		add(key[0], "contextPath", key[1], false, at)
	}
	return list
}

// collide reports whether two claims, the second within the first, cannot both be served.
func collide(outer, inner claim) bool {
	same := outer.path == inner.path
	switch {
	case !same && outer.exact:
		return false
	case outer.tenant != inner.tenant:
		return !strings.EqualFold(outer.tenant.ID.V, inner.tenant.ID.V) // that is reported already
	}
	return same || outer.what == "contextPath" // within a tenant, anything may be below publicPath
}

func (r *resolver) collision(outer, inner claim) {
	first, second := outer, inner
	if a, b := first.pos.Diag(), second.pos.Diag(); a.File == b.File && (a.Line > b.Line || a.Line == b.Line && a.Column > b.Column) {
		first, second = second, first
	}
	message := "overlaps"
	hint := "give one of them another path"
	switch {
	case first.path == second.path && first.cec != second.cec && first.what == second.what && first.tenant == second.tenant:
		message, hint = "leads to two CECs: it is also", "give each CEC its own contextPath, such as /eu/service-cloud"
	case first.path == second.path:
		message = "is also"
	}
	d := r.report(second.pos, rule.PathCollision, hint, "%s %q of tenant %q %s %s %q of tenant %q on %s",
		second.what, shown(second), second.tenant.ID.V, message, first.what, shown(first), first.tenant.ID.V, config.NormalOrigin(second.tenant.Origin.V))
	d.Related = []diag.Related{{Pos: first.pos.Diag(), Message: first.what + " of tenant " + first.tenant.ID.V}}
}

func shown(c claim) string {
	if c.what == "publicPath" {
		return c.path
	}
	return strings.TrimSuffix(c.path, "/")
}

// checkChannelConfigs warns of two channels with one configuration in CEC.
func (r *resolver) checkChannelConfigs() {
	first := map[[2]string]*config.Channel{}
	for _, t := range r.file.Tenants {
		for _, c := range t.Channels {
			key := [2]string{t.TenantSpaceID.V, c.ChannelConfigID.V}
			if key[0] == "" || key[1] == "" {
				continue
			}
			before := first[key]
			if before == nil {
				first[key] = c
				continue
			}
			d := r.report(c.ChannelConfigID.Pos, rule.DuplicateChannelConfig, "make a channel configuration of its own in the CEC console",
				"channels %q and %q share channelConfigId %q", before.ID.V, c.ID.V, c.ChannelConfigID.V)
			d.Related = []diag.Related{{Pos: before.ChannelConfigID.Pos.Diag(), Message: "first here"}}
		}
	}
}
