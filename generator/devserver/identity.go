package devserver

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// user is whom the "be user" box names. The zero user is nobody.
type user struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// firstUser is who the developer is until the box says otherwise.
var firstUser = user{"10010001", "Ada Example"}

// userCookie holds the choice of one browser on one host. A host has to have its own, since no
// cookie is shared between names below localhost.
const userCookie = "embedgen-dev-user"

// identity simulates the login of the tenants' sites. One choice holds on all hosts; a browser can
// have another on a tenant's host, so that two users can be played at once.
type identity struct {
	off bool // beyond loopback nobody may choose who to be
	mu  sync.Mutex
	all *user // nil is firstUser
}

// of returns whom a request's browser plays.
func (i *identity) of(r *http.Request) (id, name string, ok bool) {
	u := i.user(r)
	return u.ID, u.Name, u != user{}
}

func (i *identity) user(r *http.Request) user {
	if i.off {
		return user{}
	}
	if u, ok := cookieUser(r); ok {
		return u
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.all == nil {
		return firstUser
	}
	return *i.all
}

func (i *identity) setAll(u user) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.all = &u
}

// cookieUser reads the choice of this browser on this host, which may be to be nobody.
func cookieUser(r *http.Request) (user, bool) {
	c, err := r.Cookie(userCookie)
	if err != nil {
		return user{}, false
	}
	text, err := base64.RawURLEncoding.DecodeString(c.Value)
	var u user
	if err != nil || json.Unmarshal(text, &u) != nil || u != (user{}) && !u.valid() {
		return user{}, false
	}
	return u, true
}

// valid holds a user to what may be signed (cec-contract sections 1 and 3).
func (u user) valid() bool {
	id := func(c rune) bool { return unicode.IsPrint(c) && !strings.ContainsRune(` /;\`, c) }
	name := func(c rune) bool { return !unicode.IsControl(c) && c != '\u2028' && c != '\u2029' }
	return fits(u.ID, 32, id) && fits(u.Name, 256, name)
}

func fits(s string, most int, legal func(rune) bool) bool {
	n := utf8.RuneCountInString(s)
	return utf8.ValidString(s) && 0 < n && n <= most && strings.IndexFunc(s, func(c rune) bool { return !legal(c) }) < 0
}

// setIdentity takes the form of the dashboard: action is be, none (signed out) or, on a tenant's
// host, all (what holds everywhere). It answers with the way back.
func (c *call) setIdentity() {
	switch {
	case c.r.Method != http.MethodPost:
		c.refuseMethod(http.MethodPost)
		return
	case c.identity.off:
		c.text(http.StatusForbidden, "the server listens beyond loopback: nobody may choose who to be")
		return
	}
	c.r.Body = http.MaxBytesReader(c.w, c.r.Body, 4<<10)
	var u user
	if c.r.FormValue("action") == "be" {
		u = user{strings.TrimSpace(c.r.FormValue("id")), strings.TrimSpace(c.r.FormValue("name"))}
		if !u.valid() {
			c.text(http.StatusBadRequest, `user id: 1 to 32 characters without space, "/", ";" or "\"; name: 1 to 256 characters`)
			return
		}
	}
	c.keepUser(u)
	c.w.Header().Set("Location", "../#identity")
	c.w.WriteHeader(http.StatusSeeOther)
}

func (c *call) keepUser(u user) {
	if c.view.tenant == "" {
		c.identity.setAll(u)
		return
	}
	cookie := &http.Cookie{Name: userCookie, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: -1}
	if c.r.FormValue("action") != "all" {
		text, _ := json.Marshal(u) // two strings always encode
		cookie.Value, cookie.MaxAge = base64.RawURLEncoding.EncodeToString(text), 0
	}
	http.SetCookie(c.w, cookie)
}
