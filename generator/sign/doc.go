// Package sign makes and checks auth-v2, the signature with which a site vouches for a guest to
// CEC. This comment is the specification; its source is cec-contract section 3.
//
// # What is signed
//
// A guest's browser will POST thirdUserData to newThirdPartyClient.js of CEC. The site's own server
// signs four fields of it beforehand, and the page sends the result along as
// thirdPartAuthorization. [Sign] computes, in this order, the fields of a [Signature]:
//
//	Body             {"thirdUserName":"…","thirdUserId":"…","tenantSpaceId":"…","channelConfigId":"…"}
//	ContentLength    the length of Body
//	Timestamp        2026-01-02T03:04:05.678Z
//	SignedHeaders    content-length;content-type
//	Prefix           auth-v2/<accessKey>/<Timestamp>/<SignedHeaders>
//	SigningKey       hex(HMAC-SHA256(key: secretKey, data: Prefix))
//	CanonicalHeaders content-length:<ContentLength>
//	                 content-type:application%2Fjson%3Bcharset%3DUTF-8
//	CanonicalRequest POST
//	                 /service-cloud/webclient/chat_client/js/newThirdPartyClient.js
//	                 <SignedHeaders>
//	                 <CanonicalHeaders>
//	                 <Body, normalized>
//	Signature        hex(HMAC-SHA256(key: the 64 characters of SigningKey, data: CanonicalRequest))
//	Authorization    <Prefix>/<Signature>
//
// Lines are joined by one LF and the last has none. hex is lower case. The request line has no
// query although the browser's request has one, and the path is CEC's own although a reverse proxy
// may publish another: both are outside the signature. So is every other field of thirdUserData.
// Content-Type, too, is always the one above, whatever the browser sends.
//
// # Normalization
//
// Every byte of the UTF-8 text that is not one of A-Z a-z 0-9 - . _ ~ becomes %XX with upper-case
// digits; a space is %20. No standard escaper does this: url.QueryEscape writes a space as "+",
// url.PathEscape and JavaScript's encodeURIComponent leave some punctuation as it is.
//
// # Body
//
// Compact JSON of exactly four members whose values are strings. Only the quote and the backslash
// are escaped; "<", ">", "&", "/" and all of Unicode stay as they are, and no newline follows.
// That is all the escaping there can be, because the characters on which JSON encoders disagree
// are refused beforehand: control characters (Unicode category Cc), U+2028, U+2029 and invalid UTF-8.
//
// Nothing public says in which order CEC puts the members nor how it counts their length, so
// both are settings: see [Order] and [Length]. "chars" is the unit of Java's String.length and
// JavaScript's length, the UTF-16 code unit: CEC's signer is written in Java. It differs from the
// code point only beyond U+FFFF (an emoji is 4 bytes, 2 code units, 1 code point), and no vector
// of testdata/auth-v2.json holds such a character together with "chars".
//
// # Fields
//
// Prefix is joined by "/" and ";", the canonical request by LF, so a field that could carry a
// separator would let one signature mean two things. A field off its pattern is a [FieldError],
// returned before anything is computed:
//
//	userName         1 to 256 characters of free text, without control characters, U+2028, U+2029.
//	                 "/" and ";" are legal: a name occurs only in Body, which is percent-encoded
//	userId           1 to 32 printable characters (unicode.IsPrint), no space, "/", ";" or "\"
//	tenantSpaceId    1 to 32 of 0-9. CEC's own have 12 to 19; the length of an id that somebody
//	channelConfigId  configured is for the configuration to judge, where it has a position
//	accessKey        1 to 64 of A-Z a-z 0-9 _ -
//	secretKey        1 to 43 of A-Z a-z 0-9
//	time             the years 1 to 9999, not the zero time.Time
//
// A character is a Unicode code point. No error text holds any part of a secretKey, nor a whole
// user name or id: it names the field, and the one character that does not belong.
//
// # Verification
//
// [Verify] takes the five parts of an authorization, checks them from left to right, and says in a
// [Mismatch] where the first difference is. CEC does not document which clock skew it tolerates, so
// sign at each page load, and never reuse a signature.
//
// A caller must decide by itself whom it signs for. This package signs what it is given; fed from a
// request body, it is a signing oracle (requirements/security.md, line 1).
package sign
