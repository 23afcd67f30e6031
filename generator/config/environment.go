package config

import (
	"gopkg.in/yaml.v3"

	"embedgen/generator/config/rule"
	"embedgen/generator/secret"
)

// Environment is one entry of environments: what is different where the site is tried out, such
// as staging. It changes addresses and secrets only, so that its pages are of the same kind.
type Environment struct {
	Override // the key defaults
	Name     Value[string]
	Tenants  []*TenantOverride
}

// Override holds the inheritable fields that an environment may change.
type Override struct{ CEC, ContextPath Value[string] }

// TenantOverride is what an environment changes for a tenant.
type TenantOverride struct {
	Override
	ID       Value[string] // of the tenant
	Origin   Value[string]
	Keys     Value[[]TokenKey] // token.keys: all of them
	Channels []*ChannelOverride
}

// ChannelOverride is what an environment changes for a channel.
type ChannelOverride struct {
	Override
	ID        Value[string] // of the channel
	SecretKey Value[secret.Ref]
}

// EnvironmentNames lists the environments in the order of the file.
func (f *File) EnvironmentNames() []string {
	var list []string
	for _, e := range f.Environments {
		list = append(list, e.Name.V)
	}
	return list
}

var overrides = fields[Override]{
	"contextPath": func(r *reader, o *Override, n *yaml.Node) { o.ContextPath = r.text(n, "contextPath", contextPath) },
	"cec":         func(r *reader, o *Override, n *yaml.Node) { o.CEC = r.text(n, "cec", cecOrigin) },
}

var environmentKeys = fields[Environment]{
	"defaults": func(r *reader, e *Environment, n *yaml.Node) {
		mapping(r, n, "defaults of an environment", overrides, &e.Override)
	},
	"tenants": func(r *reader, e *Environment, n *yaml.Node) {
		r.entries(n, "tenants of an environment", "acme: {cec: …}", func(key, value *yaml.Node) {
			if !r.quota.admit() {
				return
			}
			t := &TenantOverride{ID: r.name(key)}
			mapping(r, value, "a tenant of an environment", tenantOverrideKeys, t)
			e.Tenants = append(e.Tenants, t)
		})
	},
}

// includedEnvironmentKeys are those of an environment in an included file: its tenants only.
var includedEnvironmentKeys = fields[Environment]{
	"tenants": environmentKeys["tenants"],
	"defaults": func(r *reader, _ *Environment, n *yaml.Node) {
		r.report(n, rule.UnknownKey, "write them in channels.yaml, where they hold for all tenants", "an included file cannot set defaults of an environment")
	},
}

var tenantOverrideKeys = with(overrides, fields[TenantOverride]{
	"origin": func(r *reader, t *TenantOverride, n *yaml.Node) { t.Origin = r.origin(n) },
	"token": func(r *reader, t *TenantOverride, n *yaml.Node) {
		mapping(r, n, "token of an environment", tokenOverrideKeys, t)
	},
	"channels": func(r *reader, t *TenantOverride, n *yaml.Node) {
		r.entries(n, "channels of an environment", "web_support: {secretKey: …}", func(key, value *yaml.Node) {
			if !r.quota.admit() {
				return
			}
			c := &ChannelOverride{ID: r.name(key)}
			mapping(r, value, "a channel of an environment", channelOverrideKeys, c)
			t.Channels = append(t.Channels, c)
		})
	},
}, func(t *TenantOverride) *Override { return &t.Override })

var channelOverrideKeys = with(overrides, fields[ChannelOverride]{
	"secretKey": func(r *reader, c *ChannelOverride, n *yaml.Node) { c.SecretKey = r.secretRef(n, "secretKey") },
}, func(c *ChannelOverride) *Override { return &c.Override })

var tokenOverrideKeys = fields[TenantOverride]{
	"keys": func(r *reader, t *TenantOverride, n *yaml.Node) {
		var all Token
		tokenKeys["keys"](r, &all, n)
		r.uniqueKeys(all.Keys)
		if n.Kind == yaml.SequenceNode && len(n.Content) == 0 {
			r.report(n, rule.MissingKey, "leave token out to keep the tenant's own", "token.keys of an environment has no key")
		}
		t.Keys = Value[[]TokenKey]{all.Keys, r.pos(n), true}
	},
}

// environments reads the key of that name; keys are those of one environment.
func (r *reader) environments(n *yaml.Node, f *File, keys fields[Environment]) {
	f.environments = r.pos(n)
	r.entries(n, "environments", "staging: {defaults: {cec: …}}", func(key, value *yaml.Node) {
		e := &Environment{Name: r.text(key, "environment", environmentID)}
		mapping(r, value, "an environment", keys, e)
		if e.Name.V != "" {
			f.Environments = append(f.Environments, e)
		}
	})
}

// name takes the text of a key that is looked up later.
func (r *reader) name(key *yaml.Node) Value[string] {
	return Value[string]{key.Value, r.pos(key), true}
}

// environment returns the one of a name, or nil.
func (f *File) environment(name string) *Environment {
	for _, e := range f.Environments {
		if e.Name.V == name {
			return e
		}
	}
	return nil
}
