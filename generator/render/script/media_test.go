package script_test

import (
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
				origin := w.sibling(test.host)
				ch.FrameAncestors = []string{origin}
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

// sibling returns an origin that serves the same, on another host.
func (w *world) sibling(host string) string { return strings.Replace(w.origin, "www", host, 1) }

// TestSEC26FrameAncestors: pages of the tenant's origin and of the listed ones may frame the integration page, no other.
func TestSEC26FrameAncestors(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ch := w.channel(site.Authorization, func(ch *site.Channel) { ch.FrameAncestors = []string{w.sibling("portal"), "https://other.example"} })
	// The chat tells the page around it that it is there.
	w.answer(newClient, 200, "text/javascript", cecScript+"\n;parent.postMessage({ outcome: 'there' }, '*')")
	w.page("/frame", "<!doctype html><title>x</title>"+w.form(ch, "iframe"))
	w.page("/nested", "<!doctype html><title>x</title><iframe src='"+w.sibling("portal")+"/frame'></iframe>")
	for host, framed := range map[string]bool{"www": true, "portal": true, "evil": false} {
		b := newTab(t, hearOutcome)
		b.open(w.sibling(host) + "/frame")
		b.wait("document.readyState === 'complete'")
		if framed {
			b.wait("outcome === 'there'")
			b.clean()
			continue
		}
		b.eval("new Promise((done) => setTimeout(done, 300))")
		b.want("window.outcome ?? null", nil)
		b.clean("frame-ancestors")
		if seen := strings.Join(b.seen(), "\n"); !strings.Contains(seen, "frame-ancestors") {
			t.Errorf("%s: no refusal: %s", host, seen)
		}
	}
	// A listed page in a frame of one that is not.
	before := w.count(newClient)
	b := newTab(t, "")
	b.open(w.sibling("evil") + "/nested")
	b.wait("document.readyState === 'complete'")
	b.eval("new Promise((done) => setTimeout(done, 300))")
	if n := w.count(newClient) - before; n > 0 {
		t.Errorf("%d starts in a nested frame", n)
	}
}

func TestSEC26FrameAncestorsAreOrigins(t *testing.T) {
	ch := acme("https://www.acme.example").Channels[0]
	e := newEngine(t, override(nil))
	for _, origin := range []string{"*", "https://*", "https://a.example/x", "https://a.example; script-src *", "'none'", ""} {
		ch.FrameAncestors = []string{origin}
		if policy, err := e.Policy(ch); err == nil {
			t.Errorf("%q: got %s, want an error", origin, policy)
		}
	}
}

// TestEM10DestroyEndsTheCall: microphone and camera are released.
func TestEM10DestroyEndsTheCall(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.answer(newClient, 200, "text/javascript", cecScript+"\n;navigator.mediaDevices.getUserMedia({ audio: true, video: true }).then(function (stream) { window.stream = stream })")
	b := newTab(t, "")
	b.open(w.origin + "/acme/" + w.channel(site.Authorization).ID + "/")
	b.wait("window.stream && stream.active")
	b.eval("EmbedChat('destroy')")
	b.want("stream.getTracks().map((track) => track.readyState)", []string{"ended", "ended"})
	b.clean()
}
