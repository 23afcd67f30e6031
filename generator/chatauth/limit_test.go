package chatauth

import (
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"
)

func limits(l Limits) func(*Options) {
	return func(o *Options) {
		o.Now = time.Now // of the synctest bubble
		o.Limits = l
	}
}

func TestSEC7PerPeer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newTestService(t, limits(Limits{Window: time.Minute, Peer: 3}))
		ask := func(peer string) reply { return do(s, request{body: supportBody, peer: peer}) }
		for range 3 {
			ask("192.0.2.1:1").want(t, 200, "")
		}
		r := ask("192.0.2.1:2") // another port is the same peer
		r.want(t, 429, "rate_limited")
		ask("192.0.2.2:1").want(t, 200, "")
		do(s, request{path: tokenPath, body: names(acmeSpace, acmePrivate)}).want(t, 429, "rate_limited") // both endpoints together

		wait, err := strconv.Atoi(r.Header().Get("Retry-After"))
		if err != nil || wait < 1 || wait > 64 {
			t.Fatalf("Retry-After %q", r.Header().Get("Retry-After"))
		}
		time.Sleep(time.Duration(wait) * time.Second)
		ask("192.0.2.1:1").want(t, 200, "")
	})
}

// A malformed request counts; one that a foreign page makes a visitor send does not.
func TestSEC7WhatCounts(t *testing.T) {
	s := newTestService(t, func(o *Options) { o.Limits.Peer = 2 })
	for range 5 {
		do(s, request{body: supportBody, header: map[string]string{"Origin": "https://evil.example"}}).want(t, 403, "origin_not_allowed")
	}
	do(s, request{body: "{"}).want(t, 400, "malformed_body")
	do(s, request{body: supportBody}).want(t, 200, "")
	do(s, request{body: supportBody}).want(t, 429, "rate_limited")
}

func TestSEC7PerSession(t *testing.T) {
	s := newTestService(t, func(o *Options) { o.Limits.Session = 2 })
	guest := do(s, request{body: supportBody}).Result().Cookies()
	for n := range 4 {
		peer := fmt.Sprintf("192.0.2.%d:1", n)
		r := do(s, request{body: supportBody, peer: peer, cookies: guest})
		token := do(s, request{path: tokenPath, body: names(acmeSpace, acmePrivate), peer: peer})
		if want := map[bool]int{true: 200, false: 429}[n < 2]; r.Code != want || token.Code != want {
			t.Errorf("request %d: got %d and %d, want %d", n, r.Code, token.Code, want)
		}
	}
	do(s, request{body: supportBody}).want(t, 200, "") // a new guest
}

func TestSEC7Validation(t *testing.T) {
	s := newTestService(t, func(o *Options) { o.Limits.Validation = 2 })
	for range 2 {
		validateAlice(s, "x").wantRetCode(t, 200, retRefused)
	}
	r := validateAlice(s, "x")
	r.wantRetCode(t, 429, retMalformed)
	if r.Header().Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
}

func TestSEC7ForwardedFor(t *testing.T) {
	for _, c := range []struct {
		name      string
		peer      string
		forwarded [][]string // of successive requests
		want      []string   // the peers that count
	}{
		{"not from a proxy", "192.0.2.9:1", [][]string{{"1.1.1.1"}, {"2.2.2.2"}}, []string{"192.0.2.9", "192.0.2.9"}},
		{"forged on the left", "127.0.0.1:1", [][]string{{"1.1.1.1, 192.0.2.7"}, {"2.2.2.2,192.0.2.7"}, {"3.3.3.3", "192.0.2.7"}}, []string{"192.0.2.7", "192.0.2.7", "192.0.2.7"}},
		{"two proxies", "127.0.0.1:1", [][]string{{"9.9.9.9, 192.0.2.7, 127.0.0.1"}}, []string{"192.0.2.7"}},
		{"all trusted", "127.0.0.1:1", [][]string{{"127.0.0.1"}}, []string{"127.0.0.1"}},
		{"none", "127.0.0.1:1", [][]string{nil}, []string{"127.0.0.1"}},
		{"garbage", "127.0.0.1:1", [][]string{{"192.0.2.7, unknown"}, {"x"}, {""}, {","}}, []string{"127.0.0.1", "127.0.0.1", "127.0.0.1", "127.0.0.1"}},
		{"mapped", "[::ffff:127.0.0.1]:1", [][]string{{"::ffff:192.0.2.7"}}, []string{"192.0.2.7"}},
		{"IPv6", "127.0.0.1:1", [][]string{{"2001:db8:1:2:3::4"}, {"2001:db8:1:2:ffff::"}}, []string{"2001:db8:1:2::/64", "2001:db8:1:2::/64"}},
		{"socket", "@", [][]string{{"192.0.2.7"}}, []string{"invalid IP"}},
	} {
		s := newTestService(t)
		for i, lines := range c.forwarded {
			q := request{peer: c.peer}.http()
			q.Header["X-Forwarded-For"] = lines
			if got := (&call{Service: s, r: q}).peer(); got != c.want[i] {
				t.Errorf("%s %q: got %q, want %q", c.name, lines, got, c.want[i])
			}
		}
	}
}

// No N+1 passes fall into any window, wherever it starts; and after a window of silence all N are
// there again.
func TestSEC7Limiter(t *testing.T) {
	const n, window = 5, 16 * time.Second
	now := instant
	l := newLimiter(n, window, 10, now)
	var passes []time.Time
	for range 20_000 {
		now = now.Add(137 * time.Millisecond)
		if l.take("k", now) == 0 {
			passes = append(passes, now)
		}
	}
	for i := n; i < len(passes); i++ {
		if d := passes[i].Sub(passes[i-n]); d < window {
			t.Fatalf("%d passes within %v", n+1, d)
		}
	}
	if least := int(20_000*137*time.Millisecond/(window+window/slots)) * n; len(passes) < least {
		t.Errorf("%d passes, want at least %d", len(passes), least)
	}
	now = now.Add(window + window/slots)
	for range n {
		if wait := l.take("k", now); wait != 0 {
			t.Fatalf("must wait %v after a window of silence", wait)
		}
	}
	wait := l.take("k", now)
	if l.take("k", now.Add(wait-1)) == 0 || l.take("k", now.Add(wait)) != 0 {
		t.Errorf("Retry-After %v is wrong", wait)
	}
	for l.take("k", now) == 0 {
	}
	for _, back := range []time.Duration{time.Second, time.Hour, 1e6 * time.Hour} {
		if l.take("k", now.Add(-back)) == 0 {
			t.Errorf("a clock that goes back %v lets more pass", back)
		}
	}
}

func TestSEC7KeysAreBounded(t *testing.T) {
	l := newLimiter(1, time.Minute, 100, instant)
	for i := range 1000 {
		l.take("mine", instant)
		l.take(strconv.Itoa(i), instant)
	}
	if l.recent.Len() != 100 || len(l.byKey) != 100 {
		t.Errorf("%d and %d keys", l.recent.Len(), len(l.byKey))
	}
	if l.take("mine", instant) == 0 {
		t.Error("a key that keeps asking is forgotten")
	}
}

func TestNewServerHasLimits(t *testing.T) {
	s := NewServer(http.NotFoundHandler(), newTestService(t).opt.Log)
	if s.ReadHeaderTimeout == 0 || s.ReadTimeout == 0 || s.WriteTimeout == 0 || s.IdleTimeout == 0 || s.MaxHeaderBytes == 0 || s.Handler == nil {
		t.Errorf("%+v", s)
	}
}

func BenchmarkLimiter(b *testing.B) {
	l := newLimiter(1<<30, time.Minute, 10_000, instant)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			l.take("192.0.2.1", instant)
		}
	})
}
