package sign

import (
	"strconv"
	"time"
)

const (
	version       = "auth-v2"
	method        = "POST"
	path          = "/service-cloud/webclient/chat_client/js/newThirdPartyClient.js"
	signedHeaders = "content-length;content-type"
	contentType   = "application/json;charset=UTF-8"

	// timeLayout is ISO 8601 in UTC to the millisecond; the Z is a literal.
	timeLayout = "2006-01-02T15:04:05.000Z"
)

// formatTime cuts t to the millisecond and writes it in UTC, whatever its location.
func formatTime(t time.Time) string { return t.UTC().Format(timeLayout) }

// canonicalHeaders returns the two signed headers as lines. The contract trims their values first;
// neither has anything to trim.
func canonicalHeaders(contentLength int) string {
	return "content-length:" + normalize(strconv.Itoa(contentLength)) + "\n" +
		"content-type:" + normalize(contentType)
}

// canonicalRequest joins the parts of the request by LF.
func canonicalRequest(headers, body string) string {
	return method + "\n" + path + "\n" + signedHeaders + "\n" + headers + "\n" + normalize(body)
}

// normalize percent-encodes s byte by byte, but for RFC 3986's unreserved characters.
func normalize(s string) string {
	const digits = "0123456789ABCDEF"
	var room [512]byte // spares most texts a second allocation
	b := room[:0]
	for i := range len(s) {
		c := s[i]
		if isUnreserved(c) {
			b = append(b, c)
		} else {
			b = append(b, '%', digits[c>>4], digits[c&15])
		}
	}
	return string(b)
}

func isUnreserved(c byte) bool {
	return isAlnum(rune(c)) || c == '-' || c == '.' || c == '_' || c == '~'
}
