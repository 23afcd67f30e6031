package config

import (
	"slices"
	"unicode/utf8"
)

// marks make columns of a very long line quick to find, for it can have many problems.
type marks struct {
	number int     // of the line
	runes  []int32 // how many characters begin before each markStep-th byte
}

const markStep = 64 << 10

// byteColumn turns a column of a line in characters into one in bytes, both from 1.
func (s *source) byteColumn(n, column int) int {
	line := s.line(n)
	if len(line) <= markStep {
		return byteColumn(line, column)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.marks.number != n {
		s.marks = newMarks(n, line)
	}
	mark, found := slices.BinarySearch(s.marks.runes, int32(column-1))
	if !found {
		mark--
	}
	start := mark * markStep
	for start < len(line) && !utf8.RuneStart(line[start]) {
		start++
	}
	return start + byteColumn(line[start:], column-int(s.marks.runes[mark]))
}

func newMarks(number int, line []byte) marks {
	m := marks{number: number}
	runes := 0
	for i, b := range line {
		if i%markStep == 0 {
			m.runes = append(m.runes, int32(runes))
		}
		if utf8.RuneStart(b) {
			runes++
		}
	}
	return m
}

// byteColumn is the same of a line at hand.
func byteColumn(line []byte, column int) int {
	offset := 0
	for ; column > 1 && offset < len(line); column-- {
		_, size := utf8.DecodeRune(line[offset:])
		offset += size
	}
	if column > 1 { // past the end
		offset += column - 1
	}
	return offset + 1
}
