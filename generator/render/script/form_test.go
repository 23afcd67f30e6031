package script_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/evanw/esbuild/pkg/api"

	"embedgen/generator/internal/lab"
	"embedgen/generator/site"
)

// form returns a form of a channel.
func (w *world) form(ch *site.Channel, name string) string {
	w.t.Helper()
	text, err := w.engine.Form(ch, name)
	if err != nil {
		w.t.Fatal(err)
	}
	return string(text)
}

func TestEM13HTML(t *testing.T) {
	t.Parallel()
	for _, mode := range modes {
		w := newWorld(t)
		ch := w.channel(mode)
		b := newTab(t, "")
		b.open(w.page("/foreign", "<!doctype html><title>x</title><h1>Shop</h1>"+w.form(ch, "html")))
		b.wait("document.getElementById('cec-icon')")
		b.want("cecRuns", 1)
		b.clean()
	}
}

// tagManager adds a Custom HTML tag as Google Tag Manager does: parsed apart from the page, its scripts
// made anew, with the nonce that its own tag has.
const tagManager = `window.fire = (html) => {
	const box = document.createElement('div');
	box.innerHTML = html;
	for (const node of [...box.childNodes]) {
		if (node.localName !== 'script') { document.body.append(node); continue; }
		const script = document.createElement('script');
		if (window.managerNonce) script.nonce = managerNonce;
		script.text = node.text;
		document.body.append(script);
	}
};`

func TestEM13GoogleTagManager(t *testing.T) {
	for name, page := range map[string]struct{ policy, prelude string }{
		"plain": {"default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'none'", tagManager},
		"nonce": {"default-src 'self'; script-src 'nonce-r4nd0m'; style-src 'none'", "window.managerNonce = 'r4nd0m';" + tagManager},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			tag, err := json.Marshal(w.form(w.channel(site.Authorization), "gtm"))
			if err != nil {
				t.Fatal(err)
			}
			b := newTab(t, page.prelude)
			b.open(w.page("/foreign", "<!doctype html><title>x</title><h1>Shop</h1>", "Content-Security-Policy", page.policy))
			b.wait("document.readyState === 'complete'")
			b.eval("fire(" + string(tag) + ")")
			b.wait("document.getElementById('cec-icon')")
			b.eval("fire(" + string(tag) + ")") // a trigger that fires twice
			b.eval("new Promise((done) => setTimeout(done, 200))")
			b.want("[cecRuns, document.querySelectorAll('#cec-icon').length]", []int{1, 1})
			b.clean()
		})
	}
}

func TestEM13React(t *testing.T) {
	t.Parallel()
	lab.Package(t, "react-dom/client.js")
	app, err := os.ReadFile("testdata/react.jsx")
	if err != nil {
		t.Fatal(err)
	}
	checkComponent(t, func(form string) string {
		return bundleApp(t, map[string]string{"app.jsx": string(app), "Chat.jsx": form})
	}, "react")
}

func TestEM13Vue(t *testing.T) {
	t.Parallel()
	vue := lab.Package(t, "vue/package.json")
	app, err := os.ReadFile("testdata/vue.js")
	if err != nil {
		t.Fatal(err)
	}
	checkComponent(t, func(form string) string {
		compile := exec.Command("node", "testdata/vue-compile.mjs", vue)
		compile.Stdin, compile.Stderr = bytes.NewReader([]byte(form)), os.Stderr
		component, err := compile.Output()
		if err != nil {
			t.Fatal(err)
		}
		return bundleApp(t, map[string]string{"app.jsx": string(app), "Chat.js": string(component)})
	}, "vue")
}

// bundleApp bundles app.jsx and what stands beside it with the npm packages of the tests, for development:
// then React's StrictMode mounts everything twice.
func bundleApp(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	result := api.Build(api.BuildOptions{
		EntryPoints: []string{filepath.Join(dir, "app.jsx")},
		NodePaths:   []string{lab.Package(t, "")},
		Bundle:      true,
		JSX:         api.JSXAutomatic,
		Define: map[string]string{
			"process.env.NODE_ENV": `"development"`, "__VUE_OPTIONS_API__": "true",
			"__VUE_PROD_DEVTOOLS__": "false", "__VUE_PROD_HYDRATION_MISMATCH_DETAILS__": "false",
		},
	})
	for _, m := range result.Errors {
		t.Fatal(m.Text, m.Location)
	}
	return string(result.OutputFiles[0].Contents)
}

// component is a page whose application is one form of a channel.
type component struct {
	*tab
	w      *world
	bundle func(form string) string
	form   string
}

// open shows the application; arrive, if there is one, holds the embed script back.
func (c *component) open(ch *site.Channel, arrive <-chan bool) {
	c.t.Helper()
	c.w.answer("/app.js", 200, "text/javascript; charset=utf-8", c.bundle(c.w.form(ch, c.form)))
	path := "/acme/" + ch.ID + "/embed.js"
	c.w.handle(path, nil)
	if arrive != nil {
		c.w.handle(path, func(rw http.ResponseWriter, r *http.Request) {
			<-arrive
			c.w.serveDefault(rw, r)
		})
	}
	c.tab.open("about:blank")
	c.tab.open(c.w.page("/app", "<!doctype html><title>App</title><div id=app></div><script src=/app.js></script>"))
}

const (
	embedTagOf = "document.querySelector('script[src*=embed]')"
	cecIcon    = "document.getElementById('cec-icon')"
)

// checkComponent takes a form through what an application does to it.
func checkComponent(t *testing.T, bundle func(form string) string, form string) {
	w := newWorld(t)
	c := &component{newTab(t, "window.events = []; window.identify = async () => ({ thirdUserToken: 'from the app', thirdUserId: 'u7' })"), w, bundle, form}
	guest := w.channel(site.Authorization)

	c.named("mount and unmount", func() {
		c.open(guest, nil)
		c.wait("events.includes('ready')")
		c.eval("set({ shown: false })")
		c.wait("!" + cecIcon)
		c.want("["+embedTagOf+", events, window.userId]", []any{nil, []string{"ready", "destroyed"}, nil})
		c.eval("set({ shown: true })")
		c.wait(cecIcon + " && events.length === 3")
		c.want("events[2]", "ready")
		c.starts(2) // one for each mount, StrictMode notwithstanding
		c.clean()
	})
	c.named("gone before the script arrives", func() {
		arrive := make(chan bool)
		c.open(guest, arrive)
		c.wait(embedTagOf)
		c.eval("set({ shown: false })")
		c.wait("!" + embedTagOf)
		close(arrive)
		c.wait("EmbedChat.q.length === 0") // the script has come, and gone as the queue says
		c.eval("new Promise((done) => setTimeout(done, 200))")
		c.want(cecIcon, nil)
		c.starts(2)
		c.clean()
	})
	c.named("back before the script arrives", func() {
		arrive := make(chan bool)
		c.open(guest, arrive)
		c.wait(embedTagOf)
		c.eval("set({ shown: false })")
		c.wait("!" + embedTagOf)
		c.eval("set({ shown: true })")
		c.wait(embedTagOf)
		close(arrive)
		c.wait("events.includes('ready')")
		c.starts(3)
		c.eval("set({ shown: false })")
		c.wait("!" + cecIcon)
		c.clean()
	})
	c.named("consent and identity", func() {
		c.open(w.channel(site.TokenMode, func(ch *site.Channel) { ch.Consent = true }), nil)
		c.wait("events.includes('ready')")
		c.want("[userId, token]", []string{"u7", "from the app"})
		c.eval("set({ consent: false })")
		c.wait("!" + cecIcon)
		c.eval("set({ consent: true })")
		c.wait("events.length === 3")
		c.want("events", []string{"ready", "destroyed", "ready"})
		if n := w.count(token); n > 0 {
			c.t.Errorf("%d requests for a token, though the application gave one", n)
		}
		c.clean()
	})
}

// starts fails the test unless CEC has been started that many times.
func (c *component) starts(want int) {
	c.t.Helper()
	if n := c.w.count(newClient); n != want {
		c.t.Errorf("%d starts, want %d", n, want)
	}
}
