package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// from is the header of a page of an origin, with further names and values.
func from(origin string, more ...string) http.Header {
	h := http.Header{"Origin": {origin}, "Accept": {"application/json"}}
	for i := 0; i < len(more); i += 2 {
		h.Set(more[i], more[i+1])
	}
	return h
}

// names is the body of the two browser endpoints, with further members.
func names(ch channel, more string) string {
	return fmt.Sprintf(`{"tenantSpaceId":%q,"channelConfigId":%q%s}`, ch.space, ch.config, more)
}

// grant is what the two browser endpoints answer.
type grant struct {
	ThirdPartAuthorization, ThirdUserToken, ThirdUserID, ThirdUserName string
	TenantSpaceID, ChannelConfigID, Timestamp                          string
}

func read(t *testing.T, text string) grant {
	t.Helper()
	var g grant
	if err := json.Unmarshal([]byte(text), &g); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return g
}

func (s *stage) signsForTheSession(t *testing.T) {
	ch := s.channel("acme/web_loans")
	url := ch.origin + "/webchat/authorizationService"
	answer, text := s.post(url, names(ch, `,"locale":"en","mapService":"google","timestamp":1767323345678`), from(ch.origin))
	g := read(t, text)
	who := guest{g.ThirdUserName, g.ThirdUserID, ch.space, ch.config}
	if err := checkAuthorization(g.ThirdPartAuthorization, s.secrets[ch.secretFile], ch.accessKey, ch.order, ch.length, who); err != nil {
		t.Errorf("%v: %s", err, text)
	}
	if answer.Header.Get("Cache-Control") != "no-store" || len(answer.Header.Values("Cache-Control")) != 1 {
		t.Errorf("Cache-Control %q", answer.Header.Values("Cache-Control"))
	}
	s.checkGuestCookie(t, answer)
	_, other := s.post(url, names(ch, ""), from(ch.origin))
	if read(t, other).ThirdUserID == g.ThirdUserID {
		t.Error("two guests got the same id")
	}
	for _, body := range []string{
		names(ch, `,"thirdUserId":"victim"`), names(ch, `,"thirdUserName":"Victim"`),
		names(ch, `,"thirdUserId":"`+g.ThirdUserID+`"`), // of another session
		strings.Replace(names(ch, ""), ch.config, "202102193196869799", 1),
		names(ch, `,"channelConfigId":"202102193196869799"`), names(s.channel("globex/shop_help"), ""),
		names(s.channel("acme/web_private"), ""), names(ch, "") + "{}", "[]", "",
	} {
		if answer, text := s.post(url, body, from(ch.origin)); answer.StatusCode < 400 || answer.StatusCode >= 500 || strings.Contains(text, "auth-v2") {
			t.Errorf("%s: HTTP %d %s", body, answer.StatusCode, text)
		}
	}
	s.answersTheGuidesSample(t, ch, url)
}

// answersTheGuidesSample: the guide's page wants the bare signature (DESIGN section 5).
func (s *stage) answersTheGuidesSample(t *testing.T, ch channel, url string) {
	t.Helper()
	header := from(ch.origin, "Accept", "*/*", "Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
	answer, text := s.post(url, names(ch, ""), header)
	if !strings.HasPrefix(text, "auth-v2/"+ch.accessKey+"/") || strings.ContainsAny(text, "\n\"{ ") {
		t.Errorf("HTTP %d, not a bare signature: %q", answer.StatusCode, text)
	}
	if got := answer.Header.Get("Content-Type"); !strings.HasPrefix(got, "text/plain") {
		t.Errorf("Content-Type %q", got)
	}
}

// checkGuestCookie: security.md line 3.
func (s *stage) checkGuestCookie(t *testing.T, answer *http.Response) {
	t.Helper()
	list := answer.Cookies()
	if len(list) != 1 {
		t.Fatalf("%d cookies, want 1: %v", len(list), list)
	}
	c := list[0]
	if !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Domain != "" {
		t.Errorf("cookie %s", c.Raw)
	}
}

func (s *stage) ignoresClientIdentity(t *testing.T) {
	ch := s.channel("acme/web_private")
	url := ch.origin + "/webchat/token"
	forged := []string{"X-Remote-User", "victim", "X-Remote-Name", "Victim", "X-Forwarded-For", "127.0.0.1", "X-Real-IP", "127.0.0.1"}
	answer, text := s.post(url, names(ch, ""), from(ch.origin, forged...))
	if answer.StatusCode != http.StatusUnauthorized || strings.Contains(text, "victim") {
		t.Errorf("without a session: HTTP %d %s", answer.StatusCode, text)
	}
	answer, text = s.post(url, names(ch, ""), from(ch.origin, append(forged, "Cookie", "session=s-ann")...))
	if g := read(t, text); answer.StatusCode != 200 || g.ThirdUserID != "u-1001" || g.ThirdUserName != "Ann Lee" || g.ThirdUserToken == "" {
		t.Errorf("with a session: HTTP %d %s", answer.StatusCode, text)
	}
	answer, text = s.post(url, names(ch, `,"thirdUserId":"victim"`), from(ch.origin, "Cookie", "session=s-ann"))
	if answer.StatusCode < 400 {
		t.Errorf("a body that names another user: HTTP %d %s", answer.StatusCode, text)
	}
	header := from(ch.origin, "X-Remote-User", "victim", "X_Remote_User", "victim", "x-remote-user", "victim")
	if answer, text := s.post(url, names(ch, ""), header); answer.StatusCode != http.StatusUnauthorized {
		t.Errorf("with variants of the header: HTTP %d %s", answer.StatusCode, text)
	}
}

func (s *stage) refusesOrigins(t *testing.T) {
	ch := s.channel("acme/web_loans")
	private := s.channel("acme/web_private")
	for _, origin := range []string{
		"https://evil.example", "null", "http://www.acme.example", "https://www.acme.example:8443", "https://www.acme.example.evil.example",
		"https://127.0.0.1", "https://shop.globex.example", "https://www.acme.example/", "",
	} {
		header := from(origin, "Cookie", "session=s-ann")
		if origin == "" {
			header.Del("Origin")
		}
		for url, body := range map[string]string{"/webchat/authorizationService": names(ch, ""), "/webchat/token": names(private, "")} {
			answer, text := s.post(ch.origin+url, body, header)
			if answer.StatusCode != http.StatusForbidden || answer.Header.Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("%s from %q: HTTP %d %s", url, origin, answer.StatusCode, text)
			}
		}
	}
}

func (s *stage) validatesStrictly(t *testing.T) {
	ch := s.channel("globex/shop_account")
	_, text := s.post(ch.origin+"/webchat/token", names(ch, ""), from(ch.origin, "Cookie", "session=s-ann"))
	token := read(t, text).ThirdUserToken
	body := func(key, token, name, id, space string) string {
		return fmt.Sprintf(`{%q:%q,"userName":%q,"userId":%q,"tenantSpaceId":%q}`, key, token, name, id, space)
	}
	ok := body("Token", token, "Ann Lee", "u-1001", ch.space)
	for _, contentType := range []string{"application/json", "text/plain", "application/x-www-form-urlencoded"} {
		s.wantCode(t, ch, ok, contentType, true)
	}
	s.wantCode(t, ch, body("token", token, "Ann Lee", "u-1001", ch.space), "application/json", true)
	parts := strings.Split(token, ".")
	none := "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0." + parts[1] + "."
	for _, bad := range []string{
		body("Token", token, "Ann Lee", "u-1002", ch.space), body("Token", token, "Eve", "u-1001", ch.space),
		body("Token", token, "Ann Lee", "u-1001", "202007159031"), body("Token", none, "Ann Lee", "u-1001", ch.space),
		body("Token", token+"x", "Ann Lee", "u-1001", ch.space), body("Token", "garbage", "Ann Lee", "u-1001", ch.space),
	} {
		s.wantCode(t, ch, bad, "application/json", false)
	}
	for _, malformed := range []string{"", "{}", "[]", ok + ok, `{"Token":1}`, strings.Repeat("x", 9000)} {
		answer, _ := s.post(ch.origin+validation, malformed, nil)
		if answer.StatusCode < 400 || answer.StatusCode >= 500 {
			t.Errorf("%.40q: HTTP %d, want 4xx", malformed, answer.StatusCode)
		}
	}
}

const validation = "/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate"

func (s *stage) wantCode(t *testing.T, ch channel, body, contentType string, good bool) {
	t.Helper()
	answer, err := s.client.Post(ch.origin+validation, contentType, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	code := retCode(answer)
	if good != (code == "0") || strings.HasPrefix(code, "HTTP") {
		t.Errorf("%s as %s: retCode %s", body, contentType, code)
	}
}

func (s *stage) logsNothingPrivate(t *testing.T) {
	log := s.serve.output()
	private := []string{"auth-v2/", "eyJ", "u-1001", "Ann Lee", "alert(1)", "s-ann"}
	for _, secret := range s.secrets {
		private = append(private, secret)
	}
	for _, text := range private {
		if strings.Contains(log, text) {
			t.Errorf("the log holds %q", text)
		}
	}
}
