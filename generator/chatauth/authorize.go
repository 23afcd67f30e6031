package chatauth

import (
	"mime"
	"net/http"
	"net/url"
	"strings"

	"embedgen/generator/sign"
)

// Headers of a bare answer, which has no other place for the user.
const (
	userIDHeader   = "Third-User-Id"
	userNameHeader = "Third-User-Name" // percent-encoded UTF-8
)

// authorize answers the signing endpoint: it signs for the session's guest, and for nobody else.
func (c *call) authorize(chosen *selection) (*answer, error) {
	ch := chosen.channel
	if ch.secretKey.IsZero() {
		return nil, errUnavailable
	}
	guest, cookie, err := c.guest(chosen)
	if err != nil {
		return nil, err
	}
	if err := chosen.form.sameUser(guest); err != nil {
		return nil, err
	}
	signed, err := ch.sign(guest, c.began)
	if err != nil {
		return nil, err
	}
	c.event.UserID, c.event.Stages = guest.ID, stages(signed)
	a := signatureAnswer(c.r.Header, chosen, guest, signed)
	if cookie != nil {
		a.set("Set-Cookie", cookie.String())
	}
	return a, nil
}

// guest returns the session's guest, with a cookie if the guest is new. Only a known guest has a
// limit of its own; a new one is bounded by the peer's.
func (c *call) guest(chosen *selection) (User, *http.Cookie, error) {
	book := chosen.member.guests
	secure := strings.HasPrefix(chosen.member.origin, "https:")
	if id := book.read(c.r, secure); id != "" {
		return User{id, chosen.channel.guestName}, nil, c.limit(c.sessions, "guest "+book.tenant+" "+id)
	}
	id, err := newID(c.opt.Rand)
	if err != nil {
		return User{}, nil, err
	}
	return User{id, chosen.channel.guestName}, book.cookie(id, chosen.channel.seal, secure), nil
}

// sameUser refuses a body that names somebody else than the session's user.
func (f fields) sameUser(u User) error {
	id, name := f["thirdUserId"], f["thirdUserName"]
	if id != "" && !sameText(id, u.ID) || name != "" && !sameText(name, u.Name) {
		return errUserMismatch
	}
	return nil
}

// signatureAnswer is JSON for who accepts it, else the bare signature.
func signatureAnswer(h http.Header, chosen *selection, u User, s sign.Signature) *answer {
	if !acceptsJSON(h) {
		a := textAnswer(s.Authorization)
		a.set(userIDHeader, u.ID)
		a.set(userNameHeader, url.PathEscape(u.Name))
		return a
	}
	return jsonAnswer(http.StatusOK, struct {
		Authorization   string `json:"thirdPartAuthorization"`
		UserID          string `json:"thirdUserId"`
		UserName        string `json:"thirdUserName"`
		TenantSpaceID   string `json:"tenantSpaceId"`
		ChannelConfigID string `json:"channelConfigId"`
		Timestamp       string `json:"timestamp"`
	}{s.Authorization, u.ID, u.Name, chosen.channel.Tenant.TenantSpaceID, chosen.channel.ChannelConfigID, s.Timestamp})
}

// acceptsJSON reports whether application/json is in an Accept header by name, not by wildcard:
// a page that says nothing gets */* from its browser.
func acceptsJSON(h http.Header) bool {
	for _, line := range h["Accept"] {
		for part := range strings.SplitSeq(line, ",") {
			kind, params, err := mime.ParseMediaType(part)
			q, weighted := params["q"]
			refused := weighted && strings.Trim(q, "0.") == ""
			if err == nil && kind == "application/json" && !refused {
				return true
			}
		}
	}
	return false
}
