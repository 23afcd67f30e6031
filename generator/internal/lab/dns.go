package lab

import (
	"net"
	"net/netip"
	"sync"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// DNS is a fake name server for IPv4 addresses on loopback. Its answers live one second.
type DNS struct {
	Addr string // host:port, UDP

	mu    sync.Mutex
	hosts map[string]netip.Addr
}

// NewDNS starts a name server that knows nothing yet.
func NewDNS(t testing.TB) *DNS {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	d := &DNS{Addr: conn.LocalAddr().String(), hosts: map[string]netip.Addr{}}
	go d.serve(conn)
	return d
}

// Set gives a host name its address.
func (d *DNS) Set(host, address string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.hosts[host+"."] = netip.MustParseAddr(address)
}

func (d *DNS) serve(conn net.PacketConn) {
	buf := make([]byte, 512)
	for {
		n, peer, err := conn.ReadFrom(buf)
		if err != nil {
			return
		}
		if answer, err := d.answer(buf[:n]); err == nil {
			conn.WriteTo(answer, peer)
		}
	}
}

func (d *DNS) answer(query []byte) ([]byte, error) {
	var m dnsmessage.Message
	if err := m.Unpack(query); err != nil {
		return nil, err
	}
	m.Response, m.Additionals = true, nil
	for _, q := range m.Questions {
		d.mu.Lock()
		address, known := d.hosts[q.Name.String()]
		d.mu.Unlock()
		switch {
		case !known:
			m.RCode = dnsmessage.RCodeNameError
		case q.Type == dnsmessage.TypeA:
			m.Answers = append(m.Answers, dnsmessage.Resource{
				Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 1},
				Body:   &dnsmessage.AResource{A: address.As4()},
			})
		}
	}
	return m.Pack()
}
