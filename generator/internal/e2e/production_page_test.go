package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func (s *stage) snippet(t *testing.T, ch channel) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(s.dir, "out", "snippets", ch.tenant, ch.id+".html"))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// foreign puts a page around a snippet on the site, and returns its address.
func (s *stage) foreign(t *testing.T, ch channel, head, snippet string) string {
	t.Helper()
	name := ch.id + "-" + strings.ReplaceAll(filepath.Base(t.Name()), "/", "-") + ".html"
	const form = "<!doctype html><html lang=en><head><meta charset=utf-8><title>Shop</title>%s</head>" +
		"<body><h1>Shop</h1><script>'use strict'; const shop = 1; let locale2 = 2;</script>\n%s</body></html>"
	writeFile(t, filepath.Join(s.dir, "site", "shop", name), fmt.Sprintf(form, head, snippet))
	return ch.origin + "/shop/" + name
}

func (s *stage) chatsOnForeignPage(t *testing.T, ch channel) {
	b := s.visitor(t, ch, customers[0])
	b.open(s.foreign(t, ch, "", s.snippet(t, ch)))
	s.begin(t, ch, b)
	s.converse(t, ch, b)
	s.settled(t, ch, b)
}

// honoursNonce pastes the snippet, with a nonce on its tags, under a policy that the site wrote.
func (s *stage) honoursNonce(t *testing.T) {
	ch := s.channel("acme/web_support")
	const policy = `<meta http-equiv="Content-Security-Policy" content="default-src 'self'; script-src 'nonce-e2e'; object-src 'none'">`
	text := strings.ReplaceAll(s.snippet(t, ch), "<script", "<script nonce=e2e")
	b := s.visitor(t, ch, customers[0])
	b.open(s.foreign(t, ch, policy, text))
	b.await("the page's own blocked script", `document.readyState === 'complete'`)
	b.forgive("inline") // the page's own script, which has no nonce
	s.begin(t, ch, b)
	s.settled(t, ch, b)
}

func (s *stage) channel(name string) channel {
	for _, ch := range s.channels {
		if ch.name() == name {
			return ch
		}
	}
	s.t.Fatalf("no channel %s", name)
	return channel{}
}

// listen makes a page collect the events of EmbedChat in window.seen.
const listen = `window.seen = []; for (const e of ['ready', 'error', 'unauthenticated', 'destroyed']) EmbedChat('on', e, (d) => seen.push(e + ' ' + (d && d.code || '')));`

func (s *stage) needsSession(t *testing.T) {
	ch := s.channel("acme/web_private")
	b := s.visitor(t, ch, customer{})
	asked := s.cecs[ch.tenant].requests()
	b.open(s.foreign(t, ch, "", s.snippet(t, ch)+"<script>"+listen+"</script>"))
	b.await("the event unauthenticated", `seen.some((e) => e.startsWith('unauthenticated'))`)
	if got := eval[string](b, `seen.join()`); strings.Contains(got, "ready") || strings.Contains(got, "error") {
		t.Errorf("events %s", got)
	}
	time.Sleep(200 * time.Millisecond)
	if n := s.cecs[ch.tenant].requests() - asked; n != 0 {
		t.Errorf("CEC was asked %d times without an identity", n)
	}
	b.forgive("401")
	s.settled(t, ch, b)
}

// startsLate adds the one tag after the page has loaded.
func (s *stage) startsLate(t *testing.T) {
	ch := s.channel("globex/shop_help")
	ch.load = "idle" // EmbedChat('load') is called
	b := s.visitor(t, ch, customers[0])
	b.open(s.foreign(t, ch, "", ""))
	const inject = `{ const s = document.createElement('script'); s.async = true; s.src = %q;
	  s.onload = () => EmbedChat('load'); document.head.append(s); }`
	eval[any](b, fmt.Sprintf(inject, ch.page()+"embed.js"))
	s.begin(t, ch, b)
	s.converse(t, ch, b)
	s.settled(t, ch, b)
}

// startsOnCall calls EmbedChat through the stub, before the script has arrived.
func (s *stage) startsOnCall(t *testing.T) {
	ch := s.channel("globex/shop_help")
	ch.load = "eager"
	b := s.visitor(t, ch, customers[0])
	b.open(s.foreign(t, ch, "", s.snippet(t, ch)+"<script>EmbedChat('load');"+listen+"</script>"))
	s.begin(t, ch, b)
	b.await("the event ready", `seen.includes('ready ')`)
	s.settled(t, ch, b)
}

func (s *stage) refusesSecondChannel(t *testing.T) {
	one, other := s.channel("acme/web_loans"), s.channel("acme/web_support")
	b := s.visitor(t, one, customers[0])
	before := s.cecs["acme"].started(one, second) + s.cecs["acme"].started(other, second)
	b.open(s.foreign(t, one, "", s.snippet(t, one)+"<script>"+listen+"</script>"+s.snippet(t, other)+s.snippet(t, one)))
	b.await("CEC's icon", icon)
	b.await("an error event about the second channel", `seen.some((e) => /^error \w+/.test(e))`)
	time.Sleep(300 * time.Millisecond)
	if n := s.cecs["acme"].started(one, second) + s.cecs["acme"].started(other, second) - before; n != 1 {
		t.Errorf("CEC was started %d times", n)
	}
	b.forgive("console:") // the refusal may be said there, too
	s.settled(t, one, b)
}

func (s *stage) survivesRefusals(t *testing.T) {
	for _, name := range []string{"acme/web_loans", "acme/web_private"} {
		ch := s.channel(name)
		list := []refusal{{second, 403, "window.evil = 1"}, {second, 500, "window.evil = 1"}, {second, 200, ""}, {second, 200, "<html>evil = 1</html>"}}
		if ch.token() {
			list = append(list, refusal{first, 403, "window.evil = 1"}, refusal{first, 200, "throw new Error('from CEC')"})
		}
		for _, r := range list {
			s.cecs[ch.tenant].refuse(&r)
			b := s.visitor(t, ch, customers[0])
			b.open(s.foreign(t, ch, "", s.snippet(t, ch)+"<script>"+listen+"</script>"))
			b.await(fmt.Sprintf("an error event with a code after %v", r), `seen.some((e) => /^error \w+/.test(e))`)
			if eval[bool](b, `'evil' in window || seen.some((e) => e.startsWith('ready'))`) {
				t.Errorf("%v was run or taken for a success: %s", r, eval[string](b, `seen.join()`))
			}
			b.forgive("Failed to load resource")
			s.settled(t, ch, b)
		}
		s.cecs[ch.tenant].refuse(nil)
	}
}

// identifies lets the page say who the customer is, with a token that `embedgen token` made.
func (s *stage) identifies(t *testing.T) {
	ch := s.channel("acme/web_private")
	who := customer{"", "e-7", `"};alert(1)//</script><!--{{.}}$host;}'"><img src=x onerror=alert(1)>` + "\u00a0张"}
	token := strings.TrimSpace(must(t, s.dir, "token", ch.name(), "--user-id", who.id, "--user-name", who.name))
	const form = `<script>EmbedChat('identify', async () => ({thirdUserToken: %q, thirdUserId: %q, thirdUserName: decodeURIComponent(%q)}))</script>`
	b := s.visitor(t, ch, customer{})
	b.open(s.foreign(t, ch, "", s.snippet(t, ch)+fmt.Sprintf(form, token, who.id, percent(who.name))))
	s.begin(t, ch, b)
	s.converse(t, ch, b)
	if got := eval[string](b, "userName"); got != who.name {
		t.Errorf("userName %q, want %q", got, who.name)
	}
	if urls := b.requested("/webchat/token"); len(urls) != 0 {
		t.Errorf("the endpoint was asked although the page identifies: %v", urls)
	}
	s.settled(t, ch, b)
}

// traces looks for text in everything of the page that outlives a visitor.
const traces = `(() => {
  const texts = %s, found = [];
  const stores = [localStorage, sessionStorage].map((s) => JSON.stringify({...s}));
  const look = (where, text) => texts.some((t) => text.includes(t)) && found.push(where);
  look('storage', stores.join()); look('cookie', decodeURIComponent(document.cookie)); look('page', document.body.innerText);
  for (const name of Object.keys(window)) {
    if (['seen', 'cecWant'].includes(name)) continue;
    let text = ''; try { const v = window[name]; text = typeof v === 'string' ? v : typeof v === 'object' && v !== window ? JSON.stringify(v) || '' : ''; } catch {}
    look(name, text);
  }
  return found.join();
})()`

func (s *stage) resets(t *testing.T) {
	ch := s.channel("globex/shop_account")
	b := s.visitor(t, ch, customers[0])
	b.open(ch.page())
	s.begin(t, ch, b)
	s.converse(t, ch, b)
	token := eval[string](b, "token")
	eval[any](b, `void EmbedChat('reset')`)
	texts := fmt.Sprintf(`[%q, %q, %q]`, customers[0].id, customers[0].name, token)
	if !b.holds(`!document.querySelector('#cec-icon') && !`+fmt.Sprintf(traces, texts), 2*time.Second) {
		t.Errorf("left after reset: %s; icon %v", eval[string](b, fmt.Sprintf(traces, texts)), eval[bool](b, `!!document.querySelector('#cec-icon')`))
	}
	s.settled(t, ch, b)
}

func (s *stage) withdraws(t *testing.T) {
	ch := s.channel("globex/shop_account")
	b := s.visitor(t, ch, customers[0])
	b.open(ch.page())
	s.begin(t, ch, b)
	eval[any](b, `void EmbedChat('consent', false)`)
	s.gone(t, ch, b)
	eval[any](b, `void EmbedChat('consent', true)`)
	b.await("CEC's icon, after consent was given again", icon)
	s.settled(t, ch, b)
}

func (s *stage) destroys(t *testing.T) {
	ch := s.channel("acme/web_loans")
	b := s.visitor(t, ch, customers[0])
	b.open(s.foreign(t, ch, "", s.snippet(t, ch)))
	s.begin(t, ch, b)
	s.converse(t, ch, b)
	eval[any](b, `void EmbedChat('destroy')`)
	s.gone(t, ch, b)
	s.settled(t, ch, b)
}

// gone: the widget and CEC's globals have left, and nothing is asked any more.
func (s *stage) gone(t *testing.T, ch channel, b *tab) {
	t.Helper()
	b.await("the end of the widget", `!document.querySelector('#cec-icon, #cec-window, #cec-sheet')`)
	const globals = `['$ContextPath', '$aicc_ContextPath', 'configId', 'userId', 'userName', 'tenantSpaceId', 'token', 'thirdUserData', 'thirdValidate', 'importScript']` +
		`.filter((n) => window[n] !== undefined).join()`
	if left := eval[string](b, globals); left != "" {
		t.Errorf("globals left: %s", left)
	}
	time.Sleep(100 * time.Millisecond) // what is under way arrives
	before := s.cecs[ch.tenant].requests()
	time.Sleep(900 * time.Millisecond)
	if n := s.cecs[ch.tenant].requests() - before; n != 0 {
		t.Errorf("CEC is still asked: %d requests", n)
	}
}
