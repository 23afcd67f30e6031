package cecsim_test

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestSIM1RoundTrip is the whole chat in Chromium: in both modes and languages, through the tenant's
// origin and across origins, with mouse and with keyboard.
func TestSIM1RoundTrip(t *testing.T) {
	for _, tc := range []struct{ name, query, title, accepted, label string }{
		{"authorization en", "channel=web&locale=en", "Online customer service", "You are connected to an agent.", "not the vendor’s script"},
		{"authorization zh", "channel=web&locale=zh", "在线客服", "已为您接通人工客服。", "非厂商脚本"},
		{"token en", "channel=private&locale=en", "Online customer service", "You are connected to an agent.", "not the vendor’s script"},
		{"token zh, direct", "channel=private&locale=zh&direct=1", "在线客服", "已为您接通人工客服。", "非厂商脚本"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s, c := newStreet(t), newChromium(t)
			agent := c.tab(s.URL+"/any/where/agent/?lang=en", 1280, 800, "light")
			agent.within("the console is empty", has("#agent-empty h3", "No visitor yet"))
			visitor := c.tab(s.URL+"/page?"+tc.query, 1280, 800, "light")
			visitor.within("the icon appears", "getComputedStyle(document.querySelector('#cec-sim-icon') ?? document.body).position === 'fixed'")
			visitor.click("#cec-sim-icon")
			visitor.within("the panel has the language", has("#cec-sim-panel h2", tc.title)+" && "+has("#cec-sim-panel footer", tc.label))
			visitor.within("the agent accepts", has(`#cec-sim-log [data-from="system"]`, tc.accepted))
			visitor.within("the input has the focus", "document.activeElement.id === 'cec-sim-input'")
			visitor.write("#cec-sim-input", "<img src=x onerror=alert(1)> 你好")
			visitor.click("#cec-sim-send")
			agent.within("the agent reads it", has(`#agent-log [data-from="visitor"]`, "<img src=x onerror=alert(1)> 你好"))
			agent.within("the queue shows the visitor", has(`#agent-queue [data-session]`, `Ann "O'Neil" 王`))
			agent.write("#agent-input", "我来帮您 & gladly")
			agent.click("#agent-send")
			visitor.within("the visitor reads the answer", has(`#cec-sim-log [data-from="agent"]`, "我来帮您 & gladly"))
			visitor.write("#cec-sim-input", "second"+kb.Enter)
			agent.within("a second message", has(`#agent-log [data-from="visitor"]`, "second"))
			agent.write("#agent-input", "answer"+kb.Enter)
			visitor.within("a second answer", has(`#cec-sim-log [data-from="agent"]`, "answer"))
			c.quiet()
		})
	}
}

// TestSIM4ScriptsMissTheirGlobals: without a global the script fails as a real one does, and says why.
func TestSIM4ScriptsMissTheirGlobals(t *testing.T) {
	s, c := newStreet(t), newChromium(t)
	for _, tc := range []struct{ channel, without, want string }{
		{"web", "configId", "configId is not defined"},
		{"web", "$ContextPath,locale", "$ContextPath is not defined; locale is not defined"},
		{"web", "$aicc_ContextPath", "$aicc_ContextPath is not defined"},
		{"web", "$", "$ is not defined"},
		{"private", "token", "token is not defined"},
		{"private", "userId", "userId is not defined"},
	} {
		page := c.tab(s.URL+"/page?locale=en&channel="+tc.channel+"&without="+tc.without, 800, 600, "light")
		time.Sleep(400 * time.Millisecond)
		if got := strings.Join(c.reports(), "\n"); !strings.Contains(got, "ReferenceError") || !strings.Contains(got, "(simulated): "+tc.want) {
			t.Errorf("without %s the browser reports %q, want a ReferenceError with %q", tc.without, got, tc.want)
		}
		if evaluate[bool](page, "document.querySelector('#cec-sim-root') !== null") {
			t.Errorf("without %s the widget is drawn all the same", tc.without)
		}
	}
}

// TestWidgetLeavesOneGlobal: everything is below cecSimulated and #cec-sim-root, and can be removed.
func TestWidgetLeavesOneGlobal(t *testing.T) {
	s, c := newStreet(t), newChromium(t)
	page := c.tab(s.URL+"/page?channel=private&locale=en", 800, 600, "light")
	page.within("the icon appears", "document.querySelector('#cec-sim-icon') !== null")
	extra := evaluate[[]string](page, `(() => {
		const frame = document.body.appendChild(document.createElement('iframe'));
		const plain = new Set(Object.getOwnPropertyNames(frame.contentWindow));
		frame.remove();
		return Object.getOwnPropertyNames(window).filter((name) => !plain.has(name)).sort();
	})()`)
	same(t, "globals", extra, "$", "$ContextPath", "$aicc_ContextPath", "cecSimulated", "configId", "importScript", "locale",
		"tenantSpaceId", "thirdUserData", "thirdValidate", "token", "userId", "userName")
	page.click("#cec-sim-icon")
	page.within("connected", has("#cec-sim-log", "connected"))
	evaluate[chromedp.Void](page, "cecSimulated.remove()")
	page.within("nothing is left", "document.querySelector('[id^=cec-sim]') === null")
	page.within("the page's body is as it was", "document.body.querySelectorAll('*').length === document.querySelectorAll('main, main *, body > script').length")
	agent := c.tab(s.URL+"/any/where/agent/?lang=en", 1280, 800, "light")
	agent.within("the conversation has ended", has("#agent-queue", "ended by the visitor"))
	c.quiet()
}

// TestWidgetStopsWithoutItsNode: a page that takes #cec-sim-root away is left alone; one that only
// moves it keeps its chat.
func TestWidgetStopsWithoutItsNode(t *testing.T) {
	s, c := newStreet(t), newChromium(t)
	agent := c.tab(s.URL+"/any/where/agent/?lang=en", 1280, 800, "light")
	page := c.tab(s.URL+"/page?channel=web&locale=en", 800, 600, "light")
	page.within("the icon appears", "document.querySelector('#cec-sim-icon') !== null")
	page.click("#cec-sim-icon")
	page.within("connected", has("#cec-sim-log", "connected"))
	evaluate[chromedp.Void](page, "window.taken = document.querySelector('#cec-sim-root'); taken.remove(); setTimeout(() => document.body.append(taken), 1200)")
	time.Sleep(1500 * time.Millisecond)
	agent.write("#agent-input", "still there?"+kb.Enter)
	page.within("the chat goes on", has("#cec-sim-log", "still there?"))
	evaluate[chromedp.Void](page, "taken.remove(); performance.clearResourceTimings()")
	time.Sleep(2500 * time.Millisecond)
	if n := evaluate[int](page, "performance.getEntriesByType('resource').length"); n > 1 { // one may have been on its way
		t.Errorf("a widget that was taken away made %d requests", n)
	}
	c.quiet()
}

// TestWidgetSurvivesTheEnd: the agent ends the chat, and the visitor writes again; a second start in
// another tab ends the first for good.
func TestWidgetSurvivesTheEnd(t *testing.T) {
	s, c := newStreet(t), newChromium(t)
	agent := c.tab(s.URL+"/any/where/agent/?lang=en", 1280, 800, "light")
	first := c.tab(s.URL+"/page?channel=web&locale=en", 800, 600, "light")
	first.within("the icon appears", "document.querySelector('#cec-sim-icon') !== null")
	first.click("#cec-sim-icon")
	first.write("#cec-sim-input", "one"+kb.Enter)
	agent.within("the message arrives", has("#agent-log", "one"))
	agent.click("#agent-end")
	first.within("the end is told", has("#cec-sim-log", "The agent has ended this chat."))
	first.write("#cec-sim-input", "two"+kb.Enter)
	agent.within("the visitor is back", has("#agent-log", "two")+" && !document.querySelector('#agent-input').disabled")
	c.tab(s.URL+"/page?channel=web&locale=en", 800, 600, "light")
	agent.within("the first session is replaced", has("#agent-queue", "replaced by a second start"))
	first.within("the first tab says so", has("#cec-sim-status", "This session is over."))
	c.quiet()
}

// TestSIM6ConsoleByKeyboard accepts, answers and ends with no mouse.
func TestSIM6ConsoleByKeyboard(t *testing.T) {
	s, c := newStreet(t), newChromium(t)
	agent := c.tab(s.URL+"/any/where/agent/?lang=zh", 1280, 800, "light")
	agent.within("the console is Chinese", has("h1", "客服控制台")+" && document.documentElement.lang === 'zh'")
	agent.focus("#agent-auto")
	agent.key(" ")
	agent.within("the switch is off", "!document.querySelector('#agent-auto').checked")
	visitor := c.tab(s.URL+"/page?channel=web&locale=zh", 800, 600, "light")
	visitor.within("the icon appears", "document.querySelector('#cec-sim-icon') !== null")
	visitor.focus("#cec-sim-icon")
	visitor.key(kb.Enter)
	visitor.within("the visitor waits", has("#cec-sim-log", "请稍候"))
	agent.within("the visitor waits", has(`#agent-queue [data-session][data-state="queued"]`, "等待中"))
	agent.focus("#agent-queue [data-session]")
	agent.key(kb.Enter)
	agent.focus("#agent-accept")
	agent.key(kb.Enter)
	agent.within("the input has the focus", "document.activeElement.id === 'agent-input' && !document.activeElement.disabled")
	agent.key("您好")
	agent.key(kb.Enter)
	visitor.within("the answer", has(`#cec-sim-log [data-from="agent"]`, "您好"))
	visitor.key(kb.Escape)
	visitor.within("the panel is closed and the icon focused", "document.querySelector('#cec-sim-panel').hidden && document.activeElement.id === 'cec-sim-icon'")
	agent.key("再见")
	agent.key(kb.Enter)
	visitor.within("the icon counts", has("#cec-sim-badge", "1"))
	agent.focus("#agent-end")
	agent.key(kb.Enter)
	agent.within("the end", has(`#agent-queue [data-session][data-state="closed"]`, "由您结束"))
	c.quiet()
}

// TestSIM6Axe checks widget and console, light and dark; CECSIM_SHOTS keeps pictures of them.
func TestSIM6Axe(t *testing.T) {
	for _, scheme := range []string{"light", "dark"} {
		t.Run(scheme, func(t *testing.T) { look(t, scheme) })
	}
}

func look(t *testing.T, scheme string) {
	s, c := newStreet(t), newChromium(t)
	agent := c.tab(s.URL+"/any/where/agent/?lang=en", 1280, 800, scheme)
	agent.within("loaded", "document.querySelector('#agent-auto').checked")
	agent.shoot("console-empty-" + scheme)
	agent.axe("body")
	visitor := c.tab(s.URL+"/page?channel=web&locale=en", 1280, 800, scheme)
	visitor.within("the icon appears", "getComputedStyle(document.querySelector('#cec-sim-icon') ?? document.body).position === 'fixed'")
	visitor.click("#cec-sim-icon")
	visitor.write("#cec-sim-input", "Is there a discount on the price of product A?"+kb.Enter)
	agent.within("the message", has("#agent-log", "product A"))
	agent.write("#agent-input", "Yes: 10 % until the end of the month."+kb.Enter)
	visitor.within("the answer", has("#cec-sim-log", "10 %"))
	visitor.shoot("widget-" + scheme)
	visitor.axe("#cec-sim-root")
	visitor.click("#cec-sim-leave")
	visitor.shoot("widget-leave-" + scheme)
	visitor.axe("#cec-sim-root")
	visitor.click("#cec-sim-leave")
	crowd(t, s)
	agent.within("the crowd is there", "document.querySelectorAll('#agent-queue [data-session]').length >= 4")
	agent.shoot("console-" + scheme)
	agent.axe("body")
	evaluate[chromedp.Void](agent, "document.querySelector('#agent-hops li:last-child details').open = true; document.querySelector('.scroll').scrollTop = 1e6")
	agent.shoot("console-hop-" + scheme)
	agent.axe("body")
	agent.click("#agent-all + span")
	agent.within("a refusal", "document.querySelector('#agent-hops [data-failed=true]') !== null")
	agent.shoot("console-all-" + scheme)
	agent.axe("body")
	for _, view := range []string{"queue", "chat", "details"} {
		narrow := c.tab(s.URL+"/any/where/agent/?lang=zh", 390, 844, scheme)
		narrow.within("loaded", "document.querySelector('#agent-queue [data-session]') !== null")
		narrow.click(".views [data-view=" + view + "]")
		narrow.shoot("console-390-" + view + "-" + scheme)
		narrow.axe("body")
	}
	small := c.tab(s.URL+"/page?channel=private&locale=zh", 390, 844, scheme)
	small.within("the icon appears", "document.querySelector('#cec-sim-icon') !== null")
	small.click("#cec-sim-icon")
	small.within("connected", has("#cec-sim-log", "已为您接通"))
	small.shoot("widget-390-" + scheme)
	small.axe("#cec-sim-root")
	c.quiet()
}

// crowd adds sessions in other states, and a refusal.
func crowd(t *testing.T, s *street) {
	waiting, arrived, gone := s.browser(t), s.browser(t), s.browser(t)
	arrived.start("acme", "private", "arrived")
	gone.start("acme", "web", "gone")
	gone.send("CONNECT", "")
	gone.send("CHAT", "Thank you, that is all.")
	gone.send("DISCONNECT", "")
	gone.call("POST", "doLeaveMessage", `{"phoneNo":"+1 555 0100","leaveMessage":"Please call me back about my order."}`)
	waiting.start("globex", "help", "waiting")
	waiting.send("CONNECT", "")
	waiting.send("CHAT", "Where is my parcel? I have been waiting for three weeks now and nobody answers the telephone.")
	forged := s.userData(t, "acme", "web", "mallory")
	forged["thirdUserName"] = "Mallory"
	s.browser(t).do("POST", scripts+"newThirdPartyClient.js", encode(forged))
}
