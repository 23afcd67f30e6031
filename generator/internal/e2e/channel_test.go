package e2e

import (
	"cmp"
	"strings"
)

// channel is a channel with everything that DESIGN section 1 lets it inherit, worked out here anew.
type channel struct {
	tenant, id               string
	space, config            string // tenantSpaceId, channelConfigId
	mode, load               string
	locale, mapService       string
	consent                  bool
	cobrowse                 any // false, true or "extension"
	origin, public, context  string
	secretFile               string
	order, length, accessKey string
	jquery, axios            bool
}

func (c channel) name() string   { return c.tenant + "/" + c.id }
func (c channel) page() string   { return c.origin + c.path() }
func (c channel) path() string   { return c.public + c.id + "/" }
func (c channel) direct() bool   { return strings.Contains(c.context, "://") }
func (c channel) token() bool    { return c.mode == "token" }
func (c channel) scripted() bool { return c.cobrowse == true }

// base is the absolute address of CEC as the browser knows it, without a slash at the end.
func (c channel) base() string {
	if c.direct() {
		return c.context
	}
	return c.origin + c.context
}

// channels lists the channels of a document.
func channels(doc object) []channel {
	var list []channel
	for _, tenant := range doc["tenants"].([]any) {
		for _, item := range tenant.(object)["channels"].([]any) {
			list = append(list, resolve(doc, tenant.(object), item.(object)))
		}
	}
	return list
}

func resolve(doc, tenant, c object) channel {
	defaults, _ := doc["defaults"].(object)
	get := func(key string) any { return cmp.Or(c[key], tenant[key], defaults[key]) }
	text := func(key, unset string) string {
		if s, ok := get(key).(string); ok {
			return s
		}
		return unset
	}
	nested := func(key, inner string) any { o, _ := get(key).(object); return o[inner] }
	word := func(v any, unset string) string { s, _ := v.(string); return cmp.Or(s, unset) }
	tenantID := tenant["id"].(string)
	secret, _ := c["secretKey"].(object)
	consent, _ := get("consent").(bool)
	return channel{
		tenant: tenantID, id: c["id"].(string),
		space: tenant["tenantSpaceId"].(string), config: c["channelConfigId"].(string),
		mode: text("mode", "authorization"), load: text("load", "idle"),
		locale: text("locale", "en"), mapService: text("mapService", "tencent"),
		consent: consent, cobrowse: get("cobrowse"),
		origin: tenant["origin"].(string), public: word(tenant["publicPath"], "/"+tenantID+"/"),
		context:    text("contextPath", "/service-cloud"),
		secretFile: word(secret["file"], ""),
		order:      word(nested("signature", "order"), "doc"),
		length:     word(nested("signature", "length"), "bytes"),
		accessKey:  word(nested("signature", "accessKey"), c["channelConfigId"].(string)),
		jquery:     library(nested("libraries", "jquery")), axios: library(nested("libraries", "axios")),
	}
}

func library(v any) bool { _, ok := v.(object); return ok }
