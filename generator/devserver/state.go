package devserver

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"time"

	"embedgen/generator/diag"
	"embedgen/generator/site"
)

// state is everything that the builds until now have made. It never changes.
type state struct {
	instance string // names this run of the server
	build    int    // counts from 1
	at       time.Time
	took     time.Duration
	good     *good     // the last good build; nil if there was none
	problems diag.List // of the latest build, if it failed
	watched  []string  // what the next build depends on
	history  history
	next     chan struct{} // closed when another state takes its place
}

// mark names a build: what a page carries and a stream sends back.
func (st *state) mark() string { return fmt.Sprintf("%s.%d", st.instance, st.build) }

// failed reports whether the latest build failed.
func (st *state) failed() bool { return len(st.problems) > 0 }

// good is a build that can be served.
type good struct {
	Result
	services Services
	key      string         // of the site as the services know it
	tenants  []*site.Tenant // by id
	byID     map[string]*site.Tenant
}

func newGood(r Result) *good {
	g := &good{Result: r, tenants: slices.Clone(r.Site.Tenants), byID: map[string]*site.Tenant{}}
	slices.SortFunc(g.tenants, func(a, b *site.Tenant) int { return cmp.Compare(a.ID, b.ID) })
	for _, t := range g.tenants {
		g.byID[t.ID] = t
	}
	return g
}

// tenantsOf returns the tenants that a view sees, by id.
func (g *good) tenantsOf(v view) []*site.Tenant {
	if v.tenant == "" {
		return g.tenants
	}
	if t := g.byID[v.tenant]; t != nil {
		return []*site.Tenant{t}
	}
	return nil
}

func (g *good) channel(tenant, id string) *site.Channel {
	t := g.byID[tenant]
	if t == nil {
		return nil
	}
	i := slices.IndexFunc(t.Channels, func(c *site.Channel) bool { return c.ID == id })
	if i < 0 {
		return nil
	}
	return t.Channels[i]
}

// seen is a path on a host: a tenant's, or with "" every host.
type seen struct{ tenant, url string }

// version is what a path showed, and since which build.
type version struct {
	hash  string // "" since it is gone
	build int
}

// history remembers when each path last changed. It never changes.
type history map[seen]version

// after returns the history with one more build.
func (h history) after(build int, shows map[seen]string) history {
	next := maps.Clone(h)
	if next == nil {
		next = history{}
	}
	for at, hash := range shows {
		if next[at].hash != hash {
			next[at] = version{hash, build}
		}
	}
	for at, v := range h {
		if _, there := shows[at]; !there && v.hash != "" {
			next[at] = version{"", build}
		}
	}
	return next
}

// since lists the paths of a view that changed after a build, sorted.
func (h history) since(build int, v view) []string {
	list := []string{}
	for at, ver := range h {
		if ver.build > build && (at.tenant == "" || v.tenant == "" || at.tenant == v.tenant) {
			list = append(list, at.url)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// shows says what every path of a build shows: a hash of the bytes and of the policy with which
// they are sent.
func (g *good) shows() map[seen]string {
	m := map[seen]string{}
	for _, f := range g.Tree.Files() {
		hash := hex.EncodeToString(f.SHA256[:]) + f.Policy
		tenant, urls := urlsOf(f.Path, g.byID)
		for _, url := range urls {
			m[seen{tenant, url}] = hash
		}
	}
	return m
}
