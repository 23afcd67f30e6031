package chatauth

import (
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"sync"
	"testing"
	"time"

	"embedgen/generator/sign"
)

// TestOverTCP runs many visitors and CEC at once against a real server; with -race it looks for
// data races too.
func TestOverTCP(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	base := "http://" + listener.Addr().String()
	s := newTestService(t, func(o *Options) {
		o.Now = time.Now
		o.Limits = Limits{Peer: 10_000}
		o.Addresses = []Address{{Host: listener.Addr().String(), Origin: base, Tenants: []string{"acme", "globex"}}}
		o.Observe = func(Event) {}
	})
	server := NewServer(s, s.opt.Log)
	go server.Serve(listener)
	defer server.Close()

	var visitors sync.WaitGroup
	for range 8 {
		visitors.Go(func() { visit(t, base) })
	}
	visitors.Wait()
}

// visit is what a guest's page does, twice.
func visit(t *testing.T, base string) {
	jar, _ := cookiejar.New(nil)
	client := &http.Client{Jar: jar}
	first, id := authorizeOver(t, client, base)
	second, again := authorizeOver(t, client, base)
	if id == "" || again != id {
		t.Errorf("guest %q came back as %q", id, again)
	}
	for _, a := range []string{first, second} {
		err := sign.Verify(a, secrets["ACME_SUPPORT"], sign.Request{
			UserName: "访客", UserID: id, TenantSpaceID: acmeSpace, ChannelConfigID: acmeSupport,
		}, time.Now(), time.Minute)
		if err != nil {
			t.Error(err)
		}
	}
}

func authorizeOver(t *testing.T, client *http.Client, base string) (authorization, id string) {
	q, err := http.NewRequest("POST", base+signPath, strings.NewReader(supportBody))
	if err != nil {
		t.Error(err)
		return
	}
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
	q.Header.Set("Origin", base)
	r, err := client.Do(q)
	if err != nil {
		t.Error(err)
		return
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != 200 {
		t.Errorf("%d %s %v", r.StatusCode, text, err)
	}
	return string(text), r.Header.Get("Third-User-Id")
}

func BenchmarkAuthorize(b *testing.B) {
	s := newTestService(b, func(o *Options) { o.Limits.Peer = 1 << 40 })
	b.ReportAllocs()
	for b.Loop() {
		do(s, request{body: supportBody})
	}
}

func BenchmarkValidate(b *testing.B) {
	s := newTestService(b, func(o *Options) { o.Limits.Validation, o.Limits.TokenUses = 1<<40, 1<<40 })
	token := aliceToken(b, s)
	b.ReportAllocs()
	for b.Loop() {
		validateAlice(s, token)
	}
}
