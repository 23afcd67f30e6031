package lab

import (
	"bufio"
	"context"
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// Request is one request as the fake CEC received it.
type Request struct {
	Method string
	Target string // the request target, byte for byte
	Proto  string
	Host   string
	Header http.Header
	Body   []byte
	SNI    string // server name of the TLS handshake; "" over plain http
	TLS    uint16 // version of the TLS connection; 0 over plain http
	Conn   int    // number of the connection, from 1
}

// CEC is a fake CEC on loopback. It answers 200 with "cec" until told otherwise, echoes the bytes
// of upgraded connections, and remembers every request.
type CEC struct {
	Addr string // host:port that it listens on
	Port string

	mu       sync.Mutex
	answer   http.HandlerFunc
	requests []Request
	conns    int
}

// CECOptions says how a fake CEC listens. The zero value is plain http on 127.0.0.1.
type CECOptions struct {
	Cert  *tls.Certificate // nil is plain http
	TLS13 bool             // refuse everything below TLS 1.3
	Addr  string           // default 127.0.0.1:0
}

type connKey struct{}

type connInfo struct {
	number int
	conn   net.Conn
}

// NewCEC starts a fake CEC and stops it when the test ends.
func NewCEC(t testing.TB, o CECOptions) *CEC {
	t.Helper()
	if o.Addr == "" {
		o.Addr = "127.0.0.1:0"
	}
	listener, err := net.Listen("tcp", o.Addr)
	if err != nil {
		t.Fatal(err)
	}
	c := &CEC{Addr: listener.Addr().String()}
	_, c.Port, _ = net.SplitHostPort(c.Addr)
	server := &http.Server{
		Handler:     http.HandlerFunc(c.serve),
		ConnContext: c.count,
		ErrorLog:    log.New(io.Discard, "", 0),
	}
	if o.Cert != nil {
		listener = tls.NewListener(listener, o.tlsConfig())
	}
	go server.Serve(listener)
	t.Cleanup(func() { server.Close() })
	return c
}

func (o CECOptions) tlsConfig() *tls.Config {
	config := &tls.Config{Certificates: []tls.Certificate{*o.Cert}, NextProtos: []string{"http/1.1"}}
	if o.TLS13 {
		config.MinVersion = tls.VersionTLS13
	}
	return config
}

// Answer sets what the CEC answers from now on.
func (c *CEC) Answer(h http.HandlerFunc) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.answer = h
}

// Requests returns what was asked since the last call.
func (c *CEC) Requests() []Request {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := c.requests
	c.requests = nil
	return out
}

// One returns the only request since the last call, and fails the test if there is another number.
func (c *CEC) One(t testing.TB) Request {
	t.Helper()
	all := c.Requests()
	if len(all) != 1 {
		t.Fatalf("the CEC got %d requests, want 1: %+v", len(all), all)
	}
	return all[0]
}

func (c *CEC) count(ctx context.Context, conn net.Conn) context.Context {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.conns++
	return context.WithValue(ctx, connKey{}, connInfo{c.conns, conn})
}

func (c *CEC) serve(w http.ResponseWriter, r *http.Request) {
	answer := c.record(r)
	switch {
	case upgrades(r):
		echo(w)
	case answer != nil:
		answer(w, r)
	default:
		io.WriteString(w, "cec")
	}
}

func (c *CEC) record(r *http.Request) http.HandlerFunc {
	info := r.Context().Value(connKey{}).(connInfo)
	seen := Request{
		Method: r.Method, Target: r.RequestURI, Proto: r.Proto, Host: r.Host,
		Header: r.Header.Clone(), Conn: info.number,
	}
	if r.TLS != nil {
		seen.SNI, seen.TLS = r.TLS.ServerName, r.TLS.Version
	}
	c.mu.Lock()
	streams := c.answer != nil
	c.mu.Unlock()
	if !streams { // an answer of the test's reads the body itself
		seen.Body, _ = io.ReadAll(r.Body)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.requests = append(c.requests, seen)
	return c.answer
}

// upgrades reports whether a request asks for a WebSocket, as RFC 9110 section 7.8 has it.
func upgrades(r *http.Request) bool {
	return strings.EqualFold(r.Header.Get("Upgrade"), "websocket") && strings.EqualFold(r.Header.Get("Connection"), "upgrade")
}

// echo accepts an upgrade and sends back every line that it reads.
func echo(w http.ResponseWriter) {
	conn, rw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer conn.Close()
	io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
	lines := bufio.NewScanner(rw)
	for lines.Scan() {
		io.WriteString(conn, lines.Text()+"\n")
	}
}
