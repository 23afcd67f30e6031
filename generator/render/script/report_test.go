package script_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"embedgen/generator/site"
)

// reports returns the bodies of the violation reports that have arrived.
func (w *world) reports() []string {
	var list []string
	for _, r := range w.callsAt("/reports", http.MethodPost) {
		list = append(list, r.Body)
	}
	return list
}

// reporting serves html under an enforced policy whose violations are sent to the world. (Reports by report-to may wait
// for a minute; the page's own event says the same at once.)
func (w *world) reporting(path, html, policy string) string {
	return w.page(path, html, "Content-Security-Policy", policy+"; report-uri /reports")
}

// ownPage is the integration page under the emitted policy.
func (w *world) ownPage(ch *site.Channel) string {
	html, policy, err := w.engine.Page(ch)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.reporting("/acme/"+ch.ID+"/", string(html), policy)
}

// nonces gives every script tag of a text the page's nonce, as the snippet and the guide say.
func nonces(html string) string { return strings.ReplaceAll(html, "<script", "<script nonce=r4nd0m") }

// nonced is a page of the site that carries the snippet under a strict policy of its own: that of the integration page,
// with the page's nonce in place of the hash of the integration page's script.
func (w *world) nonced(ch *site.Channel) string {
	policy, err := w.engine.Policy(ch)
	if err != nil {
		w.t.Fatal(err)
	}
	policy = scriptHash.ReplaceAllString(policy, "script-src 'strict-dynamic' 'nonce-r4nd0m'")
	snippet, err := w.engine.Snippet(ch)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.reporting("/shop", "<!doctype html><title>Shop</title><h1>Shop</h1>"+nonces(recorder+string(snippet)), policy)
}

var scriptHash = regexp.MustCompile(`script-src 'strict-dynamic' 'sha256-[^']*'`)

// TestEM7NoReports runs each kind of channel under an enforced policy that reports. Nothing may be reported; then a
// planted violation must be, or the proof were worth nothing.
func TestEM7NoReports(t *testing.T) {
	t.Parallel()
	pages := map[string]func(*world, *site.Channel) string{"own page": (*world).ownPage, "snippet": (*world).nonced}
	for _, mode := range modes {
		for _, cobrowse := range []site.Cobrowse{site.CobrowseOff, site.CobrowseScripts, site.CobrowseExtension} {
			for _, direct := range []bool{false, true} {
				for where, page := range pages {
					t.Run(fmt.Sprintf("%s cobrowse %s direct %v %s", mode, cobrowse, direct, where), func(t *testing.T) {
						w := newWorld(t)
						serveWidget(w)
						w.answer("/reports", 204, "text/plain", "")
						ch := w.channel(mode, loading(site.Interaction), func(ch *site.Channel) { ch.Cobrowse, ch.Fallback = cobrowse, "/contact" })
						w.library(ch, "jquery", "window.$ = window.jQuery = { ajax: () => {} }", "")
						w.library(ch, "axios", "window.axios = () => {}", "")
						proxied := ch.Context
						w.direct(ch)
						if !direct {
							proxied.CEC = ch.Context.CEC // the extension goes past the proxy
							ch.Context = proxied
						}
						b := newTab(t, violations)
						b.open(page(w, ch))
						b.wait(facade)
						if cobrowse == site.CobrowseExtension {
							// What the extension's content script adds to a page.
							b.eval(addScript(ch.Context.CEC + "/service-cloud/resource.root/cobrowse/sdk/cobrowse.js"))
						}
						b.eval(facade + ".click()")
						b.wait("window.widgetDone")
						b.eval("EmbedChat('destroy')")
						time.Sleep(150 * time.Millisecond) // a report is under way
						b.want("violations", []string{})
						if got := w.reports(); len(got) > 0 {
							t.Errorf("reported: %s", got)
						}
						b.clean()
						b.eval("void document.body.append(Object.assign(document.createElement('img'), { src: 'http://127.0.0.1:1/planted.png' }))")
						for deadline := time.Now().Add(5 * time.Second); len(w.reports()) == 0 && time.Now().Before(deadline); {
							time.Sleep(20 * time.Millisecond)
						}
						if got := strings.Join(w.reports(), ""); !strings.Contains(got, "planted.png") {
							t.Errorf("the planted violation was not reported: %s", got)
						}
					})
				}
			}
		}
	}
}

// addScript is an expression that adds a script element and waits for it.
func addScript(src string) string {
	return fmt.Sprintf("new Promise((done) => document.head.append(Object.assign(document.createElement('script'), { src: %q, onload: done, onerror: done })))", src)
}
