// Package chatauth serves the duties that CEC leaves to the company: it signs for guests, issues
// tokens for customers, and confirms those tokens to CEC. A [Service] is an http.Handler; the
// production service and the development server use it unchanged.
//
// This comment is the manual of its HTTP interface. The paths are those of [site.Endpoints].
//
// # Signing: POST /webchat/authorizationService
//
// The body is a flat JSON object with the members of the guide's thirdUserData:
//
//	tenantSpaceId, channelConfigId        required: which configured channel in authorization mode
//	thirdUserName, thirdUserId            optional, must be the session's: see below
//	locale, mapService, timestamp         accepted and not used; timestamp may be a number.
//	                                      Of two channels that share one channelConfigId, locale picks
//
// Its Content-Type is application/json, or application/x-www-form-urlencoded, which jQuery sends
// when it is told nothing, around the same JSON text. A request that accepts application/json gets
//
//	{"thirdPartAuthorization": "auth-v2/…", "thirdUserId": "…", "thirdUserName": "…",
//	 "tenantSpaceId": "…", "channelConfigId": "…", "timestamp": "2026-01-02T03:04:05.678Z"}
//
// where timestamp is the one that is signed. Any other request gets the bare signature as
// text/plain, for the guide's sample.
//
// The user is the guest whom the service's own cookie names, never whom the body names: without a
// valid cookie the answer makes a new guest and sets the cookie. The page learns the id and the
// name from the answer; of a bare answer, from its headers Third-User-Id and Third-User-Name (the
// name percent-encoded UTF-8, for decodeURIComponent). So the guide's sample works when it
// leaves thirdUserId and thirdUserName out of its request and takes them from those headers; as
// printed, with an id that the page chose, it is refused: user_mismatch. An empty string in these
// two members names nobody.
//
// # Tokens: POST /webchat/token
//
// The same body, for a channel in token mode. Options.Identity says who the customer is.
//
//	{"thirdUserToken": "…", "thirdUserId": "…", "thirdUserName": "…", "expiresAt": 1767323345000}
//
// expiresAt is in milliseconds since 1970, so new Date(expiresAt) and Date.now() compare with it.
// The token is a JWT (RFC 7519), HS256, with the header members typ ("embedgen-chat+jwt") and kid,
// and the claims iss (the tenant's origin), aud (its tenantSpaceId), sub (the user id), name, jti,
// iat, nbf (five seconds before iat, for replicas whose clocks differ) and exp. The key is the
// bytes of the secret as it stands, at least 32. Of several keys the first whose end has not come
// signs; each verifies until its end, and no token lives longer than its key.
//
// # Validation: POST /rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate
//
// CEC's server asks whether a token is genuine (cec-contract section 4). The body is a JSON object
// with the strings Token (in any case), userName, userId and tenantSpaceId; further members and the
// Content-Type do not matter. The answer is {"retCode": n, "message": "…"}:
//
//	0  the token is genuine, and of this user and tenant       HTTP 200
//	1  it is not; one answer for every reason                  HTTP 200
//	2  the request is malformed, or one too many               HTTP 4xx
//	3  the service cannot tell                                 HTTP 5xx
//
// # Refusals
//
// The two browser endpoints refuse with {"code": "…", "message": "…"}. Codes are stable:
//
//	400 malformed_body          not such an object, or a key that is unknown or appears twice
//	401 no_session              nobody is logged in
//	403 origin_not_allowed      the Origin is missing, or not one of the tenant's
//	403 user_mismatch           the body names somebody else
//	403 bad_identity            the identity provider cannot be trusted this time
//	404 not_found               no endpoint at this path
//	404 unknown_channel         no configured channel of the endpoint's mode has these ids
//	405 method_not_allowed      only POST
//	413 body_too_large          over 8 KiB
//	415 unsupported_media_type
//	421 unknown_host            not a Host of this service: on every path
//	429 rate_limited            see Retry-After, in seconds
//	500 internal
//	503 channel_unavailable     a secret was of no use at start, or the tenant has no token keys
//
// An Origin of the tenant's other than the Host's own gets the CORS headers, with credentials, and
// its preflight is answered. Every answer is no-store and nosniff, and none is a script.
//
// # Secrets in print
//
// No log line and no [Event] holds a token, a secret, a cookie, or a whole signature. No log line
// holds a user's name or id.
package chatauth
