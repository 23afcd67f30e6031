package chatauth

import (
	"errors"
	"net/http"
)

// verdict is the answer to CEC (cec-contract section 4).
type verdict struct {
	RetCode int    `json:"retCode"`
	Message string `json:"message"`
}

const (
	retGenuine   = 0
	retRefused   = 1
	retMalformed = 2
	retFault     = 3
)

func retCodeOf(status int) int {
	if status >= http.StatusInternalServerError {
		return retFault
	}
	return retMalformed
}

// validationGrammar knows the body that CEC sends; it writes Token with a capital, unlike the rest.
// Members that the contract does not name are skipped: a later CEC may send more, and nothing that
// is decided here depends on them.
func validationGrammar(key string) (name string, number, ok bool) {
	switch key {
	case "userName", "userId", "tenantSpaceId":
		return key, false, true
	}
	if lowerASCII(key) == "token" {
		return "token", false, true
	}
	return "", false, true
}

// validate answers the validation endpoint. Whoever asks with a wrong token learns that it is
// wrong, and not why: code, message and log line are the same.
func (c *call) validate() (*answer, error) {
	if c.r.Method != http.MethodPost {
		return nil, errMethod
	}
	if err := c.limit(c.validations, c.peer()); err != nil {
		return nil, err
	}
	f, err := c.fields(validationGrammar)
	if err != nil {
		return nil, err
	}
	if err := f.require("token", "userName", "userId", "tenantSpaceId"); err != nil {
		return nil, err
	}
	reason, err := c.verify(f)
	if err != nil {
		return nil, err
	}
	if reason != nil {
		c.event.Reason = reason.Error()
		a := jsonAnswer(http.StatusOK, verdict{retRefused, "validate failed"})
		a.code = "refused"
		return a, nil
	}
	return jsonAnswer(http.StatusOK, verdict{retGenuine, "validate success"}), nil
}

// verify returns why the token is refused, nil if it is not. The error is a fault of the store.
func (c *call) verify(f fields) (reason, err error) {
	user := User{f["userId"], f["userName"]}
	reason = errTenant
	for _, m := range c.route.members {
		if m.issuer == nil || !sameText(m.site.TenantSpaceID, f["tenantSpaceId"]) {
			continue
		}
		var token *claims
		if token, reason = m.issuer.verify(f["token"], user, c.began); reason == nil {
			c.event.Tenant, c.event.UserID = m.site.ID, user.ID
			return c.use(m, token)
		}
	}
	return reason, nil
}

// use counts one use of a genuine token.
func (c *call) use(m *member, token *claims) (reason, err error) {
	uses, err := c.opt.Replay.Use(c.r.Context(), m.site.ID+"/"+token.ID, token.ExpiresAt.Time)
	if err != nil {
		return nil, errors.Join(errStore, err)
	}
	if uses > c.opt.Limits.TokenUses {
		return errUsedUp, nil
	}
	return nil, nil
}
