package script

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"embedgen/generator/site"
)

// config is what embed.js knows of its channel: Config in embed/config.js.
type config struct {
	Channel         string `json:"channel"`
	Client          string `json:"client"`
	Context         string `json:"context"`
	TenantSpaceID   string `json:"tenantSpaceId"`
	ChannelConfigID string `json:"channelConfigId"`
	Token           bool   `json:"token"`
	Endpoint        string `json:"endpoint"`
	Locale          string `json:"locale"`
	MapService      string `json:"mapService"`
	Cobrowse        bool   `json:"cobrowse"`
	Load            string `json:"load"`
	Consent         bool   `json:"consent"`
	// Fallback holds a label and an address, or nothing. The label of a page is "": its words depend on the language.
	Fallback []string `json:"fallback"`
	JQuery   *library `json:"jquery,omitempty"`
	Axios    *library `json:"axios,omitempty"`
}

type library struct {
	Src       string `json:"src"`
	Integrity string `json:"integrity,omitempty"`
}

func (e *Engine) config(ch *site.Channel) config {
	c := config{
		Channel:         ch.Tenant.ID + "/" + ch.ID,
		Client:          ch.Tenant.PublicPath + "assets/" + e.clientName,
		Context:         ch.Context.Path,
		TenantSpaceID:   ch.Tenant.TenantSpaceID,
		ChannelConfigID: ch.ChannelConfigID,
		Endpoint:        ch.Tenant.Endpoints.Authorization,
		Locale:          ch.Locale,
		MapService:      ch.MapService,
		Cobrowse:        ch.Cobrowse == site.CobrowseScripts,
		Load:            string(ch.Load),
		Consent:         ch.Consent,
		JQuery:          libraryOf(ch.Tenant, ch.JQuery),
	}
	c.Fallback = []string{}
	if label, address := fallback(ch); address != "" {
		c.Fallback = []string{label, address}
	}
	if ch.Context.Direct() {
		c.Context = ch.Context.URL
	}
	if ch.Mode == site.TokenMode {
		c.Token = true
		c.Endpoint = ch.Tenant.Endpoints.Token
		c.Axios = libraryOf(ch.Tenant, ch.Axios)
	}
	return c
}

// libraryOf resolves a copied library's path against the tenant's web root.
func libraryOf(t *site.Tenant, l site.Library) *library {
	if l.IsZero() {
		return nil
	}
	src := l.Src
	if !strings.Contains(src, "://") {
		src = t.PublicPath + src
	}
	return &library{Src: src, Integrity: l.Integrity}
}

// scriptJSON encodes v as JSON that is a JavaScript expression, in a file as well as inside a
// script element, whatever the character set of the page: printable ASCII, with <, > and & escaped.
func scriptJSON(v any) []byte {
	data, err := json.Marshal(v) // escapes <, >, &, U+2028 and U+2029, and replaces invalid UTF-8
	if err != nil {
		panic(err) // v is one of this package's own types
	}
	var out bytes.Buffer
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		switch {
		case r < '\x7f':
			out.WriteByte(data[0])
		case r > 0xFFFF:
			r -= 0x10000
			fmt.Fprintf(&out, `\u%04x\u%04x`, 0xD800+r>>10, 0xDC00+r&0x3FF)
		default:
			fmt.Fprintf(&out, `\u%04x`, r)
		}
		data = data[size:]
	}
	return out.Bytes()
}
