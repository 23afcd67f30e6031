package script_test

import (
	"net/http"
	"strings"
	"testing"

	"embedgen/generator/site"
)

// callScript stands for a CEC script that starts a call: it asks for microphone and camera, and tells
// the page, or the page around it, what it got.
const callScript = cecScript + `
;navigator.mediaDevices.getUserMedia({ audio: true, video: true }).then(
	(stream) => stream.getTracks().map((track) => track.kind + ' ' + track.readyState).sort().join(),
	(e) => e.name,
).then((outcome) => parent.postMessage({ outcome }, '*'))`

const (
	hearOutcome = "addEventListener('message', (e) => { if (e.data.outcome) window.outcome = e.data.outcome })"
	bothTracks  = "audio live,video live"
)

// TestClickToDial: cec-contract section 6, with Chromium's fake devices.
func TestClickToDial(t *testing.T) {
	tests := map[string]struct {
		host    string // of the page around the frame; "" for no frame
		allow   string // the frame form's attribute is replaced by this
		outcome string
	}{
		"integration page":              {"", "", bothTracks},
		"frame on the same origin":      {"www", `allow="microphone; camera"`, bothTracks},
		"frame on another origin":       {"portal", `allow="microphone; camera"`, bothTracks},
		"other origin, nothing allowed": {"portal", "", "NotAllowedError"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.answer(newClient, 200, "text/javascript", callScript)
			ch := w.channel(site.Authorization)
			b := newTab(t, hearOutcome)
			if test.host == "" {
				b.open(w.origin + "/acme/" + ch.ID + "/")
			} else {
				origin := strings.Replace(w.origin, "www", test.host, 1)
				w.framedBy(ch, origin)
				frame := strings.Replace(w.form(ch, "iframe"), `allow="microphone; camera"`, test.allow, 1)
				b.open(origin + strings.TrimPrefix(w.page("/frame", "<!doctype html><title>x</title>"+frame), w.origin))
			}
			b.wait("outcome")
			b.want("outcome", test.outcome)
			if test.outcome == bothTracks {
				b.clean()
			}
		})
	}
}

// framedBy serves a channel's page to frames of another origin, as the iframe form says.
func (w *world) framedBy(ch *site.Channel, origin string) {
	html, policy, err := w.engine.Page(ch)
	if err != nil {
		w.t.Fatal(err)
	}
	policy = strings.Replace(policy, "frame-ancestors 'self'", "frame-ancestors 'self' "+origin, 1)
	w.handle("/acme/"+ch.ID+"/", func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "text/html; charset=utf-8")
		rw.Header().Set("Content-Security-Policy", policy)
		rw.Write(html)
	})
}
