package site_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"embedgen/generator/config"
	"embedgen/generator/site"
)

func TestLibraryFilesThatCannotBeUsed(t *testing.T) {
	text := strings.Replace(minimal, "channels:", "libraries: {jquery: {file: jquery.js}}\n    channels:", 1)
	for name, row := range map[string]struct {
		data string
		want string // of the message and its hint
	}{
		"empty":     {"", "it is empty; download it from its publisher into that place"},
		"too large": {strings.Repeat(" ", 4<<20+1), "it is larger than 4 MiB; name the minified release, such as jquery.min.js"},
		"just fits": {strings.Repeat(" ", 4<<20), ""},
	} {
		fsys := fstest.MapFS{"channels.yaml": {Data: []byte(text)}, "jquery.js": {Data: []byte(row.data)}}
		f, problems := config.Load(fsys, "channels.yaml")
		_, more := site.Resolve(f, fsys)
		got := ""
		for _, d := range append(problems, more...) {
			_, cause, _ := strings.Cut(d.Message, "cannot be used: ")
			got += cause + "; " + d.Hint
		}
		if got != row.want {
			t.Errorf("%s: %q, want %q", name, got, row.want)
		}
	}
}
