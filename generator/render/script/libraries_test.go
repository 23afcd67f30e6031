package script_test

import (
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"embedgen/generator/internal/lab"
	"embedgen/generator/site"
)

// npm reads a file of an npm package.
func (w *world) npm(name string) string {
	w.t.Helper()
	text, err := os.ReadFile(lab.Package(w.t, name))
	if err != nil {
		w.t.Fatal(err)
	}
	return string(text)
}

const (
	realJQuery = "jquery/dist/jquery.min.js"
	realAxios  = "axios/dist/axios.min.js"
)

// TestEM7StandIns: with no library at all, CEC's scripts find both names of jQuery, and axios in token mode.
func TestEM7StandIns(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.answer("/json", 200, "application/json", `{"a": 1}`)
	w.answer("/bad", 500, "text/plain", "broken")
	w.answer("/script", 200, "text/javascript", "window.scriptRuns = (window.scriptRuns || 0) + 1")
	w.handle("/echo", func(rw http.ResponseWriter, r *http.Request) {
		calls := w.callsAt("/echo", r.Method)
		writeJSON(rw, map[string]string{"method": r.Method, "query": r.URL.RawQuery, "type": r.Header.Get("Content-Type"), "x": r.Header.Get("X-A"), "body": calls[len(calls)-1].Body})
	})
	w.handle("/slow", hang)
	b := newTab(t, "")
	b.open(w.foreign(w.channel(site.TokenMode), ""))
	b.wait("events.includes('ready')")
	b.want("[jQuery === $, Object.keys(window).filter((k) => /jQuery|axios/.test(k))]", []any{true, []string{}})

	echo := func(method, query, contentType, x, body string) map[string]string {
		return map[string]string{"method": method, "query": query, "type": contentType, "x": x, "body": body}
	}
	const form = "application/x-www-form-urlencoded"
	for expression, want := range map[string]any{
		`$.ajax({ url: '/echo', method: 'POST', data: { a: 'x y', b: '&' }, headers: { 'X-A': '1' } })`:        echo("POST", "", form+"; charset=UTF-8", "1", "a=x+y&b=%26"),
		`$.ajax({ url: '/echo', type: 'put', data: '{}', contentType: 'application/json', dataType: 'json' })`: echo("PUT", "", "application/json", "", "{}"),
		`jQuery.get('/echo', { q: 1 })`:                                    echo("GET", "q=1", "", "", ""),
		`new Promise((done) => jQuery.post('/echo', 'x=1', done, 'json'))`: echo("POST", "", form+"; charset=UTF-8", "", "x=1"),
		`new Promise((done) => $.get('/json', done))`:                      map[string]int{"a": 1},
		`$.extend({ a: 1 }, { b: 2 })`:                                     map[string]int{"a": 1, "b": 2},
		`$.extend(true, { a: 1 }, { b: 2 })`:                               map[string]int{"a": 1, "b": 2},
		`$.ajax({ url: '/script', dataType: 'text' }).then(() => window.scriptRuns).then((n) => $.ajax({ url: '/script', dataType: 'script' }).then(() => [n, scriptRuns]))`: []any{nil, 1},
		`new Promise((done) => $.ajax({ url: '/json', complete: (x, s) => done([x.status, s]) }))`:                                                                           []any{200, "success"},
		`new Promise((done) => $.ajax({ url: '/json', context: { c: 1 }, success() { done(this.c) } }))`:                                                                     1,
		`new Promise((done) => $.ajax({ url: '/slow', timeout: 50, error: (x, s) => done(s) }))`:                                                                             "timeout",
		`new Promise((done) => $.ajax({ url: '/json', beforeSend: () => false }).fail((x, s) => done(s)))`:                                                                   "canceled",
		`new Promise((done) => $.ajax({ url: '/json', beforeSend(x) { done(typeof x.setRequestHeader) } }))`:                                                                 "function",
		`$.ajax('/bad').catch((x) => x.status)`:                                                           500,
		`axios.get('/json').then(({ data, status, headers }) => [data, status, headers['content-type']])`: []any{map[string]int{"a": 1}, 200, "application/json"},
		`axios.post('/echo', { a: 1 }).then((r) => r.data)`:                                               echo("POST", "", "application/json", "", `{"a":1}`),
		`axios.post('/echo', 'a=1', { headers: { 'X-A': 2 } }).then((r) => r.data)`:                       echo("POST", "", form, "2", "a=1"),
		`axios({ url: '/echo', params: { a: 'x y', b: null } }).then((r) => r.data)`:                      echo("GET", "a=x+y", "", "", ""),
		`axios.create({ baseURL: '/ec', headers: { 'X-A': 3 } }).put('ho', 'x').then((r) => r.data)`:      echo("PUT", "", form, "3", "x"),
		`axios.get('/bad').catch((e) => [e.response.status, e.response.data, e.message, e.isAxiosError])`: []any{500, "broken", "Request failed with status code 500", true},
		`axios.get('/slow', { timeout: 50 }).catch((e) => e.code)`:                                        "ECONNABORTED",
		`axios.get('http://127.0.0.1:1/').catch((e) => [e.message, e.response])`:                          []any{"Network Error", nil},
	} {
		b.want(expression, want)
	}
	b.eval("EmbedChat('destroy')")
	b.want("['$', 'jQuery', 'axios'].filter((k) => k in window)", []string{})
	b.clean("500", "ERR_")
}

// TestEM7StandInsAreAlike: what the stand-ins answer is what the libraries answer.
func TestEM7StandInsAreAlike(t *testing.T) {
	t.Parallel()
	const probe = `(async () => [
		await $.ajax({ url: '/json' }), await $.get('/json', { q: 1 }),
		await new Promise((done) => $.ajax({ url: '/bad', error: (x, s) => done([x.status, s]) })),
		await new Promise((done) => $.ajax({ url: '/text', method: 'POST', data: { a: 1 }, complete: (x, s) => done([x.responseText, s]) })),
		await new Promise((done) => $.ajax('/text').always((d, s) => done([d, s]))),
		(({ data, status }) => [data, status])(await axios.post('/json', { a: 1 })),
		await axios.get('/bad').catch((e) => [e.message, e.response.status, e.code, e.isAxiosError]),
	])()`
	var answers []string
	for _, loaded := range []bool{true, false} {
		w := newWorld(t)
		ch := w.channel(site.TokenMode)
		w.answer("/json", 200, "application/json", `{"a": 1}`)
		w.answer("/text", 200, "text/plain", "plain")
		w.answer("/bad", 500, "text/plain", "broken")
		if loaded {
			w.library(ch, "jquery", w.npm(realJQuery), "")
			w.library(ch, "axios", w.npm(realAxios), "")
		}
		b := newTab(t, "")
		b.open(w.foreign(ch, ""))
		b.wait("events.includes('ready')")
		b.want("[!!$.fn, !!axios.interceptors]", []bool{loaded, loaded})
		answers = append(answers, b.eval(probe))
		b.eval("EmbedChat('destroy')")
		b.want("['$', 'jQuery', 'axios'].filter((k) => window[k] !== undefined)", []string{})
		b.clean("500")
	}
	if answers[0] != answers[1] {
		t.Errorf("libraries: %s\nstand-ins: %s", answers[0], answers[1])
	}
}

// A library of the page that comes while ours is under way, or later, is the page's from then on.
func TestEM7LateLibraryOfThePage(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		ours  bool
		delay int // in ms after our tag
	}{
		"with ours under way": {true, 100}, "after ours": {true, 600}, "beside the stand-in": {false, 100}, "after the stand-in": {false, 600},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			ch := w.channel(site.TokenMode)
			if test.ours {
				for _, l := range []string{"jquery", "axios"} {
					text := w.npm(map[string]string{"jquery": realJQuery, "axios": realAxios}[l])
					w.library(ch, l, text, "")
					w.handle("/acme/assets/"+l+".js", func(rw http.ResponseWriter, _ *http.Request) {
						time.Sleep(300 * time.Millisecond)
						writeScript(rw, text)
					})
				}
			}
			w.answer("/late.js", 200, "text/javascript", w.npm(realJQuery)+"\n;"+w.npm(realAxios)+"\n;jQuery.its = axios.its = 1")
			b := newTab(t, "")
			b.open(w.foreign(ch, "<script>setTimeout(() => document.head.append(Object.assign(document.createElement('script'), { src: '/late.js', onload() { window.late = [jQuery, axios] } })), "+
				map[int]string{100: "100", 600: "600"}[test.delay]+")</script>"))
			b.wait("window.late && events.includes('ready')")
			b.want("[$ === late[0], jQuery === late[0], $.its]", []any{true, true, 1})
			b.want("typeof axios.get", "function")
			b.eval("EmbedChat('destroy')")
			b.want("[$ === late[0], jQuery === late[0]]", []any{true, true})
			if test.delay == 600 {
				b.want("axios === late[1]", true)
			}
			b.clean()
		})
	}
}

// An AMD loader on the page gets no module of ours, and ours are global all the same.
func TestEM7AMDLoader(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ch := w.channel(site.TokenMode)
	w.library(ch, "jquery", w.npm(realJQuery), "")
	w.library(ch, "axios", w.npm(realAxios), "")
	b := newTab(t, "")
	b.open(w.foreign(ch, "<script>var defined = 0; function define() { defined++ } define.amd = { jQuery: true }</script>"))
	b.wait("events.includes('ready')")
	b.want("[defined, define.amd.jQuery, !!$.fn, !!axios.interceptors]", []any{0, true, true, true})
	b.eval("EmbedChat('destroy')")
	b.want("[define.amd, 'get' in Object.getOwnPropertyDescriptor(define, 'amd'), window.axios]", []any{map[string]bool{"jQuery": true}, false, nil})
	b.clean()
}

// A function $ of the page's own, which is not jQuery, stays what it is; CEC's scripts find $.ajax on it.
func TestEM7OtherDollar(t *testing.T) {
	t.Parallel()
	for _, loaded := range []bool{true, false} {
		w := newWorld(t)
		ch := w.channel(site.Authorization)
		if loaded {
			w.library(ch, "jquery", w.npm(realJQuery), "")
		}
		w.answer(newClient, 200, "text/javascript", "$.ajax({ url: '/json', success: function (d) { window.got = d; "+icon+" } })")
		w.answer("/json", 200, "application/json", `{"a": 1}`)
		b := newTab(t, "")
		b.open(w.foreign(ch, "<h2>Shop</h2><script>window.$ = (s) => document.querySelector(s); window.mine = $</script>"))
		b.wait("events.includes('ready')")
		b.want("[got, $ === mine, $('h2').textContent, typeof jQuery.ajax]", []any{map[string]int{"a": 1}, true, "Shop", "function"})
		b.eval("EmbedChat('destroy')")
		b.want("[$ === mine, Object.keys($), $.ajax, window.jQuery]", []any{true, []string{}, nil, nil})
		b.clean()
	}
}

// Consent that is withdrawn while libraries are under way leaves none of them.
func TestEM6WithdrawalWhileLibrariesLoad(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ch := w.channel(site.TokenMode)
	w.library(ch, "jquery", w.npm(realJQuery), "")
	arrived := make(chan bool)
	w.handle("/acme/assets/jquery.js", func(rw http.ResponseWriter, _ *http.Request) {
		<-arrived
		writeScript(rw, w.npm(realJQuery))
	})
	b := newTab(t, "")
	b.open(w.foreign(ch, ""))
	for deadline := time.Now().Add(5 * time.Second); w.count("/acme/assets/jquery.js") == 0 && time.Now().Before(deadline); {
		time.Sleep(10 * time.Millisecond)
	}
	b.eval("EmbedChat('consent', false)")
	close(arrived)
	time.Sleep(200 * time.Millisecond)
	b.want("['$', 'jQuery', 'axios', 'userId'].filter((k) => k in window)", []string{})
	b.clean()
}

// Where the co-browsing extension has brought cobrowse.js, it does not run again; what the extension does not bring is loaded.
func TestCobrowseBesideTheExtension(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ch := w.channel(site.Authorization, func(ch *site.Channel) { ch.Cobrowse = site.CobrowseScripts })
	b := newTab(t, "")
	b.open(w.foreign(ch, "<script src='"+strings.Replace(w.origin, "www", "cec", 1)+"/service-cloud/resource.root/cobrowse/sdk/cobrowse.js'></script>"))
	b.wait("events.includes('ready')")
	b.want("cobrowse", " cobrowse.js cobrowseCommon.js")
	b.clean()
}
