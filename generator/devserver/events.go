package devserver

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"embedgen/generator/devserver/sse"
)

const (
	retryTime = 400 * time.Millisecond // until a browser asks again after the stream broke
	pingTime  = 20 * time.Second
)

// stateEvent is what a stream says: after it opens, and after each build.
type stateEvent struct {
	Instance string `json:"instance"` // of the server; another one means that everything is new
	Build    int    `json:"build"`
	// Changed lists the paths whose bytes changed after the build that the stream last told of.
	// Null means that this is not known.
	Changed  []string  `json:"changed"`
	Problems []problem `json:"problems"` // why the latest build failed; empty if it did not
	Waiting  bool      `json:"waiting"`  // there is no good build yet
}

// events keeps the stream open that reloads tabs.
func (c *call) events() {
	if c.r.Method != http.MethodGet {
		c.refuseMethod(http.MethodGet)
		return
	}
	stream, err := sse.Open(c.w, retryTime)
	if err != nil {
		return
	}
	ping := time.NewTicker(pingTime)
	defer ping.Stop()
	known := c.knownBuild()
	for st := c.st; ; {
		if err := stream.Send(c.stateEvent(st, known)); err != nil {
			return
		}
		known = st.build
		if st, err = c.nextState(st, ping, stream); err != nil {
			return
		}
	}
}

// nextState waits for a newer state.
func (c *call) nextState(st *state, ping *time.Ticker, stream *sse.Stream) (*state, error) {
	for {
		select {
		case <-st.next:
			return c.state.Load(), nil
		case <-ping.C:
			if err := stream.Ping(); err != nil {
				return nil, err
			}
		case <-c.r.Context().Done():
			return nil, c.r.Context().Err()
		}
	}
}

// knownBuild is the build that the other end knows, or -1 if it is not one of this server.
func (c *call) knownBuild() int {
	mark := c.r.Header.Get("Last-Event-ID")
	if mark == "" {
		mark = c.r.URL.Query().Get("since")
	}
	instance, digits, _ := strings.Cut(mark, ".")
	build, err := strconv.Atoi(digits)
	if err != nil || instance != c.instance || build > c.st.build {
		return -1
	}
	return build
}

func (c *call) stateEvent(st *state, known int) sse.Event {
	e := stateEvent{Instance: st.instance, Build: st.build, Problems: problems(st.problems), Waiting: st.good == nil}
	if known >= 0 {
		e.Changed = st.history.since(known, c.view)
	}
	data, _ := json.Marshal(e) // strings and numbers always encode
	return sse.Event{ID: st.mark(), Name: "state", Data: string(data)}
}
