package cecsim_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"embedgen/generator/cecsim/desk"
)

func TestSIM5PollingNeedsTheCookie(t *testing.T) {
	l := newLab(t)
	genuine := l.browser(t)
	genuine.start("acme", "web", "u1")
	forge := func(change func(map[string]any)) string {
		fields := decodeTicket(t, genuine.cookie.Value)
		change(fields)
		text, _ := json.Marshal(fields)
		return url.QueryEscape(base64.StdEncoding.EncodeToString(text))
	}
	for name, value := range map[string]string{
		"none":                "",
		"garbage":             "x",
		"not JSON":            url.QueryEscape(base64.StdEncoding.EncodeToString([]byte("x"))),
		"documented fields":   forge(func(f map[string]any) { delete(f, "sessionId") }),
		"guessed session":     forge(func(f map[string]any) { f["sessionId"] = strings.Repeat("0", 32) }),
		"another user":        forge(func(f map[string]any) { f["userId"] = "u2" }),
		"another tenant":      forge(func(f map[string]any) { f["tenantId"] = "1" }),
		"another channel":     forge(func(f map[string]any) { f["channelId"] = "1" }),
		"session as a number": forge(func(f map[string]any) { f["sessionId"] = 1 }),
	} {
		b := l.browser(t)
		if value != "" {
			b.cookie = &http.Cookie{Name: "ccmessaging-token", Value: value}
		}
		for _, call := range [][2]string{
			{"POST", "sendMessageForWebChannel"}, {"GET", "getMessageForWebChannel"}, {"GET", "queryChannelConfigByChannelAndId"},
			{"POST", "doLeaveMessage"}, {"GET", "checkClickToCallSupport"}, {"POST", "createClickToCall"},
		} {
			if status, r := b.call(call[0], call[1], `{"controlType":"CONNECT"}`); status != 401 || r.ResultCode == "0" {
				t.Errorf("%s, %s: %d %+v, want 401", name, call[1], status, r)
			}
		}
	}
	genuine.send("CONNECT", "")
	if status, r := genuine.call("GET", "getMessageForWebChannel?session=0123456789abcdef", ""); status != 200 || r.ResultCode == "0" {
		t.Errorf("a widget that means another session than the cookie's: %d %+v, want a resultCode other than 0", status, r)
	}
}

// TestSIM5Conversation is a whole conversation as the visitor's browser sees it.
func TestSIM5Conversation(t *testing.T) {
	l := newLab(t)
	b := l.browser(t)
	b.start("acme", "web", "u1")
	b.send("CONNECT", "")
	b.send("CONNECT", "")
	same(t, "after CONNECT", b.poll(), "SYSTEM: You are connected to an agent.")
	same(t, "nothing new", b.poll())
	b.send("CHAT", "Hello <b>\"there\"</b> 你好")
	c := l.console(t)
	id := c.only().ID
	if got := c.state(id).Transcript; len(got) != 2 || got[1].Text != "Hello <b>\"there\"</b> 你好" || got[1].From != "visitor" {
		t.Errorf("the agent reads %+v", got)
	}
	c.order(204, "send", map[string]any{"session": id, "text": "Good day"})
	c.order(204, "send", map[string]any{"session": id, "text": "How can I help?"})
	_, r := b.call("GET", "getMessageForWebChannel", "")
	if len(r.DownlinkMessages) != 2 {
		t.Fatalf("the visitor gets %+v, want two messages", r.DownlinkMessages)
	}
	m := r.DownlinkMessages[0]
	if m.Channel != "WEB" || m.Content != "Good day" || m.From == "" || m.To != "u1" || m.MediaType != "TEXT" || m.SourceType != "AGENT" ||
		m.Timestamp != l.now().UnixMilli() {
		t.Errorf("message %+v", m)
	}
	c.order(204, "end", map[string]any{"session": id})
	same(t, "after the end", b.poll(), "SYSTEM: The agent has ended this chat.")
	if status, r := b.call("POST", "sendMessageForWebChannel", `{"controlType":"CHAT","content":"still there?"}`); status != 200 || r.ResultCode == "0" {
		t.Errorf("CHAT after the end: %d %+v, want a resultCode other than 0", status, r)
	}
	b.send("CONNECT", "")
	b.send("DISCONNECT", "")
	if s := c.only(); s.State != desk.Closed || s.Reason != desk.EndedByVisitor {
		t.Errorf("after DISCONNECT the session is %s (%s)", s.State, s.Reason)
	}
}

func same(t *testing.T, when string, got []string, want ...string) {
	t.Helper()
	if len(got) != len(want) || len(got) > 0 && !reflect.DeepEqual(got, want) {
		t.Errorf("%s: got %q, want %q", when, got, want)
	}
}

func TestSIM5SecondStartReplacesTheFirst(t *testing.T) {
	l := newLab(t)
	first, second, other, stranger := l.browser(t), l.browser(t), l.browser(t), l.browser(t)
	first.start("acme", "web", "u1")
	first.send("CONNECT", "")
	other.start("acme", "private", "u1")
	stranger.start("acme", "web", "u2")
	second.start("acme", "web", "u1")
	if status, _ := first.call("GET", "getMessageForWebChannel", ""); status != 401 {
		t.Errorf("the first session answers %d after a second start, want 401", status)
	}
	for _, b := range []*browser{second, other, stranger} {
		b.send("CONNECT", "")
	}
}

func TestSIM5SilenceAndAgeEndASession(t *testing.T) {
	for _, tc := range []struct {
		name    string
		connect bool
		pass    time.Duration
		times   int // polls before each pass
		want    int
	}{
		{"polls in time", true, desk.Idle, 3, 200},
		{"falls silent", true, desk.Idle + time.Second, 1, 401},
		{"waits before it connects", false, desk.Lifetime, 1, 200},
		{"an hour is over", false, desk.Lifetime + time.Second, 1, 401},
		{"an hour of polling", true, desk.Idle, 25, 401},
	} {
		l := newLab(t)
		b := l.browser(t)
		b.start("acme", "web", "u1")
		if tc.connect {
			b.send("CONNECT", "")
		}
		status := 0
		for range tc.times {
			l.pass(tc.pass)
			status, _ = b.call("GET", "getMessageForWebChannel", "")
		}
		if status != tc.want {
			t.Errorf("%s: %d, want %d", tc.name, status, tc.want)
		}
	}
}

func TestSendRefuses(t *testing.T) {
	l := newLab(t)
	b := l.browser(t)
	b.start("acme", "web", "u1")
	for name, tc := range map[string]struct {
		body   string
		status int
		desc   string
	}{
		"CHAT before CONNECT":   {`{"controlType":"CHAT","mediaType":"TEXT","content":"x"}`, 200, "CONNECT first"},
		"DISCONNECT before it":  {`{"controlType":"DISCONNECT"}`, 200, "CONNECT first"},
		"TRANS2AGENT before it": {`{"controlType":"TRANS2AGENT"}`, 200, "CONNECT first"},
		"unknown control":       {`{"controlType":"SHOUT"}`, 200, `"SHOUT"`},
		"unknown media":         {`{"controlType":"CHAT","mediaType":"SMELL","content":"x"}`, 200, `"SMELL"`},
		"not JSON":              {`controlType=CHAT`, 400, "JSON"},
		"content is no text":    {`{"controlType":"CHAT","content":{}}`, 400, "JSON"},
		"too large":             {`{"content":"` + strings.Repeat("x", 64<<10) + `"}`, 413, "bytes"},
	} {
		status, r := b.call("POST", "sendMessageForWebChannel", tc.body)
		if status != tc.status || r.ResultCode == "0" || !strings.Contains(r.ResultDesc, tc.desc) {
			t.Errorf("%s: %d %+v, want %d with %q", name, status, r, tc.status, tc.desc)
		}
	}
	b.send("CONNECT", "")
	for name, content := range map[string]string{"empty": " \n", "too long": strings.Repeat("长", desk.MaxText+1)} {
		body := encode(map[string]any{"controlType": "CHAT", "mediaType": "TEXT", "content": content})
		if status, r := b.call("POST", "sendMessageForWebChannel", body); status != 200 || r.ResultCode == "0" {
			t.Errorf("%s message: %d %+v", name, status, r)
		}
	}
	b.send("CHAT", strings.Repeat("长", desk.MaxText))
}

func TestSIM6RobotHandsOver(t *testing.T) {
	for _, tc := range []struct {
		name     string
		handOver func(*browser)
	}{
		{"TRANS2AGENT", func(b *browser) { b.send("TRANS2AGENT", "") }},
		{"keyword", func(b *browser) { b.send("CHAT", " Agent ") }},
		{"Chinese keyword", func(b *browser) { b.send("CHAT", "人工") }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l := newLab(t)
			c, b := l.console(t), l.browser(t)
			c.order(204, "settings", map[string]any{"settings": map[string]any{"agent": "idle", "autoAccept": true, "robot": true}})
			b.start("acme", "web", "u1")
			b.send("CONNECT", "")
			b.send("CHAT", "hi")
			got := b.poll()
			if len(got) != 2 || !strings.HasPrefix(got[1], "ROBOT: You wrote: “hi”") {
				t.Errorf("the robot says %q", got)
			}
			c.order(409, "send", map[string]any{"session": c.only().ID, "text": "too early"})
			tc.handOver(b)
			same(t, "after the hand-over", b.poll(), "SYSTEM: You are being transferred to an agent.", "SYSTEM: You are connected to an agent.")
			c.order(204, "send", map[string]any{"session": c.only().ID, "text": "here I am"})
			same(t, "the agent", b.poll(), "AGENT: here I am")
		})
	}
}

func TestQueueInTheVisitorsLanguage(t *testing.T) {
	l := newLab(t)
	c := l.console(t)
	c.order(204, "settings", map[string]any{"settings": map[string]any{"agent": "busy", "autoAccept": true}})
	first, second := l.browser(t), l.browser(t)
	first.start("acme", "web", "u1")
	first.send("CONNECT", "")
	same(t, "the first", first.poll(), "SYSTEM: Please wait. An agent will be with you soon.")
	data := l.userData(t, "acme", "private", "u2")
	data["locale"] = "zh_CN"
	second.do("POST", scripts+"newThirdPartyClient.js", encode(data))
	second.send("CONNECT", "")
	same(t, "the second", second.poll(), "SYSTEM: 请稍候，客服即将为您服务。")
	l.pass(desk.ReminderInterval)
	same(t, "the first, reminded", first.poll(), "SYSTEM: All agents are busy. Visitors ahead of you: 0.")
	same(t, "the second, reminded", second.poll(), "SYSTEM: 客服正忙，您前面还有 1 位访客。")
	c.order(204, "settings", map[string]any{"settings": map[string]any{"agent": "idle", "autoAccept": true}})
	same(t, "the first, accepted", first.poll(), "SYSTEM: You are connected to an agent.")
	same(t, "the second, accepted", second.poll(), "SYSTEM: 已为您接通人工客服。")
}

func TestOtherCalls(t *testing.T) {
	l := newLab(t)
	b := l.browser(t)
	b.start("acme", "web", "u1")
	for _, tc := range []struct{ method, name, body, want string }{
		{"GET", "queryChannelConfigByChannelAndId", "", `{"queueReminderContent":"Please wait. An agent will be with you soon.","useRobot":false,` +
			`"toArtificialKeyWord":"agent;人工","queueReminderInterval":10}`},
		{"GET", "checkClickToCallSupport", "", `{"webRTCSupported":false,"clickToCallSupported":false}`},
		{"POST", "createClickToCall", `{"mediaAbility":"0"}`, `{"resultCode":"1","resultDesc":"the simulated CEC has no calls"}`},
		{"GET", "getMessageForWebChannel", "", `{"resultCode":"0","resultDesc":"success (simulated)","downlinkMessages":[]}`},
		{"POST", "doLeaveMessage", `{"phoneNo":"+1 555 0100","leaveMessage":"call me"}`, `{"resultCode":"0","resultDesc":"success (simulated)"}`},
		{"POST", "doLeaveMessage", `{"phoneNo":"","leaveMessage":""}`, `{"resultCode":"1","resultDesc":"a message has 1 to 4000 characters"}`},
	} {
		r := b.do(tc.method, facade+tc.name, tc.body)
		if got := strings.TrimSpace(read(r)); got != tc.want || r.StatusCode != 200 {
			t.Errorf("%s: %d %s, want %s", tc.name, r.StatusCode, got, tc.want)
		}
	}
	if left := l.console(t).state("").Left; len(left) != 1 || left[0].Phone != "+1 555 0100" || left[0].Text != "call me" {
		t.Errorf("messages left: %+v", left)
	}
}
