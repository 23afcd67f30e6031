package devserver

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"

	"embedgen/generator/site"
)

const playgroundPath = internal + "playground/"

// Rendition is what the web site carries for one channel.
type Rendition struct {
	Page   []byte    // the integration page
	Policy string    // Content-Security-Policy of Page
	Script []byte    // embed.js
	Forms  []Snippet // what a web developer pastes
}

// Snippet is one form of what a web developer pastes: html, gtm, react, …
type Snippet struct {
	Form string `json:"form"`
	Text string `json:"text"`
}

// playground is where a developer tries other settings of a channel. rest is
// <tenant>/<channel> for the page itself, and below it a folder named by the settings that holds
// the visitor's page, its embed.js and a description of both.
func (c *call) playground(rest string) {
	if c.st.good == nil {
		c.broken()
		return
	}
	part := strings.SplitN(rest, "/", 4)
	if c.st.good.Render == nil || len(part) < 2 {
		c.notFound()
		return
	}
	ch := c.st.good.channel(part[0], part[1])
	switch {
	case ch == nil || len(part) == 3 || c.view.tenant != "" && c.view.tenant != part[0]:
		c.notFound()
	case !isRead(c.r.Method):
		c.refuseMethod(http.MethodGet, http.MethodHead)
	case c.view.tenant == "" && ch.Context.Direct() && c.onThisMachine():
		c.redirect(c.origins.Tenant(part[0]) + c.r.URL.EscapedPath())
	case len(part) == 2:
		c.playgroundPage(ch)
	default:
		c.variant(ch, part[2], part[3])
	}
}

// variant answers for a file of the folder that the settings name.
func (c *call) variant(ch *site.Channel, folder, name string) {
	q, err := url.ParseQuery(folder)
	s, valid := settingsOf(ch).with(q)
	if err != nil || !valid {
		c.notFound()
		return
	}
	r, err := c.st.good.Render(s.variant(ch))
	if err != nil {
		c.text(http.StatusInternalServerError, err.Error())
		return
	}
	switch name {
	case "":
		c.visitor(ch, s, r)
	case "embed.js":
		c.body(http.StatusOK, contentType(name), r.Script)
	case "variant.json":
		c.json(c.describe(ch, s, r))
	default:
		c.notFound()
	}
}

// visitor answers with the integration page, as it is but for a script that tells the playground
// what happens. The policy has a nonce for that script, and is otherwise the emitted one.
func (c *call) visitor(ch *site.Channel, s settings, r Rendition) {
	nonce := rand.Text()
	policy := r.Policy
	if own := c.r.URL.Query().Get("text"); own != "" {
		policy = strings.Join(strings.Fields(own), " ")
	}
	switch s.Policy {
	case "emitted":
		c.w.Header().Set("Content-Security-Policy", withNonce(r.Policy, nonce))
	case "report":
		c.w.Header().Set("Content-Security-Policy-Report-Only", withNonce(policy, nonce))
	}
	c.body(http.StatusOK, "text/html; charset=utf-8", afterHead(r.Page, c.observer(ch, s, nonce)))
}

// observer is the script element of dev/observer.js, which knows how the page may ask who the
// customer is.
func (c *call) observer(ch *site.Channel, s settings, nonce string) string {
	data, _ := json.Marshal(map[string]any{ // strings and a boolean always encode
		"identify": ch.Mode == site.TokenMode && s.Identity == "page",
		"endpoint": ch.Tenant.Endpoints.Token,
		"body":     map[string]string{"tenantSpaceId": ch.Tenant.TenantSpaceID, "channelConfigId": ch.ChannelConfigID},
	})
	return fmt.Sprintf("<script nonce=%q data-settings=\"%s\">%s</script>", nonce, html.EscapeString(string(data)), c.pages.assets["observer.js"])
}

// afterHead puts a tag at the beginning of the head, before anything of the page can happen.
func afterHead(page []byte, tag string) []byte {
	const head = "<head>"
	i := strings.Index(string(lowerBytes(page)), head)
	if i < 0 {
		return append([]byte(tag), page...)
	}
	i += len(head)
	return append(append(page[:i:i], tag...), page[i:]...)
}

// description is what the playground shows of a variant beside the page.
type description struct {
	Forms  []Snippet `json:"forms"`
	YAML   string    `json:"yaml"`
	Calls  string    `json:"calls"`
	Policy string    `json:"policy"`
}

func (c *call) describe(ch *site.Channel, s settings, r Rendition) description {
	return description{r.Forms, s.yaml(ch), s.calls(ch), r.Policy}
}
