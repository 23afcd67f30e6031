package cecsim

import (
	"context"
	"io"
	"io/fs"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"embedgen/generator/cecsim/desk"
	"embedgen/generator/secret"
	"embedgen/generator/site"
)

// Options is what a [CEC] needs from its surroundings. All but Observe are required.
type Options struct {
	Site      *site.Site
	Secrets   func(secret.Ref) (string, error) // CEC's own copy of the channels' keys
	Templates fs.FS                            // has the folder cec; read at each request
	// Validate asks the tenant's token authentication API (cec-contract section 4). It gets the
	// context of the visitor's request. An error means that there was no well-formed answer.
	Validate func(context.Context, *site.Tenant, ValidateRequest) (retCode int, message string, err error)
	Now      func() time.Time
	Rand     io.Reader // of cryptographic quality: session ids come from it
	// AllowedOrigin says whether pages of an origin may use the tenant's CEC across origins, as
	// in direct mode. An allowed origin is echoed; no answer ever allows "*".
	AllowedOrigin func(tenant *site.Tenant, origin string) bool
	// AllowHost says whether a Host header, port included, may reach the agent console. It keeps
	// foreign names that resolve to this machine out (DNS rebinding).
	AllowHost func(host string) bool
	Observe   func(Event) // is told of every hop; may be nil
}

// ValidateRequest is the body that CEC sends to a site's token authentication API.
type ValidateRequest struct {
	Token         string `json:"Token"`
	UserName      string `json:"userName"`
	UserID        string `json:"userId"`
	TenantSpaceID string `json:"tenantSpaceId"`
}

// CEC is a simulated CEC. It serves CEC's paths; [CEC.Console] serves the agent. Its methods may
// be called concurrently. It starts no goroutine, so there is nothing to close.
type CEC struct {
	options Options
	site    atomic.Pointer[site.Site]
	desk    *desk.Desk
	events  journal
	routes  map[string]route
	epoch   string // tells the state of this CEC from that of an earlier one
}

// New returns a CEC that knows the channels of a site.
func New(o Options) *CEC {
	c := &CEC{options: o, desk: desk.New(), epoch: strconv.FormatInt(o.Now().UnixNano(), 36)}
	c.site.Store(o.Site)
	c.routes = c.table()
	return c
}

// SetSite replaces the site. Sessions that are open stay open.
func (c *CEC) SetSite(s *site.Site) { c.site.Store(s) }

const (
	root    = "/service-cloud"
	scripts = root + "/webclient/chat_client/js/"
	facade  = root + "/rest/webadapter/v1/webadapterfacade/"
)

// route is what CEC answers at one path, to one method.
type route struct {
	method string
	serve  http.HandlerFunc
}

func (c *CEC) table() map[string]route {
	return map[string]route{
		scripts + "thirdPartyClient.js":                   {"POST", c.clientScript("thirdPartyClient.js", (*start).vouchByToken)},
		scripts + "newThirdPartyClient.js":                {"POST", c.clientScript("newThirdPartyClient.js", (*start).vouch, (*start).open)},
		scripts + "cobrowseCommon.js":                     {"GET", c.stub("cobrowseCommon.js")},
		root + "/resource.root/cobrowse/sdk/cobrowse.js":  {"GET", c.stub("cobrowse.js")},
		root + "/webclient/chat_client/css/simulated.css": {"GET", c.stylesheet},
		facade + "sendMessageForWebChannel":               {"POST", c.visitor(c.send)},
		facade + "getMessageForWebChannel":                {"GET", c.visitor(c.poll)},
		facade + "queryChannelConfigByChannelAndId":       {"GET", c.visitor(c.channelConfig)},
		facade + "doLeaveMessage":                         {"POST", c.visitor(c.leaveMessage)},
		facade + "checkClickToCallSupport":                {"GET", c.visitor(c.callSupport)},
		facade + "createClickToCall":                      {"POST", c.visitor(c.createCall)},
	}
}

// ServeHTTP answers as CEC does. A path that CEC does not have is 404, a wrong method 405.
func (c *CEC) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	at, ok := c.routes[r.URL.Path]
	switch {
	case !ok:
		refuse(w, http.StatusNotFound, "CEC has no such path")
	case r.Method == http.MethodOptions:
		c.preflight(w, r, at.method)
	case r.Method != at.method:
		h.Set("Allow", at.method+", OPTIONS")
		c.allowOrigin(w, r, nil)
		refuse(w, http.StatusMethodNotAllowed, "this path takes "+at.method)
	default:
		at.serve(w, r)
	}
}

// refuse answers with one line of text.
func refuse(w http.ResponseWriter, status int, reason string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	io.WriteString(w, "simulated CEC: "+reason+"\n")
}
