package e2e

import (
	"context"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// dev is a running development server.
type dev struct {
	dir     string
	process *process
	url     string // of the dashboard, with a slash at the end
}

// startDev runs `embedgen dev` and waits for the address that it prints.
func startDev(t *testing.T, dir string) *dev {
	t.Helper()
	p := start(t, dir, "dev", "--addr", freePort(t))
	return &dev{dir, p, p.says(t, `(http://127\.0\.0\.1:\d+/)`)[1]}
}

// TestDev is the first minutes of a new user: a fresh clone, one command, a browser.
func TestDev(t *testing.T) {
	d := startDev(t, newProject(t))
	browser := startChromium(t, nil)
	dashboard := newVisitor(t, browser)
	dashboard.open(d.url)
	links := eval[[]string](dashboard, `[...document.querySelectorAll('a[href]')].map((a) => a.href)`)
	dashboard.clean()
	console := links[slices.IndexFunc(links, func(l string) bool { return strings.Contains(l, "agent") })]
	for _, ch := range channels(committed(t)) {
		t.Run("SIM-1 dashboard to chat "+ch.name(), func(t *testing.T) {
			i := slices.IndexFunc(links, func(l string) bool { return address(t, l).Path == ch.path() })
			if i < 0 {
				t.Fatalf("the dashboard does not link %s: %v", ch.path(), links)
			}
			agent := newVisitor(t, browser)
			agent.open(console)
			chatInDev(t, agent.newTab(), agent, ch, links[i])
		})
	}
	d.more(t, browser, links)
}

func (d *dev) more(t *testing.T, browser context.Context, links []string) {
	for _, ch := range channels(committed(t)) {
		t.Run("page at the plain address "+ch.name(), func(t *testing.T) {
			d.reachesPlainAddress(t, newVisitor(t, browser), ch)
		})
	}
	t.Run("DS-17 every link of the dashboard works", func(t *testing.T) { d.linksWork(t, links) })
	t.Run("DS-15 dev serves what build writes", d.servesTheBuild)
	t.Run("DS-8 problems cover the page until they are solved", func(t *testing.T) { d.showsProblems(t, newVisitor(t, browser)) })
	t.Run("SEC-5 unknown hosts are refused", d.refusesStrangers)
	t.Run("SEC-23 secrets stay private", d.keepsSecrets)
}

func address(t *testing.T, link string) *url.URL {
	t.Helper()
	u, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// chatInDev holds a conversation between a page and the agent console as two people would, who
// know neither's inner workings.
func chatInDev(t *testing.T, b, agent *tab, ch channel, page string) {
	t.Helper()
	question, reply := "question about "+ch.id+" <b>你好</b>", "answer for "+ch.id+` <img src=x onerror=alert(1)>`
	b.open(page)
	if ch.consent {
		eval[any](b, `void EmbedChat('consent', true)`)
	}
	if ch.load == "interaction" {
		b.press(b.find(".", "button").middle)
	}
	if icon := b.icon(); len(b.controls("textbox")) == 0 { // a window that the facade opened needs no icon
		b.press(icon.middle)
	}
	b.press(b.find("", "textbox").middle)
	b.write(question)
	b.enter()
	agent.press(agent.find(regexp.QuoteMeta(question), "button").middle)
	if accept := agent.controls("button"); slices.ContainsFunc(accept, isAccept) {
		agent.press(accept[slices.IndexFunc(accept, isAccept)].middle)
	}
	agent.shows(question, 3*time.Second)
	agent.press(agent.find("", "textbox").middle)
	agent.write(reply)
	agent.enter()
	b.shows(reply, 3*time.Second)
	b.clean()
	agent.clean()
	b.close()
	agent.close()
}

func isAccept(c control) bool {
	return regexp.MustCompile(`(?i)accept|接入|接受`).MatchString(c.name)
}

// icon waits for CEC's round icon: the lowest button in the bottom right corner, of its usual size
// and no longer moving.
func (b *tab) icon() control {
	b.t.Helper()
	var last control
	for deadline := time.Now().Add(8 * time.Second); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		var lowest control
		for _, c := range b.controls("button") {
			if c.width >= 40 && c.width <= 80 && c.middle.X > 600 && c.middle.Y > max(300, lowest.middle.Y) {
				lowest = c
			}
		}
		if lowest == last && last.width > 0 {
			return last
		}
		last = lowest
	}
	b.t.Fatalf("no icon among %v\n%s", b.controls("button"), b.report())
	return control{}
}
