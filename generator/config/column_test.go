package config

import (
	"strings"
	"testing"
)

// TestByteColumnOfLongLine compares the columns of a long line with those of counting through it.
func TestByteColumnOfLongLine(t *testing.T) {
	line := strings.Repeat("aé银🏦", 3*markStep/10)
	s := &source{text: []byte("x\n" + line + "\r\ny")}
	s.index()
	runes := len([]rune(line))
	for _, column := range []int{1, 2, 3, 4, 5, 26_214, 26_215, 26_216, 26_217, 26_218, 52_428, 52_429, 52_430, runes - 1, runes, runes + 1, runes + 9} {
		if got, want := s.byteColumn(2, column), byteColumn([]byte(line), column); got != want {
			t.Errorf("column %d is %d, want %d", column, got, want)
		}
	}
}
