package e2e

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// The two client scripts (cec-contract section 2).
const (
	first  = "thirdPartyClient.js"
	second = "newThirdPartyClient.js"
)

//go:embed testdata/cec/check.js
var checkJS string

//go:embed testdata/cec/validate.js
var validateJS string

//go:embed testdata/cec/widget.js
var widgetJS string

// clientScript answers a POST of thirdUserData with a script, if nothing is wrong with it.
func (c *cec) clientScript(w http.ResponseWriter, r *http.Request, script string) {
	data, ch, err := c.readUserData(r, script)
	if err != nil {
		c.fault("%s %s: %v", r.Method, script, err)
		http.Error(w, "refused", http.StatusForbidden)
		return
	}
	c.mu.Lock()
	c.starts[ch.id+" "+script]++
	refusal := c.refusal
	c.mu.Unlock()
	if refusal != nil && refusal.script == script {
		w.WriteHeader(refusal.status)
		io.WriteString(w, refusal.body)
		return
	}
	text := validateJS
	if script == second {
		text = widgetJS
		http.SetCookie(w, c.newSession(ch, data))
	}
	w.Header().Set("Content-Type", "application/javascript;charset=UTF-8")
	io.WriteString(w, "// 模拟的客户端脚本\n"+prelude(ch, data)+checkJS+text)
}

// prelude declares CEC's names as its scripts may, and says what they must hold.
func prelude(ch channel, data map[string]string) string {
	want := map[string]any{
		"configId": ch.config, "userId": data["thirdUserId"], "userName": data["thirdUserName"],
		"tenantSpaceId": ch.space, "locale": ch.locale, "base": ch.base(), "data": data,
		"token": data["thirdUserToken"], "jquery": ch.jquery, "axios": ch.axios, "cobrowse": ch.scripted(),
	}
	text, _ := json.Marshal(want)
	return "var cecWant = " + string(text) + ";\nvar configId, userId, userName, tenantSpaceId, locale, token, $ContextPath, $aicc_ContextPath;\n"
}

var cacheBuster = regexp.MustCompile(`^&?t=(\d{13})$`)

// readUserData holds a request for a client script to the contract.
func (c *cec) readUserData(r *http.Request, script string) (data map[string]string, ch channel, err error) {
	t := cacheBuster.FindStringSubmatch(r.URL.RawQuery)
	mediaType, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case r.Method != http.MethodPost:
		return nil, ch, errors.New("not a POST")
	case t == nil:
		return nil, ch, fmt.Errorf("query %q is not t=<epoch milliseconds>", r.URL.RawQuery)
	case !recent(t[1]):
		return nil, ch, fmt.Errorf("t=%s is not now", t[1])
	case mediaType != "application/x-www-form-urlencoded":
		return nil, ch, fmt.Errorf("Content-Type %q", r.Header.Get("Content-Type"))
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, ch, err
	}
	if data, err = flatJSON(body); err != nil {
		return nil, ch, fmt.Errorf("body %s: %w", body, err)
	}
	i := slices.IndexFunc(c.channels, func(ch channel) bool { return ch.config == data["channelConfigId"] })
	if i < 0 {
		return nil, ch, fmt.Errorf("no channel %q", data["channelConfigId"])
	}
	ch = c.channels[i]
	if err := checkFields(ch, data); err != nil {
		return nil, ch, err
	}
	return data, ch, c.authenticate(ch, script, data)
}

func checkFields(ch channel, data map[string]string) error {
	want := []string{"channelConfigId", "locale", "mapService", "tenantSpaceId", "thirdUserId", "thirdUserName", "timestamp", proof(ch)}
	slices.Sort(want)
	var got []string
	for key := range data {
		got = append(got, key)
	}
	slices.Sort(got)
	id := data["thirdUserId"]
	switch {
	case !slices.Equal(got, want):
		return fmt.Errorf("fields %v, want %v", got, want)
	case data["tenantSpaceId"] != ch.space || data["locale"] != ch.locale || data["mapService"] != ch.mapService:
		return fmt.Errorf("%v is not of %s", data, ch.name())
	case !recent(data["timestamp"]):
		return fmt.Errorf("timestamp %s is not now in epoch milliseconds", data["timestamp"])
	case utf8.RuneCountInString(id) < 1 || utf8.RuneCountInString(id) > 24:
		return fmt.Errorf("thirdUserId %q is not 1 to 24 characters", id)
	case data["thirdUserName"] == "":
		return errors.New("thirdUserName is empty")
	}
	return nil
}

func proof(ch channel) string {
	if ch.token() {
		return "thirdUserToken"
	}
	return "thirdPartAuthorization"
}

// authenticate verifies the signature, or has the site validate the token. CEC may do the latter
// for both scripts, and this one does.
func (c *cec) authenticate(ch channel, script string, data map[string]string) error {
	if !ch.token() {
		if script == first {
			return errors.New("authorization mode does not use it")
		}
		g := guest{data["thirdUserName"], data["thirdUserId"], ch.space, ch.config}
		return checkAuthorization(data[proof(ch)], c.secrets[ch.secretFile], ch.accessKey, ch.order, ch.length, g)
	}
	request, _ := json.Marshal(map[string]string{
		"Token": data[proof(ch)], "userName": data["thirdUserName"], "userId": data["thirdUserId"], "tenantSpaceId": ch.space,
	})
	if code := c.validate(ch, string(request)); code != "0" {
		return fmt.Errorf("the site answered retCode %s", code)
	}
	return nil
}

// recent reports whether epoch milliseconds are of the last or the next minute.
func recent(milliseconds string) bool {
	n, err := strconv.ParseInt(milliseconds, 10, 64)
	return err == nil && time.Since(time.UnixMilli(n)).Abs() < time.Minute
}

// flatJSON reads one JSON object of strings, each key once, nothing after it. Only timestamp must
// be a number.
func flatJSON(text []byte) (map[string]string, error) {
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.UseNumber()
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return nil, errors.New("not a JSON object")
	}
	data := map[string]string{}
	for d.More() {
		key, _ := d.Token()
		value, err := d.Token()
		if err != nil {
			return nil, err
		}
		name := key.(string)
		if _, twice := data[name]; twice {
			return nil, fmt.Errorf("%s twice", name)
		}
		switch value := value.(type) {
		case string:
			data[name] = value
		case json.Number:
			data[name] = value.String()
		}
		if _, isString := value.(string); isString == (name == "timestamp") || data[name] == "" && !isString {
			return nil, fmt.Errorf("%s is a %T", name, value)
		}
	}
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("something follows the object")
	}
	return data, nil
}
