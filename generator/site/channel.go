package site

import (
	"fmt"
	"strings"

	"golang.org/x/net/publicsuffix"

	"embedgen/generator/config"
	"embedgen/generator/config/rule"
	"embedgen/generator/secret"
)

// inherited picks one inheritable field from the places that may set it, nearest first.
func inherited[T any](r *resolver, t *config.Tenant, c *config.Channel, field func(*config.Inherited) config.Value[T]) config.Value[T] {
	return config.First(field(&c.Inherited), field(&t.Inherited), field(&r.file.Defaults))
}

func (r *resolver) channel(t *config.Tenant, c *config.Channel) *Channel {
	mode := inherited(r, t, c, func(i *config.Inherited) config.Value[string] { return i.Mode })
	jquery := inherited(r, t, c, func(i *config.Inherited) config.Value[*config.Library] { return i.JQuery })
	axios := inherited(r, t, c, func(i *config.Inherited) config.Value[*config.Library] { return i.Axios })
	channel := &Channel{
		ID:              c.ID.V,
		Name:            or(c.Name, c.ID.V),
		ChannelConfigID: c.ChannelConfigID.V,
		Mode:            Mode(mode.V),
		Context:         r.context(t, c),
		Locale:          or(inherited(r, t, c, func(i *config.Inherited) config.Value[string] { return i.Locale }), defaultLocale),
		MapService:      or(inherited(r, t, c, func(i *config.Inherited) config.Value[string] { return i.MapService }), defaultMapService),
		Region:          inherited(r, t, c, func(i *config.Inherited) config.Value[string] { return i.Region }).V,
		Cobrowse:        cobrowse(inherited(r, t, c, func(i *config.Inherited) config.Value[string] { return i.Cobrowse })),
		Load:            Load(or(inherited(r, t, c, func(i *config.Inherited) config.Value[string] { return i.Load }), string(Idle))),
		Consent:         inherited(r, t, c, func(i *config.Inherited) config.Value[bool] { return i.Consent }).V,
		Fallback:        normalAddress(inherited(r, t, c, func(i *config.Inherited) config.Value[string] { return i.Fallback }).V),
		FrameAncestors:  r.frameAncestors(t, c),
		Signature:       r.signature(t, c),
		JQuery:          r.library("jquery", jquery),
		InlineStyles:    inherited(r, t, c, func(i *config.Inherited) config.Value[bool] { return i.InlineStyles }).V,
	}
	if library := r.library("axios", axios); channel.Mode == TokenMode {
		channel.Axios = library
	}
	if !mode.Set {
		r.report(c.Pos, rule.MissingKey, "write mode: authorization (guests) or mode: token (customers) here or under defaults",
			"%s has no mode", called(c))
	}
	channel.SecretKey = r.secretKey(c, channel.Mode)
	r.checkMap(t, c, channel)
	return channel
}

// called names a channel in a message.
func called(c *config.Channel) string {
	if c.ID.V == "" {
		return "a channel"
	}
	return fmt.Sprintf("channel %q", c.ID.V)
}

// secretKey insists on a secret where one is used.
func (r *resolver) secretKey(c *config.Channel, mode Mode) secret.Ref {
	switch {
	case mode == Authorization && !c.SecretKey.Set:
		r.report(c.Pos, rule.MissingSecret, "write secretKey: {env: NAME} or secretKey: {file: path}",
			"%s is in authorization mode and has no secretKey", called(c))
	case mode == TokenMode && c.SecretKey.Set:
		r.report(c.SecretKey.Pos, rule.UnusedSecret, "remove it", "%s is in token mode, which signs nothing", called(c))
		return secret.Ref{}
	}
	return c.SecretKey.V
}

// cobrowse translates what the file calls false, true and extension.
func cobrowse(v config.Value[string]) Cobrowse {
	switch v.V {
	case "true":
		return CobrowseScripts
	case "extension":
		return CobrowseExtension
	}
	return CobrowseOff
}

func (r *resolver) signature(t *config.Tenant, c *config.Channel) Signature {
	return Signature{
		Order:     or(inherited(r, t, c, func(i *config.Inherited) config.Value[string] { return i.Order }), "doc"),
		Length:    or(inherited(r, t, c, func(i *config.Inherited) config.Value[string] { return i.Length }), "bytes"),
		AccessKey: or(inherited(r, t, c, func(i *config.Inherited) config.Value[string] { return i.AccessKey }), c.ChannelConfigID.V),
	}
}

// context resolves contextPath and cec together.
func (r *resolver) context(t *config.Tenant, c *config.Channel) Context {
	path := inherited(r, t, c, func(i *config.Inherited) config.Value[string] { return i.ContextPath })
	cec := inherited(r, t, c, func(i *config.Inherited) config.Value[string] { return i.CEC })
	if scheme, rest, direct := strings.Cut(path.V, "://"); direct {
		host, below, _ := strings.Cut(rest, "/")
		origin := config.NormalOrigin(scheme + "://" + host)
		r.checkDirect(t, c, path, origin)
		return Context{URL: origin + "/" + below, CEC: origin}
	}
	if !cec.Set && (!path.Set || path.V != "") {
		r.report(c.Pos, rule.MissingCEC, "write cec: https://… here, in the tenant or under defaults",
			"%s has no cec, the address that its context path is passed on to", called(c))
	}
	return Context{Path: or(path, defaultContextPath), CEC: config.NormalOrigin(cec.V)}
}

// checkDirect warns of a CEC on another site than the pages: browsers withhold its cookie.
func (r *resolver) checkDirect(t *config.Tenant, c *config.Channel, path config.Value[string], cec string) {
	if t.Origin.V == "" || domain(config.NormalOrigin(t.Origin.V)) == domain(cec) || !r.warnOnce(path.Pos) {
		return
	}
	r.report(path.Pos, rule.DirectContext, "use a path such as /service-cloud and let the site's nginx pass it on",
		"%s: the CEC %s is on another site than %s, so browsers withhold its cookie (third-party) and it must answer with CORS headers",
		called(c), cec, config.NormalOrigin(t.Origin.V))
}

// checkMap warns of Tencent maps for visitors outside China: they know no places there
// (cec-contract section 6).
func (r *resolver) checkMap(t *config.Tenant, c *config.Channel, resolved *Channel) {
	if resolved.MapService != "tencent" || resolved.Region == "" || resolved.Region == "cn" {
		return
	}
	at := inherited(r, t, c, func(i *config.Inherited) config.Value[string] { return i.Region })
	if service := inherited(r, t, c, func(i *config.Inherited) config.Value[string] { return i.MapService }); service.Set {
		at = service
	}
	if r.warnOnce(at.Pos) {
		r.report(at.Pos, rule.MapOutsideChina, "write mapService: google", "%s has the region %q, but Tencent maps know no places outside China",
			called(c), resolved.Region)
	}
}

// domain returns the registrable domain of an origin, as browsers delimit a site.
func domain(origin string) string {
	_, host, _ := strings.Cut(origin, "://")
	host, _, _ = strings.Cut(host, ":")
	if d, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return d
	}
	return host
}

// normalAddress writes the origin of an http address as browsers do; others stay as they are.
func normalAddress(s string) string {
	scheme, rest, found := strings.Cut(s, "://")
	if !found || scheme != "https" && scheme != "http" {
		return s
	}
	end := len(rest)
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		end = i
	}
	return config.NormalOrigin(scheme+"://"+rest[:end]) + rest[end:]
}

// frameAncestors returns the origins that may frame a channel's page beside the tenant's own.
func (r *resolver) frameAncestors(t *config.Tenant, c *config.Channel) []string {
	var list []string
	own := config.NormalOrigin(t.Origin.V)
	for _, v := range inherited(r, t, c, func(i *config.Inherited) config.Value[[]config.Value[string]] { return i.FrameAncestors }).V {
		origin := config.NormalOrigin(v.V)
		if origin == "" || origin == own {
			continue
		}
		list = append(list, origin)
		if own != "" && domain(origin) != domain(own) && r.warnOnce(v.Pos) {
			r.report(v.Pos, rule.CrossSiteFrame, "put a link to the page there instead",
				"%s: csp.frameAncestors names %s, on another site than %s, so browsers withhold the chat's cookies in its frames (third-party)",
				called(c), origin, own)
		}
	}
	return list
}
