package devserver

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// Canaries in every field: nothing that lets somebody sign or go on in another's name is shown.
func TestSEC23TheInspectorMasks(t *testing.T) {
	p := startProject(t)
	jwt := "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMDAxMDAwMSJ9.c2lnbmF0dXJlLWNhbmFyeQ"
	hex := "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	ticket := "ticket-canary%3D"
	text := `Token: ` + jwt + `, {"Token":"` + jwt + `","thirdUserToken": "opaque-canary"} auth-v2/1/2026/x/` + hex + ` ccmessaging-token=` + ticket + "; embedgen-guest-acme=guest-canary"
	p.records(Entry{
		Time: time.Unix(0, 0).UTC(), From: text, To: text, What: text, Tenant: "acme", Channel: "web_support", User: text, Code: text, Reason: text,
		Stages: []Stage{{"canonicalRequest", text}, {"signingKey", "short-canary"}, {"Cookie", "a=b-canary"}, {"authorization", text}},
	})
	got := p.get("127.0.0.1", "/_embedgen/requests.json").body
	for _, canary := range []string{"canary", jwt[:20], hex[:16], "eyJzdWIi"} {
		if strings.Contains(got, canary) {
			t.Errorf("%q is in %s", canary, got)
		}
	}
	for _, want := range []string{"eyJhbGci…", "01234567…", "[redacted]", `"tenant":"acme"`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %s", want, got)
		}
	}
}

func TestDS18TheRingKeepsTheLast(t *testing.T) {
	p := startProject(t)
	for i := range kept + 7 {
		p.records(Entry{What: fmt.Sprint(i), Tenant: []string{"acme", "globex"}[i%2], Channel: "web_support", Status: 200})
	}
	list := func(host string) []Entry {
		var data struct{ Requests []Entry }
		if err := json.Unmarshal([]byte(p.get(host, "/_embedgen/requests.json").body), &data); err != nil {
			t.Fatal(err)
		}
		return data.Requests
	}
	all := list("127.0.0.1")
	if len(all) != kept || all[0].What != fmt.Sprint(kept+6) || all[kept-1].What != "7" || all[0].Number != kept+7 {
		t.Errorf("%d entries from %+v to %+v", len(all), all[0], all[len(all)-1])
	}
	for _, e := range list("acme.localhost") {
		if e.Tenant != "acme" {
			t.Fatalf("a tenant's host shows %+v", e)
		}
	}
}
