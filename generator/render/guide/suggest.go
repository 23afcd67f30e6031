package guide

import (
	"fmt"
	"maps"
	"slices"

	"embedgen/generator/diag"
)

// suggest returns a hint that names the known name nearest to an unknown one, or "".
func suggest(name string, known map[string]bool) string {
	near := diag.Nearest(name, slices.Sorted(maps.Keys(known)))
	if near == "" {
		return ""
	}
	return fmt.Sprintf("did you mean %q?", near)
}
