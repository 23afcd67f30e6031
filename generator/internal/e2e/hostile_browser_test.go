package e2e

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestHostileNamesInTheBrowser opens every page that shows a name, with names that would run.
func TestHostileNamesInTheBrowser(t *testing.T) {
	dir := newProject(t)
	names := accepted(t, dir)
	if len(names) < 8 {
		t.Errorf("only %q are accepted: names of people and companies hold more", names)
	}
	doc := committed(t)
	crowdOf(doc, names)
	save(t, dir, doc)
	d := startDev(t, dir)
	browser := startChromium(t, nil)
	b := newVisitor(t, browser)
	for i, name := range names {
		t.Run(name, func(t *testing.T) { d.opens(t, b, fmt.Sprintf("h%d", i), name) })
	}
	t.Run("shared pages", func(t *testing.T) { d.opensShared(t, browser) })
}

// accepted are the hostile names that channels.yaml may hold.
func accepted(t *testing.T, dir string) []string {
	t.Helper()
	var list []string
	for _, name := range hostile {
		if !strings.Contains(name, "alert") {
			continue
		}
		doc := committed(t)
		crowdOf(doc, []string{name})
		save(t, dir, doc)
		if embedgen(t, dir, "check").status == 0 {
			list = append(list, name)
		}
	}
	return list
}

// crowdOf replaces Acme's channels by one per name, and names the tenant, guests and site alike.
func crowdOf(doc object, names []string) {
	var list []any
	for i, name := range names {
		list = append(list, object{
			"id": fmt.Sprintf("h%d", i), "name": name, "channelConfigId": fmt.Sprint(400000000000 + i), "load": "eager",
			"secretKey": object{"file": ".secrets/h"},
		})
	}
	acme := at(doc, "acme")
	acme["channels"], acme["name"] = list, names[0]
	at(doc, "site")["title"] = names[0]
	at(doc, "service")["guestName"] = object{"en": names[len(names)-1], "zh": "访客"}
}

func (d *dev) opens(t *testing.T, b *tab, id, name string) {
	b.t = t
	b.open(d.url + "acme/" + id + "/")
	b.icon()
	b.shows(name, 0)
	if got := eval[string](b, "userName"); !strings.Contains(got, "alert") {
		t.Errorf("userName is %q", got)
	}
	b.open(d.url + "docs/en/acme/" + id + ".html")
	b.shows(name, 0)
	b.clean()
}

func (d *dev) opensShared(t *testing.T, browser context.Context) {
	b := newVisitor(t, browser)
	for _, page := range []string{"", "docs/", "docs/en/acme/index.html", "docs/zh/acme/index.html", "docs/zh/acme/h0.html", "_embedgen/agent/", "_embedgen/requests", "_embedgen/demo/acme/h0"} {
		b.open(d.url + page)
		b.shows("alert", 3*time.Second)
	}
	b.clean()
}
