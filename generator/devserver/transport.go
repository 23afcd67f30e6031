package devserver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// newTransport reaches CEC over the network. WebSocket upgrades need HTTP/1.1.
func newTransport() *http.Transport {
	http1 := new(http.Protocols)
	http1.SetHTTP1(true)
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		Protocols:           http1,
		TLSHandshakeTimeout: 5 * time.Second,
		MaxIdleConnsPerHost: 8,
		IdleConnTimeout:     90 * time.Second,
	}
}

// inProcess is a transport whose other end is a handler of this program. Answers stream.
type inProcess struct{ handler http.Handler }

// RoundTrip implements [http.RoundTripper].
func (t inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	in, err := arrived(r)
	if err != nil {
		return nil, err
	}
	body, pipe := io.Pipe()
	w := &pipeWriter{header: http.Header{}, pipe: pipe, started: make(chan struct{})}
	go w.run(t.handler, in)
	select {
	case <-w.started:
	case <-r.Context().Done():
		body.CloseWithError(context.Cause(r.Context()))
		return nil, r.Context().Err()
	}
	return &http.Response{
		Status: fmt.Sprintf("%d %s", w.status, http.StatusText(w.status)), StatusCode: w.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.sent, Body: body, ContentLength: -1, Request: r,
	}, nil
}

// arrived turns a request that is sent into one that has arrived.
func arrived(r *http.Request) (*http.Request, error) {
	in := r.Clone(r.Context())
	in.RequestURI = r.URL.RequestURI()
	at, err := url.ParseRequestURI(in.RequestURI)
	if err != nil {
		return nil, err
	}
	in.URL = at
	if in.Body == nil {
		in.Body = http.NoBody
	}
	return in, nil
}

// pipeWriter is the http.ResponseWriter of the handler.
type pipeWriter struct {
	header  http.Header
	sent    http.Header // as it was when the status was written
	status  int
	pipe    *io.PipeWriter
	once    sync.Once
	started chan struct{}
}

var errBroke = errors.New("the simulated CEC broke down")

func (w *pipeWriter) run(h http.Handler, r *http.Request) {
	defer func() {
		if p := recover(); p != nil {
			w.WriteHeader(http.StatusInternalServerError)
			w.pipe.CloseWithError(fmt.Errorf("%w: %v", errBroke, p))
			return
		}
		w.WriteHeader(http.StatusOK)
		w.pipe.Close()
	}()
	h.ServeHTTP(w, r)
}

func (w *pipeWriter) Header() http.Header { return w.header }

func (w *pipeWriter) WriteHeader(status int) {
	if status < 200 {
		return // informational
	}
	w.once.Do(func() {
		w.status, w.sent = status, w.header.Clone()
		close(w.started)
	})
}

func (w *pipeWriter) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.pipe.Write(b)
}

// Flush implements [http.Flusher]: everything is on its way already.
func (w *pipeWriter) Flush() { w.WriteHeader(http.StatusOK) }
