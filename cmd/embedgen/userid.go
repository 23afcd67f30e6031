package main

import (
	"fmt"
	"unicode/utf8"
)

// warnOfUserID says that CEC may cut or refuse a long user id: it documents 32 characters, and 24
// where an id is sent (cec-contract section 1). Longer ones are refused by what makes signatures
// and tokens.
func (a *app) warnOfUserID(id string) {
	const documented, most = 24, 32
	if n := utf8.RuneCountInString(id); n > documented && n <= most {
		fmt.Fprintf(a.stderr, "warning: the user id has %d characters; CEC documents %d where it is sent\n", n, documented)
	}
}
