package chatauth

import (
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"embedgen/generator/site"
)

// Service serves the three endpoints of every tenant. It is safe for concurrent use.
type Service struct {
	opt         Options
	hosts       map[string]*host // by every spelling of their names
	problems    []Problem
	peers       *limiter // of the browser endpoints
	sessions    *limiter
	validations *limiter
}

// New returns the service of a site. Its error is a fault of the options. A secret that cannot
// be resolved is none: see [Service.Problems].
func New(o Options) (*Service, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	o.Limits = o.Limits.withDefaults()
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Replay == nil {
		o.Replay = newMemoryReplay(o.Limits.Tokens, o.Now)
	}
	now := o.Now()
	s := &Service{
		opt:         o,
		peers:       newLimiter(o.Limits.Peer, o.Limits.Window, o.Limits.Keys, now),
		sessions:    newLimiter(o.Limits.Session, o.Limits.Window, o.Limits.Keys, now),
		validations: newLimiter(o.Limits.Validation, o.Limits.Window, o.Limits.Keys, now),
	}
	tenants := s.openTenants()
	hosts, err := newHosts(o.Addresses, tenants)
	if err != nil {
		return nil, fmt.Errorf("chatauth: %w", err)
	}
	s.hosts = hosts
	return s, nil
}

func (s *Service) openTenants() map[string]*tenant {
	tenants := make(map[string]*tenant)
	for _, t := range s.opt.Site.Tenants {
		opened, problems := openTenant(t, s.opt.Site.Service.GuestName, &s.opt)
		tenants[t.ID] = opened
		s.problems = append(s.problems, problems...)
	}
	return tenants
}

// Problems returns what is unavailable because a secret could not be resolved or used. Requests
// for it are answered with 503.
func (s *Service) Problems() []Problem { return s.problems }

// Serves reports whether a request is for one of the endpoints, by Host and path.
func (s *Service) Serves(r *http.Request) bool {
	h := s.hosts[lowerASCII(r.Host)]
	return h != nil && h.routes[r.URL.Path] != nil
}

// ServeHTTP answers a request as the package comment says.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := &call{Service: s, w: w, r: r, began: s.opt.Now()}
	a := c.answer()
	c.record(a)
	a.write(w)
}

// call is one request on its way to its answer.
type call struct {
	*Service
	w     http.ResponseWriter
	r     *http.Request
	began time.Time
	route *route // nil until known
	host  *host
	event Event
	cors  string // origin to be allowed by CORS headers; "" for none
}

// answer decides; a panic becomes an internal error whose value, which may hold anything, is not
// printed.
func (c *call) answer() (a *answer) {
	defer func() {
		if p := recover(); p != nil {
			c.opt.Log.Error("panic", "type", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
			a = c.refuse(errInternal)
		}
		c.setCORS(a)
	}()
	a, err := c.dispatch()
	if err != nil {
		return c.refuse(err)
	}
	return a
}

func (c *call) dispatch() (*answer, error) {
	c.host = c.hosts[lowerASCII(c.r.Host)]
	if c.host == nil {
		return c.health()
	}
	c.route = c.host.routes[c.r.URL.Path]
	if c.route == nil {
		return nil, errNotFound
	}
	switch c.route.endpoint {
	case forGuests:
		return c.browser(site.Authorization, c.authorize)
	case forCustomers:
		return c.browser(site.TokenMode, c.issue)
	}
	return c.validate()
}

// browser is the way of a request to a browser endpoint for a channel in one mode.
func (c *call) browser(mode site.Mode, serve func(*selection) (*answer, error)) (*answer, error) {
	if isPreflight(c.r) {
		return c.preflight()
	}
	if c.r.Method != http.MethodPost {
		return nil, errMethod
	}
	if err := c.admit(c.route.members); err != nil {
		return nil, err
	}
	if err := c.limit(c.peers, c.peer()); err != nil {
		return nil, err
	}
	form, err := c.form()
	if err != nil {
		return nil, err
	}
	chosen, err := c.route.find(mode, form)
	if err != nil {
		return nil, err
	}
	c.event.Tenant, c.event.Channel = chosen.channel.Tenant.ID, chosen.channel.ID
	if err := c.admit([]*member{chosen.member}); err != nil {
		return nil, err
	}
	return serve(chosen)
}

// limit takes one of the uses that a key has left in its window.
func (c *call) limit(l *limiter, key string) error {
	if wait := l.take(key, c.began); wait > 0 {
		return rateLimited(wait)
	}
	return nil
}
