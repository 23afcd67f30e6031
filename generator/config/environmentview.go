package config

import (
	"slices"

	"embedgen/generator/config/rule"
	"embedgen/generator/diag"
)

// In returns the file as one environment has it: as if the environment's values stood in the
// places that they change. "" is no environment and changes nothing; for a name that the file
// does not have, it returns the file itself and a problem.
//
// Whatever an environment says anywhere wins over whatever is said outside of it: else a tenant
// with a cec of its own would take a trial to production.
func (f *File) In(environment string) (*File, diag.List) {
	if environment == "" {
		return f, nil
	}
	e := f.environment(environment)
	if e == nil {
		return f, diag.List{f.environments.at(f).Problem(rule.UnknownEnvironment, f.environmentHint(environment),
			"%s has no environment %s", f.Name, quote(environment))}
	}
	v := e.view()
	applied := *f
	applied.chosen = e
	applied.Tenants = make([]*Tenant, len(f.Tenants))
	for _, f := range overridable {
		change(f.own(&applied.Defaults), f.changed(&e.Override))
	}
	for i, t := range f.Tenants {
		applied.Tenants[i] = v.tenant(t)
	}
	return &applied, nil
}

// at is a place, or the file as a whole where there is none.
func (p Pos) at(f *File) Pos {
	if p.src == nil {
		return Pos{src: &source{name: f.Name}}
	}
	return p
}

// Chosen reports whether a value stands in the environment that [File.In] chose.
func (f *File) Chosen(at Pos) bool {
	if f.chosen == nil {
		return false
	}
	has := func(o *Override) bool { return o.CEC.Pos == at || o.ContextPath.Pos == at }
	return has(&f.chosen.Override) || slices.ContainsFunc(f.chosen.Tenants, func(t *TenantOverride) bool {
		return has(&t.Override) || t.Origin.Pos == at ||
			slices.ContainsFunc(t.Keys.V, func(k TokenKey) bool { return k.Secret.Pos == at }) ||
			slices.ContainsFunc(t.Channels, func(c *ChannelOverride) bool { return has(&c.Override) || c.SecretKey.Pos == at })
	})
}

// overridable are the inheritable fields that an environment may change.
var overridable = []struct {
	own     func(*Inherited) *Value[string]
	changed func(*Override) Value[string]
}{
	{func(i *Inherited) *Value[string] { return &i.CEC }, func(o *Override) Value[string] { return o.CEC }},
	{func(i *Inherited) *Value[string] { return &i.ContextPath }, func(o *Override) Value[string] { return o.ContextPath }},
}

// change puts a value that was written in the place of another.
func change[T any](place *Value[T], v Value[T]) {
	if v.Set {
		*place = v
	}
}

// view finds what an environment says about a tenant and about a channel.
type view struct {
	env      *Environment
	tenants  map[string]*TenantOverride
	channels map[[2]string]*ChannelOverride // by tenant and channel
}

func (e *Environment) view() *view {
	v := &view{e, make(map[string]*TenantOverride, len(e.Tenants)), map[[2]string]*ChannelOverride{}}
	for _, t := range e.Tenants {
		v.tenants[t.ID.V] = t
		for _, c := range t.Channels {
			v.channels[[2]string{t.ID.V, c.ID.V}] = c
		}
	}
	return v
}

// of returns what is said about a channel and about its tenant; what is not said is zero.
func (v *view) of(t *Tenant, c *Channel) (*TenantOverride, *ChannelOverride) {
	tenant, channel := v.tenants[t.ID.V], v.channels[[2]string{t.ID.V, c.ID.V}]
	if tenant == nil {
		tenant = &nothing.tenant
	}
	if channel == nil {
		channel = &nothing.channel
	}
	return tenant, channel
}

var nothing struct {
	tenant  TenantOverride
	channel ChannelOverride
}

// tenant returns a tenant as the environment has it.
func (v *view) tenant(t *Tenant) *Tenant {
	over, _ := v.of(t, &Channel{})
	applied := *t
	change(&applied.Origin, over.Origin)
	if over.Keys.Set {
		applied.Token.Keys = over.Keys.V
	}
	for _, f := range overridable {
		if own := f.own(&applied.Inherited); own.Set || f.changed(&over.Override).Set {
			change(own, First(f.changed(&over.Override), f.changed(&v.env.Override)))
		}
	}
	applied.Channels = make([]*Channel, len(t.Channels))
	for i, c := range t.Channels {
		applied.Channels[i] = v.channel(t, c)
	}
	return &applied
}

// channel returns a channel as the environment has it: itself, if that changes nothing.
func (v *view) channel(t *Tenant, c *Channel) *Channel {
	_, over := v.of(t, c)
	if over == &nothing.channel && !c.CEC.Set && !c.ContextPath.Set {
		return c
	}
	applied := *c
	change(&applied.SecretKey, over.SecretKey)
	for _, f := range overridable {
		if own := f.own(&applied.Inherited); own.Set || f.changed(&over.Override).Set {
			change(own, v.value(t, c, f.changed))
		}
	}
	return &applied
}

// value is what the environment says about a field of a channel: there, of its tenant or for all.
func (v *view) value(t *Tenant, c *Channel, field func(*Override) Value[string]) Value[string] {
	tenant, channel := v.of(t, c)
	return First(field(&channel.Override), field(&tenant.Override), field(&v.env.Override))
}
