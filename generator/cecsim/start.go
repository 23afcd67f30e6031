package cecsim

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"strings"

	"embedgen/generator/cecsim/desk"
	"embedgen/generator/sign"
	"embedgen/generator/site"
)

// refusal is an error that the browser is told.
type refusal struct {
	status int
	stage  string // the check that failed
	reason string
}

func (r refusal) Error() string { return r.reason }

// start is one POST of a client script.
type start struct {
	cec     *CEC
	request *http.Request
	data    userData
	channel *site.Channel // nil until it is found
	vouched string        // what vouched for the visitor: signature or token
	session string        // key of the session; "" until it is open
	cookie  *http.Cookie  // of the session
	event   Event
}

// clientScript serves a client script to those who pass every step.
func (c *CEC) clientScript(name string, steps ...func(*start) error) http.HandlerFunc {
	steps = append([]func(*start) error{(*start).read, (*start).find}, steps...)
	return func(w http.ResponseWriter, r *http.Request) {
		s := &start{cec: c, request: r, event: Event{
			Time: c.options.Now(), From: Visitor, To: Upstream, What: "POST " + name, Status: http.StatusOK,
		}}
		err := s.run(steps)
		var script []byte
		if err == nil {
			script, err = c.script(name, s.session)
		}
		s.answer(w, script, err)
	}
}

func (s *start) run(steps []func(*start) error) error {
	for _, step := range steps {
		if err := step(s); err != nil {
			return err
		}
	}
	return nil
}

func (s *start) answer(w http.ResponseWriter, script []byte, err error) {
	var tenant *site.Tenant
	if s.channel != nil {
		tenant = s.channel.Tenant
	}
	s.cec.allowOrigin(w, s.request, tenant)
	if err != nil {
		s.fail(err)
	} else {
		s.event.Response = s.responseView(len(script))
	}
	s.event.Duration = s.cec.options.Now().Sub(s.event.Time)
	s.cec.record(s.event)
	if err != nil {
		refuse(w, s.event.Status, s.event.Stage+": "+s.event.Problem)
		return
	}
	if s.cookie != nil {
		http.SetCookie(w, s.cookie)
	}
	w.Header().Set("Content-Type", "application/javascript; charset=utf-8")
	w.Write(script)
}

// fail turns an error into the refusal that the event tells.
func (s *start) fail(err error) {
	r := refusal{http.StatusInternalServerError, "simulator", err.Error()}
	errors.As(err, &r)
	s.event.Status, s.event.Stage, s.event.Problem = r.status, r.stage, r.reason
	s.check(r.stage, false, r.reason)
}

func (s *start) responseView(size int) string {
	text := fmt.Sprintf("200, a script of %d bytes (simulated, not the vendor's script)", size)
	if s.cookie != nil {
		text += fmt.Sprintf("\nSet-Cookie: %s=%s; Path=%s; Max-Age=%d", cookieName, mask(s.cookie.Value), s.cookie.Path, s.cookie.MaxAge)
	}
	return text
}

func (s *start) check(name string, ok bool, detail string) {
	s.event.Checks = append(s.event.Checks, Check{name, ok, detail})
}

// read takes the body, whatever its content type says: the guide's samples send JSON as a form.
func (s *start) read() error {
	body, err := io.ReadAll(http.MaxBytesReader(nil, s.request.Body, maxBody))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return refusal{http.StatusRequestEntityTooLarge, "body", fmt.Sprintf("the body has more than %d bytes", maxBody)}
	}
	if err != nil {
		return refusal{http.StatusBadRequest, "body", "the body ended early"}
	}
	s.data, err = parseUserData(body)
	if err != nil {
		return err
	}
	s.event.User, s.event.Request = s.data.UserID, s.data.masked()
	s.check("body", true, "thirdUserData as "+s.contentType())
	s.event.Checks = append(s.event.Checks, s.data.timestampCheck())
	return nil
}

func (s *start) contentType() string {
	t, _, _ := strings.Cut(s.request.Header.Get("Content-Type"), ";")
	if t == "" {
		return "no content type"
	}
	return cut(t)
}

// find looks the channel up by the two ids of the body.
func (s *start) find() error {
	tenantKnown := false
	for _, t := range s.cec.site.Load().Tenants {
		if t.TenantSpaceID != s.data.TenantSpaceID {
			continue
		}
		tenantKnown = true
		for _, ch := range t.Channels {
			if ch.ChannelConfigID == s.data.ChannelConfigID {
				s.channel = ch
				s.event.Tenant, s.event.Channel = t.ID, ch.ID
				s.check("channel", true, t.ID+"/"+ch.ID)
				return nil
			}
		}
	}
	if !tenantKnown {
		return refusal{http.StatusForbidden, "tenantSpaceId", fmt.Sprintf("no tenant has the tenant space %.40q", s.data.TenantSpaceID)}
	}
	return refusal{http.StatusForbidden, "channelConfigId", fmt.Sprintf("the tenant has no channel %.40q", s.data.ChannelConfigID)}
}

// vouch checks what the channel's mode demands.
func (s *start) vouch() error {
	if s.channel.Mode == site.TokenMode {
		return s.vouchByToken()
	}
	return s.vouchBySignature()
}

// vouchBySignature verifies the authorization (cec-contract section 3).
func (s *start) vouchBySignature() error {
	if s.data.Authorization == "" {
		return refusal{http.StatusForbidden, "mode", "the channel is in authorization mode, and there is no thirdPartAuthorization"}
	}
	s.check("mode", true, "authorization")
	key, err := s.cec.options.Secrets(s.channel.SecretKey)
	if err != nil {
		return refusal{http.StatusForbidden, "secretKey", "CEC has no key for the channel: " + err.Error()}
	}
	order, length := sign.Order(s.channel.Signature.Order), sign.Length(s.channel.Signature.Length)
	if err := s.verify(key, order, length); err != nil {
		return refusal{http.StatusUnauthorized, stageOf(err), err.Error() + s.hint(err, key)}
	}
	s.vouched = "signature"
	s.check("signature", true, fmt.Sprintf("auth-v2, order %s, length %s, at most %.0f minutes old", order, length, sign.DefaultSkew.Minutes()))
	return nil
}

func (s *start) verify(key string, order sign.Order, length sign.Length) error {
	return sign.Verify(s.data.Authorization, key, sign.Request{
		UserName:        s.data.UserName,
		UserID:          s.data.UserID,
		TenantSpaceID:   s.data.TenantSpaceID,
		ChannelConfigID: s.data.ChannelConfigID,
		AccessKey:       s.channel.Signature.AccessKey,
		Order:           order,
		Length:          length,
	}, s.cec.options.Now(), sign.DefaultSkew)
}

func stageOf(err error) string {
	var mismatch *sign.Mismatch
	var field *sign.FieldError
	switch {
	case errors.As(err, &mismatch):
		return mismatch.Stage
	case errors.As(err, &field):
		return field.Field
	}
	return "signature"
}

// hint says whether another answer to CEC's open questions would have made the signature right.
func (s *start) hint(err error, key string) string {
	var m *sign.Mismatch
	if !errors.As(err, &m) || m.Stage != "signature" {
		return ""
	}
	for _, order := range sign.Orders() {
		for _, length := range sign.Lengths() {
			if s.verify(key, order, length) == nil {
				return fmt.Sprintf("; it would be right with signature order %s and length %s", order, length)
			}
		}
	}
	return "; the key, or one of the four signed fields, is not the one that was signed"
}

// vouchByToken asks the site itself (cec-contract section 4).
func (s *start) vouchByToken() error {
	switch {
	case s.channel.Mode != site.TokenMode:
		return refusal{http.StatusForbidden, "mode", "the channel is in authorization mode: POST newThirdPartyClient.js with thirdPartAuthorization"}
	case s.data.Token == "":
		return refusal{http.StatusForbidden, "mode", "the channel is in token mode, and there is no thirdUserToken"}
	}
	s.check("mode", true, "token")
	if err := s.askSite(); err != nil {
		return refusal{http.StatusUnauthorized, "token", err.Error()}
	}
	s.vouched = "token"
	s.check("token", true, "the site answered retCode 0")
	return nil
}

// askSite calls the validation endpoint, which is a hop of its own.
func (s *start) askSite() error {
	body := ValidateRequest{s.data.Token, s.data.UserName, s.data.UserID, s.data.TenantSpaceID}
	hop := Event{
		Time: s.cec.options.Now(), From: Upstream, To: Site, What: "POST " + s.channel.Tenant.Endpoints.Validation,
		Tenant: s.event.Tenant, Channel: s.event.Channel, User: s.event.User, Status: http.StatusOK,
	}
	code, message, err := s.cec.options.Validate(s.request.Context(), s.channel.Tenant, body)
	switch {
	case err != nil:
		hop.Status = 0
		err = fmt.Errorf("the site's validation endpoint gave no answer: %w", err)
	case code != 0:
		err = fmt.Errorf("the site answered retCode %d: %.200q", code, message)
	}
	hop.Duration = s.cec.options.Now().Sub(hop.Time)
	body.Token = mask(body.Token)
	hop.Request, hop.Response = pretty(body), pretty(map[string]any{"retCode": code, "message": message})
	if err != nil {
		hop.Stage, hop.Problem = "token", err.Error()
		hop.Checks = []Check{{"retCode", false, err.Error()}}
	} else {
		hop.Checks = []Check{{"retCode", true, "0"}}
	}
	s.cec.record(hop)
	return err
}

// open starts the session and makes its cookie.
func (s *start) open() error {
	ch, now := s.channel, s.cec.options.Now()
	v := desk.Visitor{
		Tenant: ch.Tenant.ID, TenantName: ch.Tenant.Name, Channel: ch.ID, ChannelName: ch.Name,
		TenantSpaceID: s.data.TenantSpaceID, ChannelConfigID: s.data.ChannelConfigID,
		UserID: s.data.UserID, UserName: s.data.UserName, Locale: s.data.Locale, MapService: s.data.MapService,
		Mode: string(ch.Mode), Verified: s.vouched,
	}
	t, err := newTicket(s.cec.options.Rand, now, v)
	if err != nil {
		return err
	}
	s.session, s.cookie = t.key(), t.cookie(s.request.TLS != nil)
	detail := "new"
	if s.cec.desk.Start(now, s.session, v) {
		detail = "new; it replaces an earlier one of the same user, which now gets 401"
	}
	s.check("session", true, detail)
	return nil
}

// script is the text of a client script: what both have in common comes first, then the key of the
// session, by which the widget of a tab knows whether the browser's cookie is still its own.
func (c *CEC) script(name, session string) ([]byte, error) {
	common, err := fs.ReadFile(c.options.Templates, "cec/globals.js")
	if err != nil {
		return nil, err
	}
	own, err := fs.ReadFile(c.options.Templates, "cec/"+name)
	if err != nil {
		return nil, err
	}
	return fmt.Appendf(nil, "%s\ncecSimulated.session = %q;\n%s", common, session, own), nil
}
