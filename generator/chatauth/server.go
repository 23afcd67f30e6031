package chatauth

import (
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"time"
)

// NewServer returns a server for a handler such as a [Service], with limits that a client that
// says little, slowly, cannot wear out. The caller opens the listener.
func NewServer(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      15 * time.Second,
		IdleTimeout:       90 * time.Second, // over the 60 s for which nginx keeps its own
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

// health answers a request whose Host is no address: GET /healthz at the service's own host and
// port, and nothing else.
func (c *call) health() (*answer, error) {
	if !isHealthHost(c.r.Host, c.opt.Health) {
		return nil, errUnknownHost
	}
	if c.r.URL.Path != "/healthz" || c.r.Method != http.MethodGet {
		return nil, errNotFound
	}
	return textAnswer("ok\n"), nil
}

// isHealthHost accepts the address that the service listens on, and loopback at the same port.
func isHealthHost(host, health string) bool {
	_, want, err := net.SplitHostPort(health)
	if err != nil {
		return false
	}
	if host == health {
		return true
	}
	name, port, err := net.SplitHostPort(host)
	if err != nil || port != want {
		return false
	}
	addr, err := netip.ParseAddr(name)
	return name == "localhost" || err == nil && addr.IsLoopback()
}
