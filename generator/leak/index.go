package leak

import (
	"encoding/binary"
	"math/bits"
)

const shortest = 6 // bytes of a pattern

// pattern is one form of one secret.
type pattern struct {
	text   string
	secret int    // its number
	form   string // its name
}

// gram says how an index looks at a text: at every stride-th place it takes size bytes. Wherever
// a pattern stands, if it has size+stride-1 bytes or more, one of those looks is inside of it.
type gram struct{ size, stride int }

var (
	shortGram = gram{4, shortest - 3}
	longGram  = gram{8, 16}
)

// least is the length of the shortest pattern that is never missed.
func (g gram) least() int { return g.size + g.stride - 1 }

// at reads the gram at an offset as a number.
func (g gram) at(data []byte, i int) uint64 {
	if g.size == 8 {
		return binary.LittleEndian.Uint64(data[i:])
	}
	return uint64(binary.LittleEndian.Uint32(data[i:]))
}

// index finds many patterns in one pass. A bit set answers for nearly every look that no pattern
// has that gram; the rest is looked up and compared.
type index struct {
	gram
	patterns []pattern
	filter   []uint64
	shift    int
	first    map[uint64]int32 // gram → the first of its places, counted from 1
	places   []place
}

// place says that a pattern has a gram at an offset.
type place struct {
	pattern, offset int32
	next            int32 // place of the same gram, counted from 1; 0 is the end
}

// newIndex makes an index of patterns, all shorter than longGram.least or none.
func newIndex(list []pattern) *index {
	x := &index{gram: shortGram, patterns: list}
	if len(list[0].text) >= longGram.least() {
		x.gram = longGram
	}
	grams := len(list) * x.stride
	size := max(10, bits.Len(uint(grams))+4) // at most one bit of 16 is set
	x.filter, x.shift = make([]uint64, 1<<(size-6)), 64-size
	x.first = make(map[uint64]int32, grams)
	for i, p := range list {
		text := []byte(p.text)
		for offset := range x.stride {
			x.add(int32(i), int32(offset), x.at(text, offset))
		}
	}
	return x
}

func (x *index) add(pattern, offset int32, g uint64) {
	x.places = append(x.places, place{pattern, offset, x.first[g]})
	x.first[g] = int32(len(x.places))
	h := x.hash(g)
	x.filter[h>>6] |= 1 << (h & 63)
}

// hash spreads grams over the bit set (multiplication by 2^64/φ).
func (x *index) hash(g uint64) uint64 { return g * 0x9e3779b97f4a7c15 >> x.shift }

// find returns the pattern that begins first in a text.
func (x *index) find(data []byte) (p pattern, offset int, found bool) {
	for i := 0; i+x.size <= len(data); i += x.stride {
		g := x.at(data, i)
		if h := x.hash(g); x.filter[h>>6]&(1<<(h&63)) == 0 {
			continue
		}
		// A later look is at least a stride further on, and so is what it finds.
		if p, offset, found = x.compare(data, i, g); found {
			return p, offset, true
		}
	}
	return pattern{}, 0, false
}

// compare looks for the patterns that have a gram which a text has at i.
func (x *index) compare(data []byte, i int, g uint64) (p pattern, offset int, found bool) {
	for n := x.first[g]; n > 0; n = x.places[n-1].next {
		candidate := x.patterns[x.places[n-1].pattern]
		start := i - int(x.places[n-1].offset)
		if start < 0 || found && start >= offset || len(data)-start < len(candidate.text) {
			continue
		}
		if string(data[start:start+len(candidate.text)]) == candidate.text {
			p, offset, found = candidate, start, true
		}
	}
	return p, offset, found
}
