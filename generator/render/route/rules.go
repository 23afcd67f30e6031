package route

import "time"

// What passes, whatever the web server. Sizes are bytes.
const (
	MaxUpload = 20 << 20 // of what visitors send to CEC: pictures and files
	MaxBody   = 8 << 10  // of a request to an endpoint

	DialTimeout = 5 * time.Second // to reach CEC
	Silence     = 5 * time.Minute // of CEC: a long poll, or a WebSocket on which nobody says anything

	SignerDialTimeout = 2 * time.Second  // to reach embedgen serve
	SignerTimeout     = 10 * time.Second // for its answer
)

// Cookie is the only cookie that reaches CEC: its own.
const Cookie = "ccmessaging-token"

// Forged are the request headers by which some servers let a client name another path, host or
// address, and the credentials for a proxy. They never reach CEC.
var Forged = []string{
	"Forwarded", "X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Prefix", "X-Client-IP", "True-Client-IP",
	"X-Original-URL", "X-Rewrite-URL", "Proxy", "Proxy-Authorization",
}

// How long browsers keep the files of a web root: Cache-Control.
const (
	CachePage   = "no-cache"
	CacheScript = "public, max-age=300"
	CacheAsset  = "public, max-age=31536000, immutable" // its name changes with its bytes
)

// A Media is a media type and the extensions of its files.
type Media struct {
	Type       string
	Text       bool // its files are UTF-8
	Extensions []string
}

// MediaTypes are those of the files that a web root may hold; the server's own list may be missing
// or old.
var MediaTypes = []Media{
	{"text/html", true, []string{"html"}},
	{"text/css", true, []string{"css"}},
	{"text/javascript", true, []string{"js", "mjs"}},
	{"application/json", true, []string{"json", "map"}},
	{"text/plain", true, []string{"txt"}},
	{"image/svg+xml", true, []string{"svg"}},
	{"image/png", false, []string{"png"}},
	{"image/jpeg", false, []string{"jpg", "jpeg"}},
	{"image/gif", false, []string{"gif"}},
	{"image/webp", false, []string{"webp"}},
	{"image/x-icon", false, []string{"ico"}},
	{"font/woff", false, []string{"woff"}},
	{"font/woff2", false, []string{"woff2"}},
}
