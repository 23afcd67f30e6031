package e2e

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

const cookieName = "ccmessaging-token"

// chat is one visitor's session. Its agent repeats what the visitor says.
type chat struct {
	channel   channel
	userID    string
	connected bool
	down      []downlink // not yet fetched
}

// downlink is a message to the visitor.
type downlink struct {
	Channel    string `json:"channel"`
	Content    string `json:"content"`
	From       string `json:"from"`
	To         string `json:"to"`
	MediaType  string `json:"mediaType"`
	SourceType string `json:"sourceType"`
	Timestamp  int64  `json:"timestamp"`
}

// newSession makes the cookie as a CEC sets it: for its own host and path.
func (c *cec) newSession(ch channel, data map[string]string) *http.Cookie {
	c.mu.Lock()
	defer c.mu.Unlock()
	inner, _ := json.Marshal(map[string]any{
		"createTime": time.Now().UnixNano(), "tenantId": ch.space, "channelId": ch.config, "userId": data["thirdUserId"],
	})
	value := url.QueryEscape(base64.StdEncoding.EncodeToString(inner))
	for key, s := range c.sessions { // a second start replaces the first
		if s.channel.id == ch.id && s.userID == data["thirdUserId"] {
			delete(c.sessions, key)
		}
	}
	c.sessions[value] = &chat{channel: ch, userID: data["thirdUserId"]}
	cookie := &http.Cookie{
		Name: cookieName, Value: value, Domain: c.host, Path: "/service-cloud", Secure: true, MaxAge: 3600,
	}
	if c.direct {
		cookie.SameSite = http.SameSiteNoneMode
	}
	return cookie
}

// session finds the chat of a request, or answers 401. The caller holds the lock.
func (c *cec) session(w http.ResponseWriter, r *http.Request) *chat {
	cookie, err := r.Cookie(cookieName)
	if err != nil {
		c.faults = append(c.faults, r.URL.Path+" came without "+cookieName)
		w.WriteHeader(http.StatusUnauthorized)
		return nil
	}
	s := c.sessions[cookie.Value]
	if s == nil {
		w.WriteHeader(http.StatusUnauthorized)
	}
	return s
}

func (c *cec) sendMessage(w http.ResponseWriter, r *http.Request) {
	var m struct{ ControlType, MediaType, Content, UserAgent string }
	body, _ := io.ReadAll(r.Body)
	if err := json.Unmarshal(body, &m); err != nil || r.Method != http.MethodPost {
		c.fault("%s sendMessage %s: %v", r.Method, body, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.session(w, r)
	if s == nil {
		return
	}
	switch m.ControlType {
	case "CONNECT":
		if s.connected {
			c.faults = append(c.faults, "a second CONNECT in one session: the script ran twice")
		}
		s.connected = true
		s.push("SYSTEM", "欢迎")
	case "CHAT":
		s.push("AGENT", "echo: "+m.Content)
	}
	answer(w, map[string]any{"resultCode": "0", "resultDesc": "ok"})
}

func (c *cec) getMessage(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.session(w, r)
	if s == nil {
		return
	}
	list := s.down
	s.down = nil
	answer(w, map[string]any{"resultCode": "0", "resultDesc": "ok", "downlinkMessages": append([]downlink{}, list...)})
}

func (s *chat) push(source, content string) {
	s.down = append(s.down, downlink{
		"WEB", content, "agent", s.userID, "TEXT", source, time.Now().UnixMilli(),
	})
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.Header().Set("Cache-Control", "no-store")
	if err := json.NewEncoder(w).Encode(v); err != nil {
		panic(fmt.Sprint("the fake CEC cannot encode its answer: ", err))
	}
}
