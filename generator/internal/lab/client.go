package lab

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// Response is an answer with its body read.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
}

// Server is a web server under test.
type Server struct {
	Addr string // host:port that it listens on
	TLS  bool
}

// Do sends one request exactly as written: the target is not cleaned and header lines
// ("Name: value") are sent as they are. Host is www.acme.example unless a line gives another.
func (s *Server) Do(t testing.TB, method, target, body string, lines ...string) Response {
	t.Helper()
	conn := s.Dial(t)
	defer conn.Close()
	head := requestHead(method, target, body, lines)
	_, unsent := io.WriteString(conn, head+body) // a server may answer before it has all
	answer, err := readResponse(bufio.NewReader(conn), method)
	if err != nil {
		t.Fatalf("%s %s: %v", method, target, errors.Join(unsent, err))
	}
	return answer
}

// Get is Do with GET and no body.
func (s *Server) Get(t testing.TB, target string, lines ...string) Response {
	t.Helper()
	return s.Do(t, "GET", target, "", lines...)
}

// Dial opens a connection that gives up after 30 seconds. It trusts any certificate.
func (s *Server) Dial(t testing.TB) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", s.Addr)
	if err != nil {
		t.Fatal(err)
	}
	conn.SetDeadline(time.Now().Add(30 * time.Second))
	if s.TLS {
		return tls.Client(conn, &tls.Config{ServerName: "www.acme.example", InsecureSkipVerify: true}) // a loopback test
	}
	return conn
}

// Port is the port of Addr.
func (s *Server) Port() string { return s.Addr[strings.LastIndexByte(s.Addr, ':')+1:] }

func requestHead(method, target, body string, lines []string) string {
	var head strings.Builder
	fmt.Fprintf(&head, "%s %s HTTP/1.1\r\n", method, target)
	has := func(name string) bool {
		for _, line := range lines {
			if got, _, _ := strings.Cut(line, ":"); strings.EqualFold(got, name) {
				return true
			}
		}
		return false
	}
	if !has("Host") {
		lines = append([]string{"Host: www.acme.example"}, lines...)
	}
	if body != "" && !has("Content-Length") && !has("Transfer-Encoding") {
		lines = append(lines, fmt.Sprintf("Content-Length: %d", len(body)))
	}
	if !has("Connection") {
		lines = append(lines, "Connection: close")
	}
	for _, line := range lines {
		head.WriteString(line + "\r\n")
	}
	return head.String() + "\r\n"
}

func readResponse(r *bufio.Reader, method string) (Response, error) {
	answer, err := http.ReadResponse(r, &http.Request{Method: method})
	if err != nil {
		return Response{}, err
	}
	defer answer.Body.Close()
	var body bytes.Buffer
	_, err = body.ReadFrom(answer.Body)
	return Response{Status: answer.StatusCode, Header: answer.Header, Body: body.Bytes()}, err
}
