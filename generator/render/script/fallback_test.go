package script_test

import (
	"net/http"
	"strings"
	"testing"

	"embedgen/generator/site"
)

// hang answers nothing until the browser gives up.
func hang(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// patchEmbed serves a channel's embed script with a part of it replaced.
func (w *world) patchEmbed(ch *site.Channel, old, replacement string) {
	w.t.Helper()
	text := string(w.engine.Embed(ch))
	if strings.Count(text, old) != 1 {
		w.t.Fatalf("embed.js has %d times %s", strings.Count(text, old), old)
	}
	w.answer("/acme/"+ch.ID+"/embed.js", 200, "text/javascript", strings.Replace(text, old, replacement, 1))
}

const choices = "[...document.querySelector('embed-chat').shadowRoot.querySelectorAll('a, button')].map((e) => e.localName + ' ' + e.textContent + ' ' + (e.getAttribute('href') || ''))"

func TestEM11FallbackLink(t *testing.T) {
	const touch = "Object.defineProperty(navigator, 'maxTouchPoints', { value: 5 }); const real = matchMedia; window.matchMedia = (q) => q.includes('pointer') ? { matches: false } : real(q);"
	tests := map[string]struct {
		prelude string
		serve   http.HandlerFunc
		want    []string
	}{
		"touch-only device": {touch, nil, []string{"a Contact us /contact", "button 关闭 "}},
		"failure":           {"", hangUp, []string{"button 重试 ", "a Contact us /contact", "button 关闭 "}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.handle(sign, test.serve)
			b := newTab(t, test.prelude)
			b.open(w.withFallback(w.channel(site.Authorization), "/contact"))
			b.wait("document.querySelector('embed-chat')")
			b.want(choices, test.want)
			b.want("(() => { const r = document.querySelector('embed-chat').shadowRoot.querySelector('a').getBoundingClientRect(); return [r.width >= 44, r.height >= 44] })()", []bool{true, true})
			b.eval("document.querySelector('embed-chat').shadowRoot.querySelector('a').click()")
			b.wait("location.pathname === '/contact'")
		})
	}
}
