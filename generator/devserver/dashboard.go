package devserver

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"embedgen/generator/site"
)

type dashboardView struct {
	frame
	Status    statusView
	Docs      []link
	Tenants   []tenantView
	Problems  []problem // warnings of the latest good build
	User      user
	UserOff   bool // nobody may choose who to be
	HostUser  bool // the choice holds on this host only
	Host      string
	Dashboard string
}

type tenantView struct {
	ID, Name, Origin string
	Own              string // host that stands for Origin; "" if this browser cannot reach it
	Space            string
	Nginx            []link
	Channels         []channelView
}

type channelView struct {
	Key, ID, Name string
	Page, Demo    string
	Playground    string
	Snippet       string
	Guides        []link
	Mode          string
	Facts         []fact
	State         channelState
}

// fact is a setting of a channel, by the key of its name.
type fact struct{ Key, Value string }

// channelState is what the last request of a channel came to.
type channelState struct {
	Kind string `json:"kind"` // new, good or bad
	Text string `json:"text"`
}

// dashboard lists the tenants that the host sees, and where to go from here.
func (c *call) dashboard() {
	g := c.st.good
	f := c.frame()
	v := dashboardView{
		frame: f, Status: c.statusView(f), Docs: c.docs(), Problems: problems(g.Diagnostics),
		User: c.identity.user(c.r), UserOff: c.identity.off, HostUser: c.view.tenant != "", Host: c.r.Host,
		Dashboard: c.origins.Plain() + "/",
	}
	states := c.channelStates(f)
	for _, t := range g.tenantsOf(c.view) {
		v.Tenants = append(v.Tenants, c.tenantView(f, t, states))
	}
	c.page(http.StatusOK, "dashboard", v)
}

func (c *call) tenantView(f frame, t *site.Tenant, states map[string]channelState) tenantView {
	own := c.origins.Tenant(t.ID)
	if !c.onThisMachine() {
		own = ""
	}
	v := tenantView{ID: t.ID, Name: t.Name, Origin: t.Origin, Own: strings.TrimPrefix(own, "http://"), Space: t.TenantSpaceID}
	for _, name := range []string{"locations.conf", "http.conf"} {
		if file := "nginx/" + t.ID + "/" + name; c.has(file) {
			v.Nginx = append(v.Nginx, link{file, name})
		}
	}
	for _, ch := range t.Channels {
		key := t.ID + "/" + ch.ID
		cv := channelView{
			Key: key, ID: ch.ID, Name: ch.Name, Mode: string(ch.Mode), Facts: facts(f, ch), State: states[key],
			Page: own + t.PublicPath + ch.ID + "/", Demo: own + demoPath + key,
		}
		if c.st.good.Render != nil {
			cv.Playground = own + playgroundPath + key
		}
		if cv.State == (channelState{}) {
			cv.State = channelState{"new", f.T("state.new")}
		}
		if file := "snippets/" + key + ".html"; c.has(file) {
			cv.Snippet = file
		}
		for _, lang := range c.st.good.Site.Languages {
			if file := "docs/" + lang + "/" + key + ".html"; c.has(file) {
				cv.Guides = append(cv.Guides, link{file, lang})
			}
		}
		v.Channels = append(v.Channels, cv)
	}
	return v
}

// onThisMachine reports whether the browser can reach names below localhost.
func (c *call) onThisMachine() bool {
	name, port := splitHost(c.r.Host)
	return port == c.origins.Port && (c.view.tenant != "" || name == "localhost" || name == "127.0.0.1" || name == "[::1]")
}

func facts(f frame, ch *site.Channel) []fact {
	context := ch.Context.Path
	if ch.Context.Direct() {
		context = f.T("fact.direct")
	}
	list := []fact{
		{"fact.locale", ch.Locale}, {"fact.load", string(ch.Load)}, {"fact.map", ch.MapService}, {"fact.context", context},
	}
	if ch.Cobrowse != site.CobrowseOff {
		list = append(list, fact{"fact.cobrowse", f.T("cobrowse." + string(ch.Cobrowse))})
	}
	if ch.Consent {
		list = append(list, fact{"fact.consent", f.T("fact.consent.yes")})
	}
	return list
}

// docs are the documentation's start pages.
func (c *call) docs() []link {
	var list []link
	for _, lang := range c.st.good.Site.Languages {
		if file := "docs/" + lang + "/index.html"; c.has(file) {
			list = append(list, link{file, lang})
		}
	}
	return list
}

func (c *call) has(file string) bool {
	_, ok := c.st.good.Tree.Lookup(file)
	return ok
}

// statusView is how the latest build went, in words.
type statusView struct {
	OK   bool   `json:"ok"`
	Text string `json:"text"`
	Time string `json:"time"`
}

func (c *call) statusView(f frame) statusView {
	st := c.st
	v := statusView{OK: !st.failed(), Text: f.T("status.ok")}
	if st.failed() {
		v.Text = f.T("status.failed", len(st.problems))
	}
	v.Time = f.T("status.time", st.at.Format(time.TimeOnly), st.took.Milliseconds())
	return v
}

// status is what the dashboard asks for again and again.
func (c *call) status() {
	f := c.frame()
	c.json(struct {
		Status   statusView              `json:"status"`
		Channels map[string]channelState `json:"channels"`
	}{c.statusView(f), c.channelStates(f)})
}

// channelStates says for each channel with requests how the last one went.
func (c *call) channelStates(f frame) map[string]channelState {
	m := map[string]channelState{}
	for _, e := range c.inspector.entries(c.view) {
		key := e.Tenant + "/" + e.Channel
		if _, newer := m[key]; newer || e.Tenant == "" || e.Channel == "" {
			continue
		}
		at := e.Time.Format(time.TimeOnly)
		if e.Code != "" || e.Status >= 400 {
			m[key] = channelState{"bad", f.T("state.bad", at)}
			continue
		}
		m[key] = channelState{"good", f.T("state.good", at)}
	}
	return m
}

// dashboardHash changes when the dashboard shows something else, times and states left out.
func dashboardHash(g *good) string {
	data, err := json.Marshal(struct {
		Site     *site.Site
		Warnings []problem
		Files    int
	}{g.Site, problems(g.Diagnostics), len(g.Tree.Files())})
	if err != nil {
		panic(err) // strings, numbers and times always encode
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func (c *call) requestsPage() {
	c.page(http.StatusOK, "requests", c.frame())
}
