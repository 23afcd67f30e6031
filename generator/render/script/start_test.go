package script_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"embedgen/generator/site"
)

var modes = []site.Mode{site.Authorization, site.TokenMode}

func TestEM1OneTag(t *testing.T) {
	tests := map[string]func(ch *site.Channel) string{
		"in the head":        func(ch *site.Channel) string { return "<head>" + embedTag(ch, "") + "</head><body>" },
		"async in the head":  func(ch *site.Channel) string { return "<head>" + embedTag(ch, "async") + "</head><body>" },
		"deferred":           func(ch *site.Channel) string { return "<head>" + embedTag(ch, "defer") + "</head><body>" },
		"at the end of body": func(ch *site.Channel) string { return "<body><p>x</p>" + embedTag(ch, "") },
		"injected late": func(ch *site.Channel) string {
			return `<body><script>onload = () => setTimeout(() => {
				const s = document.createElement('script');
				s.src = '` + ch.Tenant.Origin + `/acme/` + ch.ID + `/embed.js';
				document.body.append(s);
			}, 100)</script>`
		},
		"before a slow page": func(ch *site.Channel) string {
			return "<head>" + embedTag(ch, "async") + "<script src=/slow.js></script></head><body>"
		},
	}
	for _, mode := range modes {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.handle("/slow.js", func(rw http.ResponseWriter, _ *http.Request) {
				time.Sleep(500 * time.Millisecond)
				writeScript(rw, "")
			})
			ch := w.channel(mode)
			b := newTab(t, "")
			for name, html := range tests {
				b.named(name, func() {
					b.open(w.page("/foreign", "<!doctype html><title>x</title>"+html(ch)))
					b.wait("document.getElementById('cec-icon')")
					b.want("cecRuns", 1)
					b.clean()
					b.open("about:blank")
				})
			}
		})
	}
}

func TestEM1IntegrationPage(t *testing.T) {
	for _, mode := range modes {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			b := newTab(t, "")
			b.open(w.origin + "/acme/" + w.channel(mode).ID + "/")
			b.wait("document.getElementById('cec-icon')")
			b.clean()
		})
	}
}

// hostile are user names that break out of carelessly written script, markup, templates or nginx.
var hostile = []string{
	`"};alert(1)//`, `</script><script>alert(1)</script>`, `<!--<script>`, `{{.}}`, `$host;}`, `'+alert(1)+'`,
	"\u2028alert(1)\u2029", `\u0022;alert(1)//`, "张三 \U0001F600", `__proto__`, "a\nb",
}

// cecGlobals are the globals of cec-contract section 1, by mode.
var cecGlobals = map[site.Mode][]string{
	site.Authorization: {"$", "$ContextPath", "$aicc_ContextPath", "configId", "importScript", "locale", "tenantSpaceId",
		"thirdUserData", "userId", "userName"},
	site.TokenMode: {"$", "$ContextPath", "$aicc_ContextPath", "configId", "importScript", "locale", "tenantSpaceId",
		"thirdUserData", "thirdValidate", "token", "userId", "userName"},
}

func TestEM2Globals(t *testing.T) {
	for _, mode := range modes {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			ch := w.channel(mode, func(ch *site.Channel) { ch.Cobrowse = site.CobrowseOff })
			w.answer(oldClient, 200, "text/javascript", "thirdValidate(thirdUserData)")
			w.answer(newClient, 200, "text/javascript", "document.body.append('CEC')")
			// The page's own keys are noted before our tag; the recorder's two are its own.
			b := newTab(t, "")
			b.open(w.page("/foreign", "<!doctype html><title>x</title>"+recorder+
				"<script>window.before = null; before = Object.keys(window)</script><body>"+embedTag(ch, "async")))
			b.wait("window.userId")
			want := slices.Clone(cecGlobals[mode])
			slices.Sort(want)
			b.want("Object.keys(window).filter((k) => !before.includes(k)).sort()", want)
			b.want("Object.keys(window).length - before.length", len(want))
			b.want("Object.keys(window).filter((k) => !before.includes(k)).every((k) => 'value' in Object.getOwnPropertyDescriptor(window, k))", true)

			b.want("$ContextPath", w.origin+"/service-cloud")
			b.want("$aicc_ContextPath", w.origin+"/service-cloud/")
			b.want("[configId, tenantSpaceId, locale]", []string{ch.ChannelConfigID, "202007159031", ch.Locale})
			b.want("typeof $.ajax", "function")
			b.clean()
		})
	}
}

func TestEM2HostileUserName(t *testing.T) {
	for _, mode := range modes {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			ch := w.channel(mode)
			b := newTab(t, "")
			for _, name := range hostile {
				w.handle(ch.Tenant.Endpoints.Authorization, func(rw http.ResponseWriter, _ *http.Request) {
					writeJSON(rw, map[string]string{"thirdPartAuthorization": name, "thirdUserId": name, "thirdUserName": name})
				})
				w.handle(ch.Tenant.Endpoints.Token, func(rw http.ResponseWriter, _ *http.Request) {
					writeJSON(rw, map[string]string{"thirdUserToken": name, "thirdUserId": name, "thirdUserName": name})
				})
				b.open("about:blank")
				b.open(w.foreign(ch, ""))
				b.wait("cecRuns === 1")
				b.want("[userId, userName, thirdUserData.thirdUserName]", []string{name, name, name})
			}
			b.clean()
		})
	}
}

func TestEM2RequestsFollowTheContract(t *testing.T) {
	for _, mode := range modes {
		for _, direct := range []bool{false, true} {
			t.Run(string(mode)+map[bool]string{true: " direct"}[direct], func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				ch := w.channel(mode, func(ch *site.Channel) { ch.Cobrowse = site.CobrowseOff })
				paths := []string{sign, newClient}
				if mode == site.TokenMode {
					paths = []string{token, oldClient, newClient}
				}
				if direct {
					w.direct(ch)
				}
				b := newTab(t, "")
				b.open(w.foreign(ch, ""))
				b.wait("events.includes('ready')")
				b.clean()

				calls := w.calls()
				if got := pathsOf(calls); !slices.Equal(got, paths) {
					t.Fatalf("calls are %v, want %v", got, paths)
				}
				checkOwnCall(t, ch, calls[0])
				for _, call := range calls[1:] {
					checkCECCall(t, ch, call)
				}
			})
		}
	}
}

func pathsOf(calls []request) []string {
	var paths []string
	for _, c := range calls {
		paths = append(paths, c.Path)
	}
	return paths
}

// checkOwnCall checks the call to the tenant's endpoint.
func checkOwnCall(t *testing.T, ch *site.Channel, r request) {
	t.Helper()
	body := decode(t, r)
	want := map[string]any{"tenantSpaceId": "202007159031", "channelConfigId": ch.ChannelConfigID}
	if ch.Mode == site.Authorization {
		want["locale"], want["mapService"], want["timestamp"] = ch.Locale, ch.MapService, body["timestamp"]
	}
	equal(t, r.Path, body, want)
	if r.Header.Get("Content-Type") != "application/json" || r.Header.Get("Accept") != "application/json" {
		t.Errorf("%s has type %q, accepts %q", r.Path, r.Header.Get("Content-Type"), r.Header.Get("Accept"))
	}
}

// checkCECCall checks a call against cec-contract section 2.
func checkCECCall(t *testing.T, ch *site.Channel, r request) {
	t.Helper()
	body := decode(t, r)
	want := map[string]any{
		"tenantSpaceId": "202007159031", "channelConfigId": ch.ChannelConfigID,
		"locale": ch.Locale, "mapService": ch.MapService, "timestamp": body["timestamp"],
	}
	if ch.Mode == site.TokenMode {
		want["thirdUserToken"], want["thirdUserId"], want["thirdUserName"] = "t0ken", "u1", "Ann"
	} else {
		want["thirdPartAuthorization"], want["thirdUserId"], want["thirdUserName"] = "auth-v2/1/2/3/4", "guest-1", "Guest"
	}
	equal(t, r.Path, body, want)
	if ms, ok := body["timestamp"].(float64); !ok || time.Since(time.UnixMilli(int64(ms))).Abs() > time.Minute {
		t.Errorf("timestamp is %v, want epoch milliseconds", body["timestamp"])
	}
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		t.Errorf("%s has type %q", r.Path, r.Header.Get("Content-Type"))
	}
	if q, _ := url.ParseQuery(r.Query); len(q) != 1 || !regexp.MustCompile(`^\d{13}$`).MatchString(q.Get("t")) {
		t.Errorf("%s has query %q, want t=<epoch milliseconds>", r.Path, r.Query)
	}
}

func decode(t *testing.T, r request) map[string]any {
	t.Helper()
	var body map[string]any
	if err := json.Unmarshal([]byte(r.Body), &body); err != nil {
		t.Fatalf("%s: %v in %q", r.Path, err, r.Body)
	}
	return body
}

func equal(t *testing.T, what string, got, want map[string]any) {
	t.Helper()
	a, _ := json.Marshal(got)
	b, _ := json.Marshal(want)
	if string(a) != string(b) {
		t.Errorf("%s:\ngot  %s\nwant %s", what, a, b)
	}
}

func TestEM2CookiesTravel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ch := w.channel(site.TokenMode)
	w.direct(ch)
	w.handle(oldClient, func(rw http.ResponseWriter, _ *http.Request) {
		http.SetCookie(rw, &http.Cookie{Name: "session", Value: "1", Path: "/", HttpOnly: true})
		writeScript(rw, validateScript)
	})
	b := newTab(t, "")
	b.open(w.foreign(ch, ""))
	b.wait("events.includes('ready')")
	if got := w.callsTo(newClient)[0].Header.Get("Cookie"); !strings.Contains(got, "session=1") {
		t.Errorf("CEC got cookies %q", got)
	}
	b.clean()
}
