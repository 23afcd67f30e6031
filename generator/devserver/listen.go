package devserver

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"syscall"
)

// attempts is how many ports are tried after a taken one.
const attempts = 50

// PortTakenError says that the port is somebody else's and none was found instead.
type PortTakenError struct {
	Addr string
	Err  error // of the system
}

func (e *PortTakenError) Error() string { return fmt.Sprintf("the address %s is taken", e.Addr) }

// Unwrap returns Err.
func (e *PortTakenError) Unwrap() error { return e.Err }

// listen opens the address or, unless strict, the next free port above it.
func listen(addr string, strict bool) (net.Listener, error) {
	host, digits, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	first, err := strconv.ParseUint(digits, 10, 16)
	if err != nil {
		return nil, fmt.Errorf("port %q: want a number from 0 to 65535", digits)
	}
	last := first + attempts
	if strict || first == 0 {
		last = first
	}
	for port := first; port <= min(last, 65535); port++ {
		l, err := net.Listen("tcp", net.JoinHostPort(host, strconv.FormatUint(port, 10)))
		if err == nil {
			return l, nil
		}
		if !errors.Is(err, syscall.EADDRINUSE) {
			return nil, err
		}
		if port == min(last, 65535) {
			return nil, &PortTakenError{addr, err}
		}
	}
	panic("unreachable")
}

// isLoopback reports whether only this machine reaches the listener.
func isLoopback(l net.Listener) bool {
	at, err := netip.ParseAddrPort(l.Addr().String())
	return err == nil && at.Addr().IsLoopback()
}

func portOf(l net.Listener) int { return l.Addr().(*net.TCPAddr).Port }

// ownHosts lists the addresses at which other machines reach the listener, as they stand in a
// Host header. An address, unlike a name, cannot be made to mean another machine.
func ownHosts(l net.Listener) []string {
	at := l.Addr().(*net.TCPAddr)
	ips := []net.IP{at.IP}
	if at.IP.IsUnspecified() {
		ips = nil
		addrs, _ := net.InterfaceAddrs() // without them only names of Options.Hosts are left
		for _, a := range addrs {
			if n, ok := a.(*net.IPNet); ok && !n.IP.IsLoopback() {
				ips = append(ips, n.IP)
			}
		}
	}
	var hosts []string
	for _, ip := range ips {
		hosts = append(hosts, net.JoinHostPort(ip.String(), strconv.Itoa(at.Port)))
	}
	return hosts
}
