package secret

import "fmt"

const (
	fewestBytes    = 16 // below that a secret key is short
	fewestDistinct = 8  // below that its bytes are of low variety
)

// Weakness says what makes a secret easy to guess, or "": that it is short, or made of few
// different characters. The words show neither the secret nor its length.
func (v Value) Weakness() string {
	var seen [256]bool
	distinct := 0
	text := v.Reveal()
	for _, b := range []byte(text) {
		if !seen[b] {
			seen[b] = true
			distinct++
		}
	}
	switch {
	case len(text) < fewestBytes:
		return fmt.Sprintf("is shorter than %d characters", fewestBytes)
	case distinct < fewestDistinct:
		return fmt.Sprintf("has fewer than %d different characters", fewestDistinct)
	}
	return ""
}

// KeyProblem says why a value cannot be a CEC secret key, or "": such a key is 1 to 43 ASCII
// letters and digits (cec-contract section 3).
func (v Value) KeyProblem() string {
	text := v.Reveal()
	for _, b := range []byte(text) {
		if !(b >= '0' && b <= '9' || b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z') {
			return "has a character that is no ASCII letter or digit"
		}
	}
	switch {
	case text == "":
		return "is empty"
	case len(text) > keyLength:
		return fmt.Sprintf("is longer than %d characters", keyLength)
	}
	return ""
}
