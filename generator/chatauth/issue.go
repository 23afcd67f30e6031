package chatauth

import (
	"errors"
	"net/http"
	"unicode/utf8"
)

// issue answers the token endpoint: a token for the session's customer, and for nobody else.
func (c *call) issue(chosen *selection) (*answer, error) {
	if chosen.member.issuer == nil {
		return nil, errUnavailable
	}
	customer, err := c.customer(chosen)
	if err != nil {
		return nil, err
	}
	if err := c.limit(c.sessions, "customer "+chosen.member.site.ID+" "+customer.ID); err != nil {
		return nil, err
	}
	if err := chosen.form.sameUser(customer); err != nil {
		return nil, err
	}
	t, err := chosen.member.issuer.mint(customer, c.began, c.opt.Rand)
	if err != nil {
		return nil, err
	}
	c.event.UserID = customer.ID
	return jsonAnswer(http.StatusOK, struct {
		Token     string `json:"thirdUserToken"`
		UserID    string `json:"thirdUserId"`
		UserName  string `json:"thirdUserName"`
		ExpiresAt int64  `json:"expiresAt"` // milliseconds since 1970
	}{t.Text, customer.ID, customer.Name, t.Expires.UnixMilli()}), nil
}

// customer asks the identity provider, and holds what it says to the patterns of a user.
func (c *call) customer(chosen *selection) (User, error) {
	if c.opt.Identity == nil {
		return User{}, errNoSession
	}
	u, err := c.opt.Identity.Identify(c.r, chosen.member.site)
	if errors.Is(err, ErrNoSession) {
		return User{}, errNoSession
	}
	if err == nil {
		err = u.check()
	}
	if err != nil {
		c.opt.Log.Warn("bad identity", "tenant", chosen.member.site.ID, "error", err.Error())
		return User{}, errBadIdentity
	}
	c.warnOfLongID(chosen.member, u)
	return u, nil
}

// documentedID is how many characters of a user id CEC documents where one is sent (cec-contract
// section 1); up to 32 are let through.
const documentedID = 24

// warnOfLongID says, once per tenant and without the id, that CEC may refuse its customers.
func (c *call) warnOfLongID(t *member, u User) {
	if n := utf8.RuneCountInString(u.ID); n > documentedID {
		t.longID.Do(func() {
			c.opt.Log.Warn("long user id", "tenant", t.site.ID, "characters", n, "documented", documentedID)
		})
	}
}
