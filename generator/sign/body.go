package sign

// body returns the JSON text of the four signed members.
func body(r Request) string {
	var room [512]byte // enough for most; the stack costs nothing
	b, separator := room[:0], byte('{')
	for _, name := range members[r.Order] {
		b = append(b, separator)
		b = appendString(b, name)
		b = append(b, ':')
		b = appendString(b, r.value(name))
		separator = ','
	}
	return string(append(b, '}'))
}

// appendString appends s as a JSON string. s holds nothing that needs another escape: see check.
func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	for i := range len(s) {
		if s[i] == '"' || s[i] == '\\' {
			dst = append(dst, '\\')
		}
		dst = append(dst, s[i])
	}
	return append(dst, '"')
}
