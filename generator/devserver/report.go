package devserver

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"strings"
	"sync"
	"time"

	"embedgen/generator/diag"
)

// reporter tells the terminal what happens: text for a person, or one JSON object per line.
type reporter struct {
	mu     sync.Mutex
	o      Options
	log    io.Writer
	logger *log.Logger // of the HTTP machinery
	ready  bool
}

func newReporter(o Options) *reporter {
	r := &reporter{o: o}
	r.log = lines{r}
	r.logger = log.New(r.log, "", 0)
	return r
}

// lines passes what net/http has to say on as notes.
type lines struct{ r *reporter }

func (l lines) Write(b []byte) (int, error) {
	l.r.note("%s", strings.TrimRight(string(b), "\n"))
	return len(b), nil
}

func (r *reporter) note(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	r.say(map[string]any{"event": "note", "message": text}, r.o.Log, text+"\n")
}

// say prints an object or a text.
func (r *reporter) say(object map[string]any, w io.Writer, text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.o.JSON {
		io.WriteString(w, text)
		return
	}
	line, err := json.Marshal(object)
	if err != nil {
		panic(err) // strings, numbers and lists of them always encode
	}
	r.o.Out.Write(append(line, '\n'))
}

// built tells of a build; the first one also of the address.
func (r *reporter) built(s *server, old, st *state, changed []string) {
	if st.failed() {
		r.failure(st)
	} else if old != nil {
		r.success(s, old, st, changed)
	}
	if r.ready {
		return
	}
	r.ready = true
	r.address(s, st)
	if r.o.Keys != nil {
		r.note("press h for help")
	}
	if r.o.Ready != nil {
		r.o.Ready(s.dashboardURL())
	}
}

// address tells where the server is, and what it serves.
func (r *reporter) address(s *server, st *state) {
	url := s.dashboardURL()
	r.say(map[string]any{"event": "ready", "url": url, "port": s.origins.Port, "ms": st.took.Milliseconds()},
		r.o.Out, fmt.Sprintf("embedgen dev: %s  (%s)\n", url, st.summary()))
}

func (s *server) dashboardURL() string { return s.origins.Plain() + "/" }

// summary says in a few words what a state serves.
func (st *state) summary() string {
	if st.good == nil {
		return "the build failed, see above or in the browser"
	}
	channels := 0
	for _, t := range st.good.tenants {
		channels += len(t.Channels)
	}
	return fmt.Sprintf("%s, %s, built in %v", plural(len(st.good.tenants), "tenant"), plural(channels, "channel"), rounded(st.took))
}

func (r *reporter) success(s *server, old, st *state, changed []string) {
	n := len(st.history.since(old.build, view{}))
	text := fmt.Sprintf("%s rebuilt in %v: %s changed\n", st.at.Format(time.TimeOnly), rounded(st.took), plural(n, "path"))
	r.say(map[string]any{
		"event": "build", "ok": true, "build": st.build, "ms": st.took.Milliseconds(), "paths": n, "inputs": len(changed),
		"warnings": problems(st.good.Diagnostics),
	}, r.o.Log, text)
}

func (r *reporter) failure(st *state) {
	var text bytes.Buffer
	diag.Text(&text, st.problems, r.o.Color)
	if st.good != nil {
		fmt.Fprintf(&text, "%s build failed; the last good pages are still served\n", st.at.Format(time.TimeOnly))
	}
	r.say(map[string]any{
		"event": "build", "ok": false, "build": st.build, "ms": st.took.Milliseconds(), "problems": problems(st.problems),
	}, r.o.Log, text.String())
}

func rounded(d time.Duration) time.Duration { return d.Round(time.Millisecond) }

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
