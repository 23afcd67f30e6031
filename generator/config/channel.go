package config

import (
	"maps"
	"strings"

	"gopkg.in/yaml.v3"

	"embedgen/generator/config/rule"
	"embedgen/generator/secret"
)

// Inherited holds the fields that defaults, a tenant and a channel all have; the nearest wins.
type Inherited struct {
	ContextPath    Value[string]
	CEC            Value[string]
	Mode           Value[string]
	Locale         Value[string]
	MapService     Value[string]
	Region         Value[string] // where the visitors are: a country code such as cn
	Cobrowse       Value[string] // "false", "true" or "extension"
	Load           Value[string]
	Consent        Value[bool]
	Order          Value[string] // signature.order
	Length         Value[string] // signature.length
	AccessKey      Value[string] // signature.accessKey
	JQuery         Value[*Library]
	Axios          Value[*Library]
	InlineStyles   Value[bool]            // csp.inlineStyles
	Fallback       Value[string]          // "" is none
	FrameAncestors Value[[]Value[string]] // csp.frameAncestors
}

// Channel is one entry of a tenant's channels.
type Channel struct {
	Inherited
	Pos             Pos
	ID              Value[string]
	Name            Value[string]
	ChannelConfigID Value[string]
	SecretKey       Value[secret.Ref]
}

var inheritedKeys = fields[Inherited]{
	"contextPath": func(r *reader, i *Inherited, n *yaml.Node) { i.ContextPath = r.text(n, "contextPath", contextPath) },
	"cec":         func(r *reader, i *Inherited, n *yaml.Node) { i.CEC = r.text(n, "cec", cecOrigin) },
	"mode": func(r *reader, i *Inherited, n *yaml.Node) {
		i.Mode = r.oneOf(n, "mode", rule.BadMode, "authorization", "token")
	},
	"locale": func(r *reader, i *Inherited, n *yaml.Node) { i.Locale = r.locale(n) },
	"mapService": func(r *reader, i *Inherited, n *yaml.Node) {
		i.MapService = r.oneOf(n, "mapService", rule.BadMapService, "tencent", "google")
	},
	"region": func(r *reader, i *Inherited, n *yaml.Node) { i.Region = r.text(n, "region", region) },
	"cobrowse": func(r *reader, i *Inherited, n *yaml.Node) {
		i.Cobrowse = r.oneOf(n, "cobrowse", rule.BadCobrowse, "false", "true", "extension")
	},
	"load": func(r *reader, i *Inherited, n *yaml.Node) {
		i.Load = r.oneOf(n, "load", rule.BadLoad, "eager", "idle", "interaction")
	},
	"consent":   func(r *reader, i *Inherited, n *yaml.Node) { i.Consent = r.flag(n, "consent") },
	"fallback":  func(r *reader, i *Inherited, n *yaml.Node) { i.Fallback = r.fallback(n) },
	"signature": func(r *reader, i *Inherited, n *yaml.Node) { mapping(r, n, "signature", signatureKeys, i) },
	"libraries": func(r *reader, i *Inherited, n *yaml.Node) { mapping(r, n, "libraries", librariesKeys, i) },
	"csp":       func(r *reader, i *Inherited, n *yaml.Node) { mapping(r, n, "csp", cspKeys, i) },
}

var signatureKeys = fields[Inherited]{
	"order": func(r *reader, i *Inherited, n *yaml.Node) {
		i.Order = r.oneOf(n, "signature.order", rule.BadSignature, "doc", "hash", "sorted")
	},
	"length": func(r *reader, i *Inherited, n *yaml.Node) {
		i.Length = r.oneOf(n, "signature.length", rule.BadSignature, "bytes", "chars")
	},
	"accessKey": func(r *reader, i *Inherited, n *yaml.Node) {
		i.AccessKey = r.digits(n, "signature.accessKey", accessKey)
	},
}

var librariesKeys = fields[Inherited]{
	"jquery": func(r *reader, i *Inherited, n *yaml.Node) { i.JQuery = r.library(n, "libraries.jquery") },
	"axios":  func(r *reader, i *Inherited, n *yaml.Node) { i.Axios = r.library(n, "libraries.axios") },
}

var cspKeys = fields[Inherited]{
	"inlineStyles":   func(r *reader, i *Inherited, n *yaml.Node) { i.InlineStyles = r.flag(n, "csp.inlineStyles") },
	"frameAncestors": func(r *reader, i *Inherited, n *yaml.Node) { i.FrameAncestors = r.frameAncestors(n) },
}

var channelKeys = with(inheritedKeys, fields[Channel]{
	"id":   func(r *reader, c *Channel, n *yaml.Node) { c.ID = r.text(n, "channel id", channelID) },
	"name": func(r *reader, c *Channel, n *yaml.Node) { c.Name = r.text(n, "channel name", displayName) },
	"channelConfigId": func(r *reader, c *Channel, n *yaml.Node) {
		c.ChannelConfigID = r.cecID(n, "channelConfigId")
	},
	"secretKey": func(r *reader, c *Channel, n *yaml.Node) { c.SecretKey = r.secretRef(n, "secretKey") },
}, func(c *Channel) *Inherited { return &c.Inherited })

// with adds inheritable fields to those of a type that embeds them.
func with[P, T any](some fields[P], own fields[T], part func(*T) *P) fields[T] {
	all := maps.Clone(own)
	for key, read := range some {
		all[key] = func(r *reader, t *T, n *yaml.Node) { read(r, part(t), n) }
	}
	return all
}

// channel reads one item of channels.
func (r *reader) channel(n *yaml.Node) *Channel {
	c := &Channel{Pos: r.pos(n)}
	if !mapping(r, n, "a channel", channelKeys, c) {
		return nil
	}
	r.require(c.Pos, "a channel", c.ID, "id", c.ID.Set)
	r.require(c.Pos, "a channel", c.ID, "channelConfigId", c.ChannelConfigID.Set)
	return c
}

// require reports a missing key at the mapping that should have it.
func (r *reader) require(at Pos, what string, id Value[string], key string, set bool) {
	if set {
		return
	}
	if id.V != "" {
		_, kind, _ := strings.Cut(what, " ")
		what = kind + " " + quote(id.V)
	}
	r.reportAt(at, rule.MissingKey, missingHints[key], "%s has no %s", what, key)
}

// missingHints say what to write for a missing key.
var missingHints = map[string]string{
	"id":              "write id: and a name",
	"tenantSpaceId":   `write tenantSpaceId: "…", as the CEC console shows it`,
	"origin":          "write origin: https://…, the site that carries the chat",
	"channels":        "write channels: and below it a list of them",
	"channelConfigId": `write channelConfigId: "…", as the CEC console shows it`,
	"secret":          "write secret: {env: NAME} or secret: {file: path}",
	"from":            "write from: [127.0.0.1/32], the addresses of the proxies that are believed",
}

// cecID reads a tenant space or channel configuration id (cec-contract section 1).
func (r *reader) cecID(n *yaml.Node, what string) Value[string] {
	v := r.digits(n, what, numberID)
	if v.V != "" && (len(v.V) < 12 || len(v.V) > 19) {
		r.report(n, rule.UnusualID, "copy it from the CEC console as it stands",
			"%s %s has %d digits, CEC's have 12 to 19", what, quote(v.V), len(v.V))
	}
	return v
}

// locale reads a locale; CEC documents zh and en (cec-contract section 6).
func (r *reader) locale(n *yaml.Node) Value[string] {
	v := r.text(n, "locale", locale)
	if v.V != "" && v.V != "zh" && v.V != "en" {
		r.report(n, rule.UnusualLocale, "", "locale %s is not documented by CEC, which knows zh and en", quote(v.V))
	}
	return v
}
