package chatauth

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"
)

// answer is what a request gets.
type answer struct {
	status      int
	contentType string
	body        []byte
	header      http.Header // further headers; may be nil
	code        string      // of a refusal: for events and log lines
}

const (
	jsonType = "application/json; charset=utf-8"
	textType = "text/plain; charset=utf-8"
)

func textAnswer(body string) *answer {
	return &answer{status: http.StatusOK, contentType: textType, body: []byte(body)}
}

// jsonAnswer encodes v, which is a struct of strings and integers and cannot fail.
func jsonAnswer(status int, v any) *answer {
	body, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return &answer{status: status, contentType: jsonType, body: append(body, '\n')}
}

// set adds a header.
func (a *answer) set(name, value string) {
	if a.header == nil {
		a.header = make(http.Header)
	}
	a.header.Add(name, value)
}

// write sends the answer. No answer may be kept by a cache, or taken for another type than its own.
func (a *answer) write(w http.ResponseWriter) {
	h := w.Header()
	for name, values := range a.header {
		h[name] = values
	}
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	if a.contentType != "" {
		h.Set("Content-Type", a.contentType)
		h.Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	w.WriteHeader(a.status)
	w.Write(a.body)
}

// refusal is an answer that says no.
type refusal struct {
	status     int
	code       string // stable
	message    string
	retryAfter time.Duration // of rate_limited
}

func (r *refusal) Error() string { return r.code + ": " + r.message }

var (
	errNotFound       = &refusal{status: 404, code: "not_found", message: "no endpoint at this path"}
	errMethod         = &refusal{status: 405, code: "method_not_allowed", message: "only POST is allowed"}
	errUnknownHost    = &refusal{status: 421, code: "unknown_host", message: "this Host is not served here"}
	errOrigin         = &refusal{status: 403, code: "origin_not_allowed", message: "the Origin is not one of the tenant's"}
	errUnknownChannel = &refusal{status: 404, code: "unknown_channel", message: "no channel of this endpoint has this tenantSpaceId and channelConfigId"}
	errUnavailable    = &refusal{status: 503, code: "channel_unavailable", message: "the channel is not ready; the operator finds the reason in the log"}
	errUserMismatch   = &refusal{status: 403, code: "user_mismatch", message: "the session is not of this user: leave thirdUserId and thirdUserName out, and use those of the answer"}
	errNoSession      = &refusal{status: 401, code: "no_session", message: "nobody is logged in"}
	errBadIdentity    = &refusal{status: 403, code: "bad_identity", message: "the customer's identity is not usable"}
	errTooLarge       = &refusal{status: 413, code: "body_too_large", message: "the body is over 8 KiB"}
	errMediaType      = &refusal{status: 415, code: "unsupported_media_type", message: "want application/json in UTF-8"}
	errInternal       = &refusal{status: 500, code: "internal", message: "internal error"}
)

func malformed(format string, args ...any) *refusal {
	return &refusal{status: 400, code: "malformed_body", message: fmt.Sprintf(format, args...)}
}

func rateLimited(wait time.Duration) *refusal {
	return &refusal{status: 429, code: "rate_limited", message: "too many requests", retryAfter: wait}
}

// refuse turns an error into an answer; what is no refusal is a fault of the service.
func (c *call) refuse(err error) *answer {
	var r *refusal
	if !errors.As(err, &r) {
		c.opt.Log.Error("fault", "error", err.Error())
		r = errInternal
	}
	a := c.encode(r)
	a.code = r.code
	if r.status == http.StatusMethodNotAllowed {
		a.set("Allow", http.MethodPost)
	}
	if r.retryAfter > 0 {
		a.set("Retry-After", strconv.Itoa(int(math.Ceil(r.retryAfter.Seconds()))))
	}
	return a
}

// encode writes a refusal in the words of the endpoint.
func (c *call) encode(r *refusal) *answer {
	if c.route != nil && c.route.endpoint == forCEC {
		return jsonAnswer(r.status, verdict{retCodeOf(r.status), r.message})
	}
	return jsonAnswer(r.status, struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	}{r.code, r.message})
}
