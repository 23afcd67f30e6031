package site

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"embedgen/generator/config"
	"embedgen/generator/diag"
)

// Setting is one effective value of a channel and where it came from.
type Setting struct {
	Key   string // as in channels.yaml, "signature.order"
	Value string // as a person writes it; a secret by its reference
	Level string // "channel", "tenant", "defaults", "built-in" or "environment NAME"
	Pos   diag.Pos
}

// inheritable lists the fields that three levels may set: how to print one and who wrote it.
var inheritable = []struct {
	key     string
	value   func(*Channel) string
	written func(*config.Inherited) (config.Pos, bool)
}{
	{"contextPath", func(c *Channel) string { return c.Context.Path + c.Context.URL }, func(i *config.Inherited) (config.Pos, bool) { return i.ContextPath.Pos, i.ContextPath.Set }},
	{"cec", func(c *Channel) string { return c.Context.CEC }, func(i *config.Inherited) (config.Pos, bool) { return i.CEC.Pos, i.CEC.Set }},
	{"mode", func(c *Channel) string { return string(c.Mode) }, func(i *config.Inherited) (config.Pos, bool) { return i.Mode.Pos, i.Mode.Set }},
	{"locale", func(c *Channel) string { return c.Locale }, func(i *config.Inherited) (config.Pos, bool) { return i.Locale.Pos, i.Locale.Set }},
	{"mapService", func(c *Channel) string { return c.MapService }, func(i *config.Inherited) (config.Pos, bool) { return i.MapService.Pos, i.MapService.Set }},
	{"region", func(c *Channel) string { return c.Region }, func(i *config.Inherited) (config.Pos, bool) { return i.Region.Pos, i.Region.Set }},
	{"cobrowse", func(c *Channel) string { return writtenCobrowse[c.Cobrowse] }, func(i *config.Inherited) (config.Pos, bool) { return i.Cobrowse.Pos, i.Cobrowse.Set }},
	{"load", func(c *Channel) string { return string(c.Load) }, func(i *config.Inherited) (config.Pos, bool) { return i.Load.Pos, i.Load.Set }},
	{"consent", func(c *Channel) string { return strconv.FormatBool(c.Consent) }, func(i *config.Inherited) (config.Pos, bool) { return i.Consent.Pos, i.Consent.Set }},
	{"fallback", func(c *Channel) string { return cmp.Or(c.Fallback, "false") }, func(i *config.Inherited) (config.Pos, bool) { return i.Fallback.Pos, i.Fallback.Set }},
	{"signature.order", func(c *Channel) string { return c.Signature.Order }, func(i *config.Inherited) (config.Pos, bool) { return i.Order.Pos, i.Order.Set }},
	{"signature.length", func(c *Channel) string { return c.Signature.Length }, func(i *config.Inherited) (config.Pos, bool) { return i.Length.Pos, i.Length.Set }},
	{"signature.accessKey", func(c *Channel) string { return c.Signature.AccessKey }, func(i *config.Inherited) (config.Pos, bool) { return i.AccessKey.Pos, i.AccessKey.Set }},
	{"libraries.jquery", func(c *Channel) string { return writtenLibrary(c.JQuery) }, func(i *config.Inherited) (config.Pos, bool) { return i.JQuery.Pos, i.JQuery.Set }},
	{"libraries.axios", func(c *Channel) string { return writtenLibrary(c.Axios) }, func(i *config.Inherited) (config.Pos, bool) { return i.Axios.Pos, i.Axios.Set }},
	{"csp.inlineStyles", func(c *Channel) string { return strconv.FormatBool(c.InlineStyles) }, func(i *config.Inherited) (config.Pos, bool) { return i.InlineStyles.Pos, i.InlineStyles.Set }},
	{"csp.frameAncestors", func(c *Channel) string { return "[" + strings.Join(c.FrameAncestors, ", ") + "]" }, func(i *config.Inherited) (config.Pos, bool) { return i.FrameAncestors.Pos, i.FrameAncestors.Set }},
}

var writtenCobrowse = map[Cobrowse]string{CobrowseOff: "false", CobrowseScripts: "true", CobrowseExtension: "extension"}

func writtenLibrary(l Library) string {
	switch {
	case l.IsZero():
		return "false"
	case l.File != "":
		return l.File
	}
	return l.Src
}

// Explain lists the effective values of a channel with their origin. It returns nil for a
// channel that does not exist.
func (s *Site) Explain(tenant, channel string) []Setting {
	t, wt := find(s.Tenants, s.written.Tenants, func(t *Tenant) bool { return t.ID == tenant })
	if t == nil {
		return nil
	}
	c, wc := find(t.Channels, wt.Channels, func(c *Channel) bool { return c.ID == channel })
	if c == nil {
		return nil
	}
	list := append(s.explainTenant(t, wt),
		own(s, "name", c.Name, "channel", wc.Name),
		own(s, "channelConfigId", c.ChannelConfigID, "channel", wc.ChannelConfigID),
		own(s, "secretKey", c.SecretKey.String(), "channel", wc.SecretKey))
	for _, field := range inheritable {
		setting := Setting{Key: field.key, Value: field.value(c), Level: builtIn}
		for _, level := range []struct {
			name string
			from *config.Inherited
		}{{"channel", &wc.Inherited}, {"tenant", &wt.Inherited}, {"defaults", &s.written.Defaults}} {
			if pos, set := field.written(level.from); set {
				setting = s.set(setting, level.name, pos)
				break
			}
		}
		list = append(list, setting)
	}
	return list
}

const builtIn = "built-in"

// explainTenant lists what a channel has from its tenant alone.
func (s *Site) explainTenant(t *Tenant, w *config.Tenant) []Setting {
	list := []Setting{
		own(s, "tenant.name", t.Name, "tenant", w.Name),
		own(s, "tenantSpaceId", t.TenantSpaceID, "tenant", w.TenantSpaceID),
		own(s, "origin", t.Origin, "tenant", w.Origin),
		own(s, "publicPath", t.PublicPath, "tenant", w.PublicPath),
		own(s, "endpoints.authorization", t.Endpoints.Authorization, "tenant", w.Endpoints.Authorization),
		own(s, "endpoints.token", t.Endpoints.Token, "tenant", w.Endpoints.Token),
		own(s, "endpoints.validation", t.Endpoints.Validation, "tenant", w.Endpoints.Validation),
		own(s, "token.lifetime", t.Token.Lifetime.String(), "tenant", w.Token.Lifetime),
	}
	for i, k := range t.Token.Keys {
		list = append(list, own(s, "token.keys."+k.ID, k.Secret.String(), "tenant", w.Token.Keys[i].Secret))
	}
	return list
}

// set says who set a setting, and where.
func (s *Site) set(setting Setting, level string, pos config.Pos) Setting {
	if s.written.Chosen(pos) {
		level = "environment " + s.Environment
	}
	setting.Level, setting.Pos = level, pos.Diag()
	return setting
}

// find returns the resolved and the written form of one entry; both lists have the same order.
func find[R, W any](resolved []*R, written []*W, is func(*R) bool) (*R, *W) {
	if i := slices.IndexFunc(resolved, is); i >= 0 && i < len(written) {
		return resolved[i], written[i]
	}
	return nil, nil
}

// own explains a field that only one level has.
func own[T any](s *Site, key, value, level string, v config.Value[T]) Setting {
	setting := Setting{Key: key, Value: value, Level: builtIn}
	if v.Set {
		return s.set(setting, level, v.Pos)
	}
	return setting
}
