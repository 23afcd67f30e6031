// Package lab is test support: a certificate authority in memory, a fake CEC that speaks https and
// remembers what it was asked, a fake DNS server, and real nginx and Caddy on loopback.
//
// Everything binds 127.0.0.0/8 only, is started by one call, and is stopped by the test's cleanup.
// Nothing but tests may import it.
package lab
