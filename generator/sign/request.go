package sign

import (
	"time"
	"unicode/utf16"
)

// Request is what one signature vouches for. Order, Length and AccessKey may be left empty; the
// other fields must match the patterns in the package comment.
type Request struct {
	UserName        string // display name, free text
	UserID          string
	TenantSpaceID   string // digits
	ChannelConfigID string // digits
	AccessKey       string // "" means ChannelConfigID
	Time            time.Time
	Order           Order  // "" means "doc"
	Length          Length // "" means "bytes"
}

// Order names the order of the four members of the signed body, which CEC leaves open:
//
//	doc     thirdUserName, thirdUserId, tenantSpaceId, channelConfigId: as the guide lists them
//	hash    thirdUserId, tenantSpaceId, thirdUserName, channelConfigId: as a Java HashMap yields them
//	sorted  channelConfigId, tenantSpaceId, thirdUserId, thirdUserName
type Order string

// Orders returns the known orders, the default first.
func Orders() []Order { return []Order{"doc", "hash", "sorted"} }

// members has the names of the body's members in each order.
var members = map[Order][]string{
	"doc":    {"thirdUserName", "thirdUserId", "tenantSpaceId", "channelConfigId"},
	"hash":   {"thirdUserId", "tenantSpaceId", "thirdUserName", "channelConfigId"},
	"sorted": {"channelConfigId", "tenantSpaceId", "thirdUserId", "thirdUserName"},
}

// Length names the unit of the signed Content-Length, which CEC leaves open: "bytes" of UTF-8, or
// "chars", which are UTF-16 code units.
type Length string

// Lengths returns the known units, the default first.
func Lengths() []Length { return []Length{"bytes", "chars"} }

// of returns the length of a valid UTF-8 text in the unit l.
func (l Length) of(text string) int {
	if l != "chars" {
		return len(text)
	}
	n := 0
	for _, r := range text {
		n += utf16.RuneLen(r)
	}
	return n
}

// withDefaults fills in what may be left empty.
func (r Request) withDefaults() Request {
	if r.AccessKey == "" {
		r.AccessKey = r.ChannelConfigID
	}
	if r.Order == "" {
		r.Order = "doc"
	}
	if r.Length == "" {
		r.Length = "bytes"
	}
	return r
}

// value returns the value of a member of the body.
func (r Request) value(member string) string {
	switch member {
	case "thirdUserName":
		return r.UserName
	case "thirdUserId":
		return r.UserID
	case "tenantSpaceId":
		return r.TenantSpaceID
	}
	return r.ChannelConfigID
}
