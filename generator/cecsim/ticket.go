package cecsim

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"embedgen/generator/cecsim/desk"
)

// cookieName is CEC's session cookie (cec-contract section 2).
const cookieName = "ccmessaging-token"

// ticket is the value of the cookie. The documented fields alone could be written by anybody;
// the session id is what makes it a proof.
type ticket struct {
	CreateTime int64  `json:"createTime"` // epoch milliseconds
	TenantID   string `json:"tenantId"`
	ChannelID  string `json:"channelId"`
	UserID     string `json:"userId"`
	Session    string `json:"sessionId"` // 128 random bits
}

// newTicket makes the ticket of a visitor who starts now.
func newTicket(random io.Reader, now time.Time, v desk.Visitor) (ticket, error) {
	var id [16]byte
	if _, err := io.ReadFull(random, id[:]); err != nil {
		return ticket{}, fmt.Errorf("no random bits for a session id: %w", err)
	}
	return ticket{now.UnixMilli(), v.TenantSpaceID, v.ChannelConfigID, v.UserID, hex.EncodeToString(id[:])}, nil
}

// key is the name of the session outside the cookie. It does not lead back to the session id.
func (t ticket) key() string {
	sum := sha256.Sum256([]byte(t.Session))
	return hex.EncodeToString(sum[:8])
}

// cookie encodes the ticket as CEC does: URL-encoded Base64 of JSON.
func (t ticket) cookie(secure bool) *http.Cookie {
	text, _ := json.Marshal(t) // strings and a number always encode
	return &http.Cookie{
		Name:     cookieName,
		Value:    url.QueryEscape(base64.StdEncoding.EncodeToString(text)),
		Path:     root,
		MaxAge:   int(desk.Lifetime / time.Second),
		HttpOnly: true,
		Secure:   secure,
		SameSite: http.SameSiteLaxMode,
	}
}

// ticketOf reads the ticket of a request. An unreadable one is no ticket.
func ticketOf(r *http.Request) (ticket, bool) {
	var t ticket
	cookie, err := r.Cookie(cookieName)
	if err != nil {
		return t, false
	}
	encoded, err := url.QueryUnescape(cookie.Value)
	if err != nil {
		return t, false
	}
	text, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return t, false
	}
	return t, json.Unmarshal(text, &t) == nil
}

// names reports whether the ticket says the same as the session that it opens.
func (t ticket) names(v desk.Visitor) bool {
	return t.TenantID == v.TenantSpaceID && t.ChannelID == v.ChannelConfigID && t.UserID == v.UserID
}
