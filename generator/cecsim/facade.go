package cecsim

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"embedgen/generator/cecsim/desk"
	"embedgen/generator/site"
)

// visit is one call of the polling API by a visitor who has a session.
type visit struct {
	w       http.ResponseWriter
	r       *http.Request
	now     time.Time
	id      string // of the session
	visitor desk.Visitor
}

// result is what every call of the polling API answers at least.
type result struct {
	Code string `json:"resultCode"` // "0" is success
	Desc string `json:"resultDesc"`
}

var success = result{"0", "success (simulated)"}

// visitor serves a call of the polling API to those whose cookie opens a session, 401 to others.
//
// All tabs of a browser have one cookie, that of the last start. So that an earlier tab does not take
// the messages of a later one, our widget says in ?session= which session it means. Only our widget
// does, and it is told by a resultCode: a browser would print a 401 as an error of the page.
func (c *CEC) visitor(serve func(visit)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		now := c.options.Now()
		t, ok := ticketOf(r)
		v, open := c.desk.Lookup(now, t.key())
		if !ok || !open || !t.names(v) {
			c.allowOrigin(w, r, nil)
			c.turnAway(w, r, ok, now)
			return
		}
		c.allowOrigin(w, r, c.tenant(v.Tenant))
		if meant := r.URL.Query().Get("session"); meant != "" && meant != t.key() {
			writeJSON(w, http.StatusOK, result{"1", "another tab of this browser has started a session since"})
			return
		}
		serve(visit{w, r, now, t.key(), v})
	}
}

// tenant returns a tenant by its id; nil if the site has it no more.
func (c *CEC) tenant(id string) *site.Tenant {
	all := c.site.Load().Tenants
	if i := slices.IndexFunc(all, func(t *site.Tenant) bool { return t.ID == id }); i >= 0 {
		return all[i]
	}
	return nil
}

func (c *CEC) turnAway(w http.ResponseWriter, r *http.Request, hasTicket bool, now time.Time) {
	reason := "there is no " + cookieName + " cookie"
	if hasTicket {
		reason = "the session of the " + cookieName + " cookie is over: start again"
	}
	c.record(Event{
		Time: now, From: Visitor, To: Upstream, What: r.Method + " " + r.URL.Path[len(facade):],
		Status: http.StatusUnauthorized, Stage: "session", Problem: reason, Checks: []Check{{"session", false, reason}},
	})
	writeJSON(w, http.StatusUnauthorized, result{"401", reason})
}

// sent is the body of sendMessageForWebChannel.
type sent struct {
	ControlType string `json:"controlType"`
	MediaType   string `json:"mediaType"`
	Content     string `json:"content"`
	UserAgent   string `json:"userAgent"`
}

var mediaTypes = []string{"TEXT", "IMAGE", "VIDEO", "AUDIO"}

func (c *CEC) send(v visit) {
	var m sent
	if err := readJSON(v.r, &m); err != nil {
		c.reply(v, "sendMessageForWebChannel", "", err)
		return
	}
	c.reply(v, m.ControlType, pretty(m), c.control(v, m))
}

// control does what a message asks for.
func (c *CEC) control(v visit, m sent) error {
	if m.MediaType == "" {
		m.MediaType = "TEXT"
	}
	if !slices.Contains(mediaTypes, m.MediaType) {
		return fmt.Errorf("mediaType %.20q is not TEXT, IMAGE, VIDEO or AUDIO", m.MediaType)
	}
	switch m.ControlType {
	case "CONNECT":
		return c.desk.Connect(v.now, v.id)
	case "CHAT":
		return c.desk.Say(v.now, v.id, m.MediaType, m.Content)
	case "TRANS2AGENT":
		return c.desk.ToAgent(v.now, v.id)
	case "DISCONNECT":
		return c.desk.Disconnect(v.now, v.id)
	}
	return fmt.Errorf("controlType %.20q is not CONNECT, CHAT, TRANS2AGENT or DISCONNECT", m.ControlType)
}

// downlink is one message to the visitor.
type downlink struct {
	Channel    string `json:"channel"`
	Content    string `json:"content"`
	From       string `json:"from"`
	To         string `json:"to"`
	MediaType  string `json:"mediaType"`
	SourceType string `json:"sourceType"` // AGENT, ROBOT or SYSTEM
	Timestamp  int64  `json:"timestamp"`  // epoch milliseconds
}

var sourceTypes = map[desk.Source]string{desk.FromAgent: "AGENT", desk.FromRobot: "ROBOT", desk.FromSystem: "SYSTEM"}

// poll answers at once. Only a poll that brings something is a hop of the timeline.
func (c *CEC) poll(v visit) {
	list, err := c.desk.Poll(v.now, v.id)
	if err != nil {
		c.turnAway(v.w, v.r, true, v.now)
		return
	}
	answer := struct {
		result
		Messages []downlink `json:"downlinkMessages"`
	}{success, make([]downlink, 0, len(list))}
	for _, m := range list {
		answer.Messages = append(answer.Messages, downlink{
			Channel: "WEB", Content: m.Text, From: string(m.From), To: v.visitor.UserID,
			MediaType: m.Media, SourceType: sourceTypes[m.From], Timestamp: m.Time.UnixMilli(),
		})
	}
	if len(list) > 0 {
		c.recordDelivery(v, list, pretty(answer))
	}
	writeJSON(v.w, http.StatusOK, answer)
}

// recordDelivery records that the visitor fetched messages; the hop took since the first was written.
func (c *CEC) recordDelivery(v visit, list []desk.Message, response string) {
	e := v.event("GET getMessageForWebChannel")
	e.From, e.To = Upstream, Visitor
	e.Time = list[0].Time
	e.Duration = v.now.Sub(e.Time)
	e.Response = response
	e.Checks = []Check{{"delivered", true, fmt.Sprintf("%d by polling", len(list))}}
	c.record(e)
}

func (c *CEC) channelConfig(v visit) {
	settings := c.desk.Settings()
	writeJSON(v.w, http.StatusOK, struct {
		Reminder string `json:"queueReminderContent"`
		UseRobot bool   `json:"useRobot"`
		Keywords string `json:"toArtificialKeyWord"`
		Interval int    `json:"queueReminderInterval"` // seconds
	}{desk.QueueReminder(v.visitor.Locale), settings.Robot, desk.Keywords, int(desk.ReminderInterval / time.Second)})
}

func (c *CEC) leaveMessage(v visit) {
	var m struct {
		Phone string `json:"phoneNo"`
		Text  string `json:"leaveMessage"`
	}
	err := readJSON(v.r, &m)
	if err == nil {
		err = c.desk.Leave(v.now, v.id, m.Phone, m.Text)
	}
	c.reply(v, "doLeaveMessage", pretty(m), err)
}

func (c *CEC) callSupport(v visit) {
	writeJSON(v.w, http.StatusOK, struct {
		WebRTC      bool `json:"webRTCSupported"`
		ClickToCall bool `json:"clickToCallSupported"`
	}{})
}

func (c *CEC) createCall(v visit) {
	c.reply(v, "createClickToCall", "", errors.New("the simulated CEC has no calls"))
}

// reply answers a call that does something, and records it.
func (c *CEC) reply(v visit, what, request string, err error) {
	status, answer := http.StatusOK, success
	e := v.event(cut(what))
	e.Request = request
	if err != nil {
		status, answer = statusOf(err), result{"1", err.Error()}
		e.Stage, e.Problem = "request", err.Error()
		e.Checks = append(e.Checks, Check{"request", false, err.Error()})
	}
	e.Status, e.Response = status, pretty(answer)
	c.record(e)
	writeJSON(v.w, status, answer)
}

// event is a hop of the visitor with a session.
func (v visit) event(what string) Event {
	return Event{
		Time: v.now, From: Visitor, To: Upstream, What: what, Status: http.StatusOK,
		Tenant: v.visitor.Tenant, Channel: v.visitor.Channel, User: v.visitor.UserID,
		Checks: []Check{{"session", true, cookieName}},
	}
}

// statusOf tells a malformed request (400) and a session that has just ended (401) from a request
// that CEC understood and did not grant (200 and a resultCode).
func statusOf(err error) int {
	var r refusal
	switch {
	case errors.As(err, &r):
		return r.status
	case errors.Is(err, desk.ErrGone):
		return http.StatusUnauthorized
	}
	return http.StatusOK
}

// readJSON reads a request body of at most maxBody bytes, whatever its content type says.
func readJSON(r *http.Request, to any) error {
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxBody))
	if err != nil {
		return refusal{http.StatusRequestEntityTooLarge, "body", fmt.Sprintf("the body has more than %d bytes", maxBody)}
	}
	if err := json.Unmarshal(body, to); err != nil {
		return refusal{http.StatusBadRequest, "body", "the body is not the JSON that this call takes"}
	}
	return nil
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v)
}
