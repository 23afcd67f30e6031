package config

import (
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"embedgen/generator/config/rule"
	"embedgen/generator/diag"
	"embedgen/generator/secret"
)

// Tenant is one entry of tenants.
type Tenant struct {
	Inherited
	Pos           Pos
	ID            Value[string]
	Name          Value[string]
	TenantSpaceID Value[string]
	Origin        Value[string]
	PublicPath    Value[string]
	Endpoints     Endpoints
	Token         Token
	Channels      []*Channel
}

// Endpoints are the paths of the three server-side duties.
type Endpoints struct {
	Authorization Value[string]
	Token         Value[string]
	Validation    Value[string]
}

// Token configures customer tokens.
type Token struct {
	Lifetime Value[time.Duration]
	Keys     []TokenKey
}

// TokenKey is one entry of token.keys.
type TokenKey struct {
	ID     Value[string]
	Secret Value[secret.Ref]
	Until  Value[time.Time]
}

var tenantKeys = with(inheritedKeys, fields[Tenant]{
	"id":            func(r *reader, t *Tenant, n *yaml.Node) { t.ID = r.text(n, "tenant id", tenantID) },
	"name":          func(r *reader, t *Tenant, n *yaml.Node) { t.Name = r.text(n, "tenant name", displayName) },
	"tenantSpaceId": func(r *reader, t *Tenant, n *yaml.Node) { t.TenantSpaceID = r.cecID(n, "tenantSpaceId") },
	"origin":        func(r *reader, t *Tenant, n *yaml.Node) { t.Origin = r.origin(n) },
	"publicPath":    func(r *reader, t *Tenant, n *yaml.Node) { t.PublicPath = r.text(n, "publicPath", publicPath) },
	"endpoints":     func(r *reader, t *Tenant, n *yaml.Node) { mapping(r, n, "endpoints", endpointsKeys, &t.Endpoints) },
	"token":         func(r *reader, t *Tenant, n *yaml.Node) { mapping(r, n, "token", tokenKeys, &t.Token) },
	"channels":      func(r *reader, t *Tenant, n *yaml.Node) { r.channels(n, t) },
}, func(t *Tenant) *Inherited { return &t.Inherited })

var endpointsKeys = fields[Endpoints]{
	"authorization": func(r *reader, e *Endpoints, n *yaml.Node) {
		e.Authorization = r.text(n, "endpoints.authorization", endpointPath)
	},
	"token": func(r *reader, e *Endpoints, n *yaml.Node) { e.Token = r.text(n, "endpoints.token", endpointPath) },
	"validation": func(r *reader, e *Endpoints, n *yaml.Node) {
		e.Validation = r.text(n, "endpoints.validation", endpointPath)
	},
}

var tokenKeys = fields[Token]{
	"lifetime": func(r *reader, t *Token, n *yaml.Node) {
		t.Lifetime = r.duration(n, "token.lifetime", "10s", "24h")
	},
	"keys": func(r *reader, t *Token, n *yaml.Node) {
		r.sequence(n, "token.keys", func(item *yaml.Node) { r.tokenKey(item, t) })
	},
}

var tokenKeyKeys = fields[TokenKey]{
	"id":     func(r *reader, k *TokenKey, n *yaml.Node) { k.ID = r.text(n, "key id", keyID) },
	"secret": func(r *reader, k *TokenKey, n *yaml.Node) { k.Secret = r.secretRef(n, "secret") },
	"until":  func(r *reader, k *TokenKey, n *yaml.Node) { k.Until = r.instant(n, "until") },
}

func (r *reader) tokenKey(n *yaml.Node, t *Token) {
	var k TokenKey
	if !mapping(r, n, "a token key", tokenKeyKeys, &k) {
		return
	}
	before := len(r.problems)
	r.require(r.pos(n), "a token key", k.ID, "id", k.ID.Set)
	r.require(r.pos(n), "a token key", k.ID, "secret", k.Secret.Set)
	for i := before; i < len(r.problems); i++ {
		hide(&r.problems[i], n)
	}
	t.Keys = append(t.Keys, k)
}

func (r *reader) tenant(n *yaml.Node) *Tenant {
	t := &Tenant{Pos: r.pos(n)}
	if !mapping(r, n, "a tenant", tenantKeys, t) {
		return nil
	}
	r.require(t.Pos, "a tenant", t.ID, "id", t.ID.Set)
	r.require(t.Pos, "a tenant", t.ID, "tenantSpaceId", t.TenantSpaceID.Set)
	r.require(t.Pos, "a tenant", t.ID, "origin", t.Origin.Set)
	r.require(t.Pos, "a tenant", t.ID, "channels", t.Channels != nil)
	r.uniqueKeys(t.Token.Keys)
	return t
}

func (r *reader) channels(n *yaml.Node, t *Tenant) {
	t.Channels = []*Channel{}
	ok := r.sequence(n, "channels", func(item *yaml.Node) {
		if !r.quota.admit() {
			return
		}
		if c := r.channel(item); c != nil {
			t.Channels = append(t.Channels, c)
		}
	})
	if ok && n.Kind == yaml.SequenceNode && len(n.Content) == 0 {
		r.report(n, rule.MissingKey, "write one, or run embedgen add channel", "a tenant has an empty list of channels")
	}
	r.unique("channel", len(t.Channels), func(i int) Value[string] { return t.Channels[i].ID })
}

func (r *reader) uniqueKeys(keys []TokenKey) {
	r.unique("token key", len(keys), func(i int) Value[string] { return keys[i].ID })
}

// unique reports ids that appear twice; letters of either case are equal, because file systems
// and hosts may fold them.
func (r *reader) unique(kind string, n int, id func(int) Value[string]) {
	first := make(map[string]Value[string], n)
	for i := range n {
		v := id(i)
		if v.V == "" {
			continue
		}
		before, taken := first[strings.ToLower(v.V)]
		if !taken {
			first[strings.ToLower(v.V)] = v
			continue
		}
		message := "%s id %s is taken"
		if v.V != before.V {
			message = "%s id %s differs from another only in case"
		}
		d := r.reportAt(v.Pos, rule.DuplicateID, "give each "+kind+" its own id", message, kind, quote(v.V))
		d.Related = []diag.Related{{Pos: before.Pos.Diag(), Message: "first here"}}
	}
}

// origin reads a site's origin; plain http is for this machine.
func (r *reader) origin(n *yaml.Node) Value[string] {
	v := r.text(n, "origin", siteOrigin)
	r.warnInsecure(n, "origin", v.V)
	return v
}

// warnInsecure warns of an origin or address that is http and not of this machine.
func (r *reader) warnInsecure(n *yaml.Node, what, address string) {
	rest, insecure := strings.CutPrefix(address, "http://")
	if insecure && !isLoopback("http://"+rest[:endOf(rest, "/?#")]) {
		r.report(n, rule.InsecureOrigin, "write https://"+rest, "%s %s is not https", what, quote(address))
	}
}
