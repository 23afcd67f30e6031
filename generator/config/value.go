package config

// Value is a value as written, or its absence. Where Set is true and V is the zero value of a
// type that has no meaningful zero, such as a string, the value was written but is wrong: its
// diagnostic exists already, and later rules stay silent about it.
type Value[T any] struct {
	V   T
	Pos Pos
	Set bool
}

// First returns the first value that was written, or the zero Value.
func First[T any](values ...Value[T]) Value[T] {
	for _, v := range values {
		if v.Set {
			return v
		}
	}
	return Value[T]{}
}
