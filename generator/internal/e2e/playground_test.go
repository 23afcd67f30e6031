package e2e

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"embedgen/generator/internal/lab"
)

// playground is a playground in Chromium.
type playground struct{ *tab }

// The playground is tried as an integrator would: a setting is switched, and what the visitor sees,
// what the page says and what is to be written change with it.
func TestPlayground(t *testing.T) {
	d := startDev(t, newProject(t))
	port := strings.TrimSuffix(d.url[strings.LastIndexByte(d.url, ':')+1:], "/")
	p := playground{newVisitor(t, startChromium(t, nil))}
	open := func(channel string) {
		tenant, _, _ := strings.Cut(channel, "/")
		p.open("http://" + tenant + ".localhost:" + port + "/_embedgen/playground/" + channel + "?lang=en")
	}
	t.Run("load, consent and locale of a guest's channel", func(t *testing.T) {
		p.t = t
		open("acme/web_support")
		p.guest()
	})
	t.Run("identity in token mode", func(t *testing.T) {
		p.t = t
		open("acme/web_private")
		p.customer()
	})
	t.Run("CSP", func(t *testing.T) {
		p.t = t
		open("globex/shop_help")
		p.policies()
	})
	t.Run("a channel without proxy", func(t *testing.T) {
		p.t = t
		open("initech/main_site")
		p.event("ready")
		p.silent()
		p.clean()
	})
}

// choose switches a setting and waits until the frame shows the page for it.
func (p playground) choose(name, value string) {
	p.t.Helper()
	label := fmt.Sprintf(`label:has([name=%s][value=%s])`, name, value)
	eval[any](p.tab, fmt.Sprintf(`document.querySelector(%q).scrollIntoView({block: 'center', behavior: 'instant'})`, label))
	p.click(label)
	p.await(name+" "+value, fmt.Sprintf(`decodeURIComponent(frame.contentWindow.location.pathname).includes('%s=%s') && frame.contentDocument.readyState === 'complete'`, name, value))
}

// inFrame waits for an expression over doc, the visitor's document.
func (p playground) inFrame(what, expression string) {
	p.t.Helper()
	p.await(what, `((doc) => `+expression+`)(document.getElementById('frame').contentDocument)`)
}

func (p playground) shows(id, text string) {
	p.t.Helper()
	p.await(id+" "+text, fmt.Sprintf(`document.getElementById(%q).innerText.includes(%q)`, id, text))
}

func (p playground) event(name string) { p.t.Helper(); p.shows("events", name); p.shows("state", name) }

// silent checks that no policy was violated.
func (p playground) silent() {
	p.t.Helper()
	if got := eval[string](p.tab, `document.getElementById('reports').innerText`); got != "" {
		p.t.Errorf("policy reports: %s", got)
	}
}

// call uses one of the buttons.
func (p playground) call(text string) {
	p.t.Helper()
	eval[any](p.tab, fmt.Sprintf(`[...document.querySelectorAll('[data-call]')].find((b) => b.textContent === %q).click()`, text))
}

const (
	ownButton = `doc.querySelector('embed-chat')?.shadowRoot.querySelector('button')`
	cecIcon   = `doc.querySelector('[src*="service-cloud"], link[href*="service-cloud"]')`
)

func (p playground) guest() {
	t := p.t
	p.event("ready")
	before := eval[string](p.tab, `snippet.textContent`)
	p.choose("load", "interaction")
	p.inFrame("the facade", ownButton+`?.textContent === '在线咨询'`)
	p.shows("yaml", "load: interaction")
	if after := eval[string](p.tab, `snippet.textContent`); after == before || !strings.Contains(after, "EmbedChat('load')") {
		t.Errorf("the snippet is %s", after)
	}
	p.choose("locale", "en")
	p.inFrame("the facade in English", ownButton+`?.textContent && !/[一-龥]/.test(`+ownButton+`.textContent)`)
	p.call("update, {locale: 'zh'}")
	p.inFrame("the facade in Chinese again", ownButton+`?.textContent === '在线咨询'`)
	p.call("load")
	p.event("ready")

	p.choose("load", "eager")
	p.choose("consent", "true")
	p.shows("calls", "EmbedChat('consent', true);")
	p.shows("requests", "embed.js")
	// What would come does so at once: the same page was ready within this time before.
	if p.holds(`/service-cloud|webchat|client\./.test(document.getElementById('requests').innerText)`, 500e6) {
		t.Errorf("requested before consent: %s", eval[string](p.tab, `requests.innerText`))
	}
	p.call("consent, true")
	p.event("ready")
	p.shows("requests", "newThirdPartyClient.js")
	p.inFrame("CEC's icon", cecIcon)
	p.call("consent, false")
	p.event("destroyed")
	p.inFrame("no icon", "!"+cecIcon)
	p.silent()

	eval[any](p.tab, `document.querySelector('[name=form][value=react]').click()`)
	p.shows("snippet", "useEffect")
	p.open(eval[string](p.tab, `location.href`)) // the address keeps the settings
	p.shows("yaml", "consent: true")
	p.clean()
}

func (p playground) customer() {
	p.event("ready")
	p.choose("identity", "none")
	p.event("unauthenticated")
	p.forgive("401")
	p.choose("identity", "page")
	p.shows("events", "the page is asked who the visitor is")
	p.event("ready")
	p.shows("calls", "EmbedChat('identify'")
	p.call("reset")
	p.event("destroyed")
	p.choose("identity", "user")
	p.event("ready")
	p.call("destroy")
	p.event("destroyed")
	p.inFrame("a queue in the place of EmbedChat", `Array.isArray(doc.defaultView.EmbedChat.q)`)
	p.silent()
	p.clean()
}

func (p playground) policies() {
	p.choose("load", "eager")
	p.event("ready")
	p.silent()
	p.choose("policy", "report")
	p.event("ready")
	p.silent()
	p.clean()
	eval[any](p.tab, `own.value = "style-src 'none'; script-src 'self'", own.dispatchEvent(new Event('change', {bubbles: true})), null`)
	p.shows("reports", "script-src-elem inline")
	p.shows("reports", "style-src")
	p.event("ready") // nothing is blocked
	p.forgive("CSP")
	p.choose("policy", "none")
	p.event("ready")
	p.silent()
	p.clean()
}

// What the inspector offers as curl is the request that it shows: it succeeds as that did.
func TestDS18TheCurlCommandWorks(t *testing.T) {
	lab.Program(t, "curl")
	d := startDev(t, newProject(t))
	port := strings.TrimSuffix(d.url[strings.LastIndexByte(d.url, ':')+1:], "/")
	b := newVisitor(t, startChromium(t, nil))
	for channel, what := range map[string]string{"web_support": "authorization", "web_private": "token"} {
		b.open("http://acme.localhost:" + port + "/acme/" + channel + "/")
		b.await("CEC's icon", `((doc) => `+cecIcon+`)(document)`)
		_, _, text := fetch(t, d.url+"_embedgen/requests.json")
		var list struct {
			Requests []struct{ What, Channel, Curl string }
		}
		if err := json.Unmarshal([]byte(text), &list); err != nil {
			t.Fatal(err)
		}
		done := false
		for _, r := range list.Requests {
			if r.What != what || r.Channel != channel || done {
				continue
			}
			done = true
			out, err := exec.Command("sh", "-c", r.Curl).Output()
			var answer struct{ ThirdUserID string }
			if json.Unmarshal(out, &answer) != nil || answer.ThirdUserID == "" {
				t.Errorf("%s: %v, %s", r.Curl, err, out)
			}
		}
		if !done {
			t.Errorf("%s is not in the inspector", what)
		}
	}
}
