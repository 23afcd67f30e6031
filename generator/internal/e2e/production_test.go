package e2e

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// TestProduction runs the example behind real nginx, with embedgen serve, against a strict CEC.
func TestProduction(t *testing.T) {
	s := newStage(t)
	t.Run("page", func(t *testing.T) {
		for _, ch := range s.channels {
			t.Run(ch.name(), func(t *testing.T) { s.chatsOnItsPage(t, ch) })
		}
	})
	t.Run("snippet on a foreign page of the site", func(t *testing.T) {
		for _, ch := range s.channels {
			t.Run(ch.name(), func(t *testing.T) { s.chatsOnForeignPage(t, ch) })
		}
	})
	t.Run("EM-1 injected late by a tag manager", s.startsLate)
	t.Run("EM-5 load starts an interaction channel", s.startsOnCall)
	t.Run("DESIGN 4 a second channel on a page is refused", s.refusesSecondChannel)
	t.Run("EM-3 refusals never run and become events", s.survivesRefusals)
	t.Run("EM-7 snippet under the page's own policy with a nonce", s.honoursNonce)
	t.Run("EM-8 nobody logged in", s.needsSession)
	t.Run("EM-8 identify with a hostile name", s.identifies)
	t.Run("EM-8 reset leaves no user datum", s.resets)
	t.Run("EM-6 withdrawn consent cleans up", s.withdraws)
	t.Run("EM-10 destroy ends everything", s.destroys)
	t.Run("SEC-1 endpoints decide who the user is", s.signsForTheSession)
	t.Run("SEC-1 client headers do not impersonate", s.ignoresClientIdentity)
	t.Run("SEC-4 foreign origins are refused", s.refusesOrigins)
	t.Run("SEC-12 validation refuses alike", s.validatesStrictly)
	t.Run("SEC-16 the log holds no secret, token or user", s.logsNothingPrivate)
}

// visitor opens a tab of somebody who has cookies of the site, and is logged in if the channel asks.
func (s *stage) visitor(t *testing.T, ch channel, who customer) *tab {
	t.Helper()
	b := newVisitor(t, s.browser)
	t.Cleanup(func() { s.cecs[ch.tenant].check(t) }) // says why, where a page only stays without an icon
	b.setCookie(ch.origin, "tracking", "site-only")
	if ch.token() && who.session != "" {
		b.setCookie(ch.origin, "session", who.session)
	}
	return b
}

func (b *tab) setCookie(origin, name, value string) {
	b.t.Helper()
	cookie := network.SetCookieParams{URL: origin, Name: name, Value: value}
	if _, err := chromedp.Call(b.ctx, network.SetCookie, cookie); err != nil {
		b.t.Fatal(err)
	}
}

// settled ends a scenario: neither the CEC nor the page may have anything to complain about.
func (s *stage) settled(t *testing.T, ch channel, b *tab) {
	t.Helper()
	s.cecs[ch.tenant].check(t)
	b.clean()
	s.checkHosts(t, ch, b)
	b.close()
}

// checkHosts: a page asks its own site, CEC if that is direct, and nobody else (EM-15).
func (s *stage) checkHosts(t *testing.T, ch channel, b *tab) {
	t.Helper()
	for _, url := range b.requested("") {
		if !strings.HasPrefix(url, ch.origin+"/") && !strings.HasPrefix(url, ch.base()+"/") && !strings.HasPrefix(url, "data:") {
			t.Errorf("the page asked %s", url)
		}
	}
}

// icon is true when the strict CEC has drawn its icon and nothing covers it.
const icon = `(() => { const e = document.querySelector('#cec-icon'), r = e?.getBoundingClientRect();
  return r?.width && e.contains(document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2)); })()`

func (s *stage) chatsOnItsPage(t *testing.T, ch channel) {
	for _, who := range s.whoever(ch) {
		b := s.visitor(t, ch, who)
		b.open(ch.page())
		s.begin(t, ch, b)
		s.converse(t, ch, b)
		if ch.token() {
			if got := eval[string](b, `userName + '|' + userId`); got != who.name+"|"+who.id {
				t.Errorf("the page's user is %q, want %q", got, who)
			}
		}
		s.settled(t, ch, b)
	}
}

// whoever is who visits a channel: every customer, or one guest.
func (s *stage) whoever(ch channel) []customer {
	if ch.token() {
		return customers
	}
	return customers[:1]
}

// begin does what the visitor or the page must do before the chat starts, and nothing may have
// happened before that.
func (s *stage) begin(t *testing.T, ch channel, b *tab) {
	t.Helper()
	if ch.consent {
		s.untouched(t, ch, b)
		eval[any](b, `void EmbedChat('consent', true)`)
	}
	if ch.load == "interaction" {
		button := b.find(".", "button")
		s.untouched(t, ch, b)
		b.press(button.middle)
	}
	b.await("CEC's icon", icon)
}

// untouched: neither CEC nor an endpoint was asked, and nothing is stored (EM-5, EM-6).
func (s *stage) untouched(t *testing.T, ch channel, b *tab) {
	t.Helper()
	before := s.cecs[ch.tenant].requests()
	time.Sleep(400 * time.Millisecond)
	if n := s.cecs[ch.tenant].requests() - before; n != 0 {
		t.Errorf("CEC got %d requests too early", n)
	}
	for _, part := range []string{"service-cloud", "/webchat/", "/rest/"} {
		if urls := b.requested(part); len(urls) != 0 {
			t.Errorf("requested too early: %v", urls)
		}
	}
	for _, cookie := range b.cookies(ch.page()) {
		if cookie.Name != "tracking" && cookie.Name != "session" {
			t.Errorf("cookie %s is set too early", cookie.Name)
		}
	}
	if n := eval[int](b, `localStorage.length + sessionStorage.length`); n != 0 {
		t.Errorf("%d things are stored too early", n)
	}
}

// converse opens CEC's window, says something, and waits for the answer.
func (s *stage) converse(t *testing.T, ch channel, b *tab) {
	t.Helper()
	text := "hello from " + ch.id + ` </p><img src=x onerror=alert(1)> 你好`
	b.click("#cec-icon")
	b.click("#cec-input")
	b.write(text)
	b.click("#cec-send")
	b.await("the answer", fmt.Sprintf(`document.querySelector('#cec-log').innerText.includes(%q)`, "echo: "+text))
	s.checkCookie(t, ch, b)
	if rest := slices.DeleteFunc(b.controls("button"), func(c control) bool { return c.name == "在线客服" || c.name == "发送" }); ch.load == "interaction" && len(rest) > 0 {
		t.Errorf("the facade is still there beside CEC's icon: %v", rest)
	}
}

// checkCookie: ccmessaging-token is the site's own, for this context path only, unless CEC is direct.
func (s *stage) checkCookie(t *testing.T, ch channel, b *tab) {
	t.Helper()
	c := s.cecs[ch.tenant]
	for _, cookie := range b.cookies(ch.base() + "/x") {
		if cookie.Name != cookieName {
			continue
		}
		c.mu.Lock()
		known := c.sessions[cookie.Value] != nil
		c.mu.Unlock()
		path := strings.TrimSuffix(cookie.Path, "/")
		switch {
		case !known:
			t.Errorf("CEC does not know the cookie's value %q", cookie.Value)
		case !cookie.Secure || !ch.direct() && path != ch.context:
			t.Errorf("cookie secure %v, path %q", cookie.Secure, cookie.Path)
		case !regexp.MustCompile(`^https://` + regexp.QuoteMeta(strings.TrimPrefix(cookie.Domain, ".")) + `[:/]`).MatchString(ch.base()):
			t.Errorf("cookie of %q on %s", cookie.Domain, ch.base())
		}
		return
	}
	t.Errorf("%s is not on %s", cookieName, ch.base())
}
