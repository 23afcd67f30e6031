package extension_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"embedgen/generator/internal/lab/browser"
	"embedgen/generator/render/script"
	"embedgen/generator/site"
	"embedgen/templates"
)

// web is every host of the test, on https and on http: whatever is asked is answered and noted.
type web struct {
	policy string // of the pages

	mu   sync.Mutex
	seen []string // host and path
}

func (w *web) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	w.seen = append(w.seen, r.Host+r.URL.Path)
	w.mu.Unlock()
	switch {
	case strings.HasSuffix(r.URL.Path, ".js"):
		rw.Header().Set("Content-Type", "text/javascript")
		io.WriteString(rw, "window.cobrowse = (window.cobrowse || 0) + 1; fetch(new URL('/poll', document.currentScript.src), { mode: 'no-cors' })")
	case strings.HasPrefix(r.URL.Path, "/strict"):
		rw.Header().Set("Content-Security-Policy", w.policy)
		fallthrough
	default:
		rw.Header().Set("Content-Type", "text/html")
		io.WriteString(rw, "<!doctype html><title>Page</title><p>Page")
	}
}

// scripts returns the requests for scripts so far, polls those that cobrowse.js made.
func (w *web) scripts() []string { return w.asked(".js") }
func (w *web) polls() []string   { return w.asked("/poll") }

func (w *web) asked(suffix string) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(w.seen), func(s string) bool { return !strings.HasSuffix(s, suffix) })
}

// unpack writes the extension of a tenant as a folder that a browser can load.
func unpack(t *testing.T, of *site.Tenant) string {
	t.Helper()
	dir := t.TempDir()
	for name, data := range files(t, newEngine(t, templates.FS), of) {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// policy is that of the tenant's integration pages.
func policy(t *testing.T, of *site.Tenant) string {
	t.Helper()
	e, list := script.New(templates.FS)
	if e == nil {
		t.Fatal(list)
	}
	p, err := e.Policy(of.Channels[0])
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// start runs a browser with extensions, for which every host is the web.
func start(t *testing.T, w *web, dirs ...string) context.Context {
	t.Helper()
	secure, plain := httptest.NewTLSServer(w), httptest.NewServer(w)
	t.Cleanup(secure.Close)
	t.Cleanup(plain.Close)
	port := func(s *httptest.Server) string {
		_, p, _ := net.SplitHostPort(s.Listener.Addr().String())
		return p
	}
	list := strings.Join(dirs, ",")
	return browser.New(t, time.Minute, map[string]any{
		"headless":                  "new",
		"disable-extensions-except": list,
		"load-extension":            list,
		"disable-features":          "DisableLoadExtensionCommandLineSwitch,HttpsUpgrades",
		"ignore-certificate-errors": true,
		"host-resolver-rules": fmt.Sprintf("MAP *:443 127.0.0.1:%s, MAP *:80 127.0.0.1:%s, MAP *:8443 127.0.0.1:%s",
			port(secure), port(plain), port(secure)),
	})
}

func TestExtensionInChromium(t *testing.T) {
	t.Parallel()
	// A name that means something to Chrome's messages must not keep the extension from loading.
	of := tenant(`Acme "$1" $NAME$ $ Bank`, "https://cec.example")
	w := &web{policy: policy(t, of)}
	ctx := start(t, w, unpack(t, of))
	const source = "cec.example" + cobrowse
	for _, test := range []struct {
		name, url string
		want      []string
	}{
		{"with the parameter", "https://www.acme.example/help?a=b&cobrowse_share_url=x", []string{source}},
		{"empty parameter", "https://www.acme.example/?cobrowse_share_url=", []string{source}},
		{"another origin as value", "https://www.acme.example/?cobrowse_share_url=https%3A%2F%2Fevil.example%2Fservice-cloud%2Fx.js", []string{source}},
		{"under the emitted policy", "https://www.acme.example/strict?cobrowse_share_url=x", []string{source}},
		{"without the parameter", "https://www.acme.example/help", nil},
		{"only in another value", "https://www.acme.example/help?q=cobrowse_share_url", nil},
		{"only in the path", "https://www.acme.example/cobrowse_share_url", nil},
		{"only in the fragment", "https://www.acme.example/#cobrowse_share_url=x", nil},
		{"http", "http://www.acme.example/?cobrowse_share_url=x", nil},
		{"another site", "https://www.globex.example/?cobrowse_share_url=x", nil},
		{"a subdomain", "https://x.www.acme.example/?cobrowse_share_url=x", nil},
		{"another port", "https://www.acme.example:8443/?cobrowse_share_url=x", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			before, polls := len(w.scripts()), len(w.polls())
			if err := chromedp.Do(ctx, chromedp.Navigate(test.url)); err != nil {
				t.Fatal(err)
			}
			if len(test.want) > 0 {
				waitFor(t, func() bool { return len(w.scripts()) > before && len(w.polls()) > polls })
			}
			time.Sleep(150 * time.Millisecond) // nothing more may come
			if got := w.scripts()[before:]; !slices.Equal(got, test.want) {
				t.Errorf("asked for %v, want %v", got, test.want)
			}
			ran, err := chromedp.Run(ctx, chromedp.Evaluate[int]("window.cobrowse || 0"))
			if err != nil || ran != len(test.want) {
				t.Errorf("cobrowse.js ran %d times, %v, want %d", ran, err, len(test.want))
			}
		})
	}
}

// An origin with a port, and two CECs: the address chooses among them.
func TestExtensionChoosesTheCEC(t *testing.T) {
	t.Parallel()
	of := tenant("Acme", "https://one.example", "https://two.example")
	of.Origin = "https://www.acme.example:8443"
	w := new(web)
	ctx := start(t, w, unpack(t, of))
	for value, host := range map[string]string{"https%3A%2F%2Ftwo.example%2Fshare": "two.example", "https%3A%2F%2Fevil.example": "one.example"} {
		before := len(w.scripts())
		if err := chromedp.Do(ctx, chromedp.Navigate(of.Origin+"/?cobrowse_share_url="+value)); err != nil {
			t.Fatal(err)
		}
		waitFor(t, func() bool { return len(w.scripts()) > before })
		if got := w.scripts()[before:]; !slices.Equal(got, []string{host + cobrowse}) {
			t.Errorf("%s: asked for %v, want %s", value, got, host)
		}
	}
}

func waitFor(t *testing.T, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(15 * time.Second); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("nothing was asked for")
		}
	}
}
