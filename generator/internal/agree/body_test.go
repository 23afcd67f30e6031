package agree

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"
)

// head is the start of a request on an open connection.
func (s *server) head(method, target string, lines ...string) string {
	return method + " " + target + " HTTP/1.1\r\nHost: " + s.host + "\r\n" + strings.Join(lines, "\r\n") + "\r\n\r\n"
}

// TestNG5DS19WebSocket: an upgrade to WebSocket passes, in any case, and no other.
func TestNG5DS19WebSocket(t *testing.T) {
	through(t, func(t *testing.T, s *server) {
		conn := s.Dial(t)
		defer conn.Close()
		io.WriteString(conn, s.head("GET", "/service-cloud/ws", "Connection: keep-alive, Upgrade", "Upgrade: WebSocket"))
		r := bufio.NewReader(conn)
		answer, err := http.ReadResponse(r, nil)
		if err != nil || answer.StatusCode != 101 {
			t.Fatalf("%v %v, want 101", answer, err)
		}
		for _, text := range []string{"one\n", "two\n"} {
			io.WriteString(conn, text)
			if got, err := r.ReadString('\n'); got != text {
				t.Fatalf("echo %q %v, want %q", got, err, text)
			}
		}
		s.acme.Requests()
		for _, lines := range [][]string{
			{"Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA"},
			{"Connection: Upgrade", "Upgrade: websocket, h2c"},
			{"Connection: Upgrade", "Upgrade: connect-udp"},
		} {
			s.get("/service-cloud/x", append(lines, "X-Close: 1")...)
			for _, asked := range s.acme.Requests() {
				if len(asked.Header["Upgrade"]) != 0 {
					t.Errorf("%s reaches CEC as %q", lines[1], asked.Header["Upgrade"])
				}
			}
		}
	})
}

// TestNG10DS19Limit: 15 MB pass, in both forms of framing, and 25 MB do not.
func TestNG10DS19Limit(t *testing.T) {
	through(t, func(t *testing.T, s *server) {
		received := make(chan int64, 10)
		s.both(func(w http.ResponseWriter, r *http.Request) {
			n, err := io.Copy(io.Discard, r.Body)
			if err == nil {
				received <- n
			}
		})
		for size, want := range map[int]int{1: 200, 15 << 20: 200, 25 << 20: 413} {
			status := s.upload(size)
			if status != want {
				t.Errorf("%d bytes: %d, want %d", size, status, want)
			}
			if want != 200 {
				continue
			}
			if got := <-received; got != int64(size) {
				t.Errorf("%d of %d bytes arrive", got, size)
			}
		}
		if len(received) != 0 {
			t.Error("CEC took a body that is too large")
		}
	})
}

// upload posts as many bytes, and stops sending when it is answered. A server that closes without
// having read all resets the connection, and the reset may overtake its answer: then once more.
func (s *server) upload(size int) int {
	s.t.Helper()
	var err error
	for range 5 {
		var status int
		if status, err = s.tryUpload(size); err == nil {
			return status
		}
		if !errors.Is(err, syscall.ECONNRESET) {
			break
		}
	}
	s.t.Fatal(err)
	return 0
}

func (s *server) tryUpload(size int) (int, error) {
	conn := s.Dial(s.t)
	defer conn.Close()
	io.WriteString(conn, s.head("POST", "/service-cloud/upload", "Content-Type: image/png", fmt.Sprint("Content-Length: ", size)))
	go func() {
		chunk := make([]byte, 64<<10)
		for left := size; left > 0; {
			n, err := conn.Write(chunk[:min(left, len(chunk))])
			if err != nil {
				return
			}
			left -= n
		}
	}()
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return 0, err
	}
	return answer.StatusCode, nil
}

// TestNG10DS19Chunked: a body without a length arrives whole, and its trailer smuggles nothing.
func TestNG10DS19Chunked(t *testing.T) {
	through(t, func(t *testing.T, s *server) {
		body := "5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nX-Real-IP: 6.6.6.6\r\n\r\n"
		s.send("POST", "/service-cloud/x", body, "Transfer-Encoding: chunked", "Trailer: X-Real-IP")
		got := s.acme.One(t)
		if string(got.Body) != "hello world" || strings.Join(got.Header.Values("X-Real-IP"), "|") != "127.0.0.1" {
			t.Errorf("%q, X-Real-IP %q", got.Body, got.Header.Values("X-Real-IP"))
		}
	})
}

// TestNG2DS19Smuggling: framing on which two servers may disagree is refused, or made unambiguous:
// never does a second request reach CEC.
func TestNG2DS19Smuggling(t *testing.T) {
	hidden := "GET /admin HTTP/1.1\r\nHost: x\r\n\r\n"
	through(t, func(t *testing.T, s *server) {
		for _, lines := range [][]string{
			{"Content-Length: 5", "Transfer-Encoding: chunked"},
			{"Transfer-Encoding: chunked", "Content-Length: 5"},
			{"Content-Length: 5", "Content-Length: 6"},
			{"Content-Length: +5"},
			{"Content-Length: 5, 5"},
			{"Transfer-Encoding: xchunked"},
			{"Transfer-Encoding: chunked, identity"},
			{"Transfer-Encoding : chunked"},
			{"Transfer-Encoding: chunked", "Transfer-Encoding: identity"},
			{"Content-Length: 0", " Transfer-Encoding: chunked"},
		} {
			conn := s.Dial(t)
			io.WriteString(conn, s.head("POST", "/service-cloud/first", lines...)+"0\r\n\r\n"+hidden)
			conn.SetReadDeadline(time.Now().Add(300 * time.Millisecond))
			io.Copy(io.Discard, conn)
			conn.Close()
			for _, asked := range append(s.acme.Requests(), s.globex.Requests()...) {
				if asked.Target != "/service-cloud/first" {
					t.Errorf("%q: CEC was asked for %s", lines, asked.Target)
				}
			}
		}
	})
}

// TestNG10DS19Streams: an upload reaches CEC while it is sent, and an answer the browser while it is
// made.
func TestNG10DS19Streams(t *testing.T) {
	through(t, func(t *testing.T, s *server) {
		arrived, answered := make(chan string, 1), make(chan struct{})
		s.both(func(w http.ResponseWriter, r *http.Request) {
			http.NewResponseController(w).EnableFullDuplex()
			first := make([]byte, 5)
			io.ReadFull(r.Body, first)
			arrived <- string(first)
			io.Copy(io.Discard, r.Body)
			io.WriteString(w, "begin")
			http.NewResponseController(w).Flush()
			<-answered
			io.WriteString(w, "end")
		})
		conn := s.Dial(t)
		defer conn.Close()
		io.WriteString(conn, s.head("POST", "/service-cloud/upload", "Content-Length: 10")+"first")
		select {
		case got := <-arrived:
			if got != "first" {
				t.Errorf("CEC got %q", got)
			}
		case <-time.After(10 * time.Second):
			t.Fatal("CEC got nothing before the upload was complete")
		}
		io.WriteString(conn, "again")
		answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		begin := make([]byte, 5)
		if _, err := io.ReadFull(answer.Body, begin); err != nil || string(begin) != "begin" {
			t.Errorf("%q %v before the answer is complete", begin, err)
		}
		close(answered)
		if rest, err := io.ReadAll(answer.Body); err != nil || string(rest) != "end" {
			t.Errorf("%q %v", rest, err)
		}
	})
}

func TestNG10DS19LongPoll(t *testing.T) {
	through(t, func(t *testing.T, s *server) {
		s.both(func(w http.ResponseWriter, _ *http.Request) {
			time.Sleep(1500 * time.Millisecond)
			io.WriteString(w, "late")
		})
		if r := s.get("/service-cloud/poll"); string(r.Body) != "late" {
			t.Errorf("%d %q", r.Status, r.Body)
		}
	})
}

// TestNG10DS19Continue: a client that asks before it sends its body is told to go on.
func TestNG10DS19Continue(t *testing.T) {
	through(t, func(t *testing.T, s *server) {
		conn := s.Dial(t)
		defer conn.Close()
		io.WriteString(conn, s.head("POST", "/service-cloud/x", "Content-Length: 4", "Expect: 100-continue"))
		r := bufio.NewReader(conn)
		answer, err := http.ReadResponse(r, nil)
		if err != nil || answer.StatusCode != 100 {
			t.Fatalf("%v %v", answer, err)
		}
		io.WriteString(conn, "body")
		for err == nil && answer.StatusCode == 100 { // CEC may say it again
			answer, err = http.ReadResponse(r, nil)
		}
		if err != nil || answer.StatusCode != 200 {
			t.Errorf("%v %v", answer, err)
		}
		if got := s.acme.One(t); string(got.Body) != "body" {
			t.Errorf("%q arrives", got.Body)
		}
	})
}
