package site_test

import (
	"slices"
	"testing"
	"testing/fstest"

	"embedgen/generator/config"
	"embedgen/generator/site"
)

const wayOut = `version: 1
defaults: {mode: token, cec: https://cec.example, fallback: "https://Help.acme.example:443/Contact?to=https://HELP.example#Form", csp: {inlineStyles: true, frameAncestors: [https://Portal.acme.example:0443, https://WWW.acme.example, https://b.acme.example:08443]}}
tenants:
  - id: acme
    tenantSpaceId: "202007159031"
    origin: https://www.acme.example:443
    channels:
      - {id: inherited, channelConfigId: "202102193196869708"}
      - {id: "off", channelConfigId: "202102193196869709", fallback: false, csp: {frameAncestors: []}}
      - {id: own, channelConfigId: "202102193196869710", fallback: "mailto:Help@acme.example?subject=A", csp: {frameAncestors: [https://c.acme.example]}}
      - {id: phone, channelConfigId: "202102193196869711", fallback: tel:95588}
      - {id: path, channelConfigId: "202102193196869712", fallback: "/Contact?to=https://HELP.example"}
environments:
  staging: {tenants: {acme: {origin: https://b.acme.example:8443}}}
`

// TestFallback holds what a channel inherits, what it takes back and how addresses are written;
// false and an empty list are values, and the tenant's own origin needs no mention.
func TestFallback(t *testing.T) {
	fsys := fstest.MapFS{"channels.yaml": {Data: []byte(wayOut)}}
	f, problems := config.Load(fsys, "channels.yaml")
	for environment, inherited := range map[string][]string{
		"":        {"https://portal.acme.example", "https://b.acme.example:8443"},
		"staging": {"https://portal.acme.example", "https://www.acme.example"},
	} {
		s, more := site.ResolveEnv(f, fsys, environment)
		if s == nil || len(problems)+len(more) > 0 {
			t.Fatal(problems, more)
		}
		for i, want := range []struct {
			fallback string
			frames   []string
		}{
			{"https://help.acme.example/Contact?to=https://HELP.example#Form", inherited},
			{"", nil},
			{"mailto:Help@acme.example?subject=A", []string{"https://c.acme.example"}},
			{"tel:95588", inherited},
			{"/Contact?to=https://HELP.example", inherited},
		} {
			c := s.Tenants[0].Channels[i]
			if c.Fallback != want.fallback || !slices.Equal(c.FrameAncestors, want.frames) || !c.InlineStyles {
				t.Errorf("%s in environment %q has %q and %q", c.ID, environment, c.Fallback, c.FrameAncestors)
			}
		}
		explained := map[string]string{}
		for _, x := range s.Explain("acme", "off") {
			explained[x.Key] = x.Value + " from " + x.Level + " " + x.Pos.String()
		}
		if got, want := explained["fallback"], "false from channel "+place(wayOut, "false, csp"); got != want {
			t.Errorf("fallback is %q, want %q", got, want)
		}
		if got, want := explained["csp.frameAncestors"], "[] from channel "+place(wayOut, "[]}"); got != want {
			t.Errorf("frameAncestors is %q, want %q", got, want)
		}
	}
}
