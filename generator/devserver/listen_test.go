package devserver

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

func taken(t *testing.T) (net.Listener, int) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l, portOf(l)
}

func TestDS9ATakenPortMeansTheNext(t *testing.T) {
	_, port := taken(t)
	p := newProject(t)
	p.run(func(o *Options) { o.Addr = fmt.Sprintf("127.0.0.1:%d", port) })
	note := p.await("note")
	p.port = p.await("ready").Port
	if p.port <= port || p.port > port+attempts {
		t.Errorf("port %d is taken, got %d", port, p.port)
	}
	if !strings.Contains(note.Message, fmt.Sprint(port)) || !strings.Contains(note.Message, fmt.Sprint(p.port)) {
		t.Errorf("note %q", note.Message)
	}
	if got := p.get("127.0.0.1", "/acme/web_support/"); got.status != http.StatusOK {
		t.Errorf("status %d", got.status)
	}
}

func TestDS9AStrictPortIsAnError(t *testing.T) {
	_, port := taken(t)
	o := newProject(t).options()
	o.Addr, o.StrictPort = fmt.Sprintf("127.0.0.1:%d", port), true
	err := Run(t.Context(), o)
	var takenErr *PortTakenError
	var network *net.OpError
	if !errors.As(err, &takenErr) || takenErr.Addr != o.Addr || !errors.As(err, &network) || strings.Contains(err.Error(), "\n") {
		t.Errorf("%T %v", err, err)
	}
}

func TestAddressesThatCannotWork(t *testing.T) {
	for _, addr := range []string{"127.0.0.1", "127.0.0.1:x", "127.0.0.1:65536", "192.0.2.1:0"} {
		o := newProject(t).options()
		o.Addr = addr
		if err := Run(t.Context(), o); err == nil {
			t.Errorf("%s: no error", addr)
		}
	}
}

func TestDS10StopsAtOnceWithOpenStreams(t *testing.T) {
	p := startProject(t)
	for range 20 {
		p.stream("acme.localhost", "").next()
	}
	began := time.Now()
	p.stop()
	if took := time.Since(began); took > 500*time.Millisecond {
		t.Errorf("took %v", took)
	}
	l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", p.port))
	if err != nil {
		t.Fatalf("the port is not free: %v", err)
	}
	l.Close()
}

// A build or a request that does not end cannot hold the server back.
func TestDS10StopsInSpiteOfWhatHangs(t *testing.T) {
	p := newProject(t)
	hang, hanging := make(chan struct{}), make(chan string, 2)
	t.Cleanup(func() { close(hang) })
	p.start(func(o *Options) {
		build := o.Build
		o.Build = func(ctx context.Context, at Origins) Result {
			if p.read("channels.yaml") == "hang" {
				hanging <- "build"
				<-hang
			}
			return build(ctx, at)
		}
		o.Services = func(Result, Tools) (Services, error) {
			return Services{CEC: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
				hanging <- "request"
				<-hang
			})}, nil
		}
	})
	c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", p.port))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprintf(c, "GET /service-cloud/x HTTP/1.1\r\nHost: %s\r\n\r\n", p.at("cec.initech.localhost"))
	p.write("channels.yaml", "hang")
	for range 2 {
		select {
		case <-hanging:
		case <-time.After(patience):
			t.Fatal("nothing hangs")
		}
	}
	began := time.Now()
	p.stop()
	if took := time.Since(began); took > 500*time.Millisecond {
		t.Errorf("took %v", took)
	}
}
