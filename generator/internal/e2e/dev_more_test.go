package e2e

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// local finds *.localhost on loopback, as browsers do.
var local = &http.Client{
	Timeout: 10 * time.Second,
	Transport: &http.Transport{DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		_, port, _ := net.SplitHostPort(addr)
		return new(net.Dialer).DialContext(ctx, network, "127.0.0.1:"+port)
	}},
}

func fetch(t *testing.T, url string) (int, http.Header, string) {
	t.Helper()
	answer, err := local.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, answer.Header, string(body)
}

// reachesPlainAddress: what DESIGN calls www/<tenant>/ is there without a tenant's host name, too.
func (d *dev) reachesPlainAddress(t *testing.T, b *tab, ch channel) {
	b.open(strings.TrimSuffix(d.url, "/") + ch.path())
	if ch.consent {
		eval[any](b, `void EmbedChat('consent', true)`)
	}
	if ch.load == "interaction" {
		b.press(b.find(".", "button").middle)
	}
	b.icon()
	b.clean()
	b.close()
}

// linksWork: every link of the dashboard leads somewhere, and nowhere outside.
func (d *dev) linksWork(t *testing.T, links []string) {
	seen := map[string]bool{}
	for _, link := range append(links, d.url+"docs/") {
		link, _, _ = strings.Cut(link, "#")
		if seen[link] {
			continue
		}
		seen[link] = true
		if !strings.Contains(link, "127.0.0.1") && !strings.Contains(link, ".localhost") {
			t.Errorf("the dashboard leads to %s", link)
			continue
		}
		status, header, _ := fetch(t, link)
		if status != 200 || header.Get("Access-Control-Allow-Origin") == "*" {
			t.Errorf("%s: HTTP %d %v", link, status, header)
		}
	}
	for _, kind := range []string{"docs/", "snippets/", "nginx/", "_embedgen/"} {
		if !strings.Contains(strings.Join(links, "\n"), kind) {
			t.Errorf("the dashboard links nothing of %s", kind)
		}
	}
}

// servesTheBuild: DS-15. Only the reload client may be added to what build writes.
func (d *dev) servesTheBuild(t *testing.T) {
	out := t.TempDir()
	must(t, d.dir, "build", "-o", out)
	for _, ch := range channels(committed(t)) {
		if ch.direct() {
			continue // its context is the simulated CEC's address here
		}
		folder := filepath.Join(out, "www", ch.tenant, ch.id)
		base := strings.TrimSuffix(d.url, "/") + ch.path()
		if _, _, got := fetch(t, base+"embed.js"); got != readFile(t, filepath.Join(folder, "embed.js")) {
			t.Errorf("%sembed.js is not what build writes", base)
		}
		_, _, got := fetch(t, base)
		rest := readFile(t, filepath.Join(folder, "index.html"))
		for _, line := range strings.SplitAfter(rest, "\n") {
			if !strings.Contains(got, strings.TrimSuffix(line, "</body>\n")) {
				t.Errorf("%s lacks a line of the build: %s", base, line)
			}
		}
		if len(got)-len(rest) > 300 {
			t.Errorf("%s has %d bytes more than the build", base, len(got)-len(rest))
		}
	}
}

func readFile(t testing.TB, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// showsProblems: DS-8. A broken save leaves the page and covers it; a good one is shown by itself.
func (d *dev) showsProblems(t *testing.T, b *tab) {
	path := filepath.Join(d.dir, "channels.yaml")
	good := readFile(t, path)
	page := d.url + "acme/web_private/"
	b.open(page)
	broken := strings.Replace(good, "load: interaction", "load: sometimes", 1)
	broken = strings.Replace(broken, "locale: zh", "localle: zh", 1)
	writeFile(t, path, broken)
	for _, place := range []string{position(t, broken, "sometimes"), position(t, broken, "localle"), "sometimes"} {
		b.shows(place, 5*time.Second)
	}
	if status, _, text := fetch(t, page); status != 200 || !strings.Contains(text, "Private banking") {
		t.Errorf("the last good page is gone: HTTP %d", status)
	}
	writeFile(t, path, strings.Replace(good, "name: Private banking", "name: Wealth & <i>more</i>", 1))
	b.shows("Wealth & <i>more</i>", 5*time.Second)
	if !b.holds(`!document.documentElement.outerHTML.includes('sometimes')`, 5*time.Second) {
		t.Error("the overlay is still there")
	}
	writeFile(t, path, good)
	b.shows("Private banking", 5*time.Second)
	b.forgive("429") // reloads may be fast
	b.clean()
}

// brokenAtStart: DS-8, its second half.
func TestDS8BrokenAtStartServesTheProblems(t *testing.T) {
	dir := newProject(t)
	path := filepath.Join(dir, "channels.yaml")
	broken := strings.Replace(readFile(t, path), "mode: token", "mode: tokn", 1)
	writeFile(t, path, broken)
	d := startDev(t, dir)
	status, _, text := fetch(t, d.url)
	if status != 500 || !strings.Contains(text, position(t, broken, "tokn")) {
		t.Errorf("HTTP %d without the place of the problem:\n%.2000s", status, text)
	}
	writeFile(t, path, strings.Replace(broken, "mode: tokn", "mode: token", 1))
	for deadline := time.Now().Add(5 * time.Second); status != 200; time.Sleep(50 * time.Millisecond) {
		if status, _, _ = fetch(t, d.url); time.Now().After(deadline) {
			t.Fatal("it does not recover")
		}
	}
}

// position is file:line:col of the first occurrence of a text in channels.yaml.
func position(t testing.TB, yaml, text string) string {
	t.Helper()
	before, _, ok := strings.Cut(yaml, text)
	if !ok {
		t.Fatalf("no %q in channels.yaml", text)
	}
	return positionAfter(before)
}

// refusesStrangers: SEC-5, SEC-21. Neither another Host nor another Origin gets in.
func (d *dev) refusesStrangers(t *testing.T) {
	for _, path := range []string{"", "acme/web_support/", "webchat/authorizationService", "service-cloud/x", "_embedgen/requests.json", "_embedgen/agent/"} {
		r, err := http.NewRequest("GET", d.url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = "evil.example"
		answer, err := local.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode < 400 || answer.StatusCode >= 500 {
			t.Errorf("/%s for evil.example: HTTP %d", path, answer.StatusCode)
		}
	}
}

// keepsSecrets: the keys that dev made are private, and no page of its tells them.
func (d *dev) keepsSecrets(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(d.dir, ".secrets", "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no secrets were made: %v", err)
	}
	_, _, inspector := fetch(t, d.url+"_embedgen/requests")
	_, _, requests := fetch(t, d.url+"_embedgen/requests.json")
	for _, path := range files {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v, %v", path, info.Mode(), err)
		}
		secret := strings.TrimSpace(readFile(t, path))
		if len(secret) < 32 || strings.Contains(inspector+requests+d.process.output(), secret) {
			t.Errorf("%s is short, or was told", path)
		}
	}
	if !strings.Contains(requests, "auth-v2") {
		t.Errorf("the inspector saw no signature: %.500s", requests)
	}
}
