package devserver

import "context"

const keyHelp = `  h  this list
  o  open the dashboard in a browser
  r  build again, though nothing has changed
  c  clear the terminal
  q  quit`

// clearScreen empties a terminal and its scrollback (ECMA-48: ED 2, ED 3, CUP).
const clearScreen = "\x1b[2J\x1b[3J\x1b[H"

// pressed acts on the keys until ctx ends; the channel that it returns is closed by q.
func (s *server) pressed(ctx context.Context) <-chan struct{} {
	quit := make(chan struct{})
	go func() {
		for {
			select {
			case key, ok := <-s.Keys: // blocks for ever if there are none
				switch {
				case !ok:
					return
				case key == 'q':
					close(quit)
					return
				}
				s.press(key)
			case <-ctx.Done():
				return
			}
		}
	}()
	return quit
}

// press acts on one key.
func (s *server) press(key byte) {
	switch key {
	case 'h':
		s.report.note("%s", keyHelp)
	case 'o':
		if s.Open != nil {
			s.Open(s.dashboardURL())
		}
	case 'r':
		select {
		case s.again <- struct{}{}:
		default: // already asked for
		}
	case 'c':
		s.report.clear(s)
	}
}

// clear empties the terminal and tells the address again, if it was told before.
func (r *reporter) clear(s *server) {
	r.say(nil, r.o.Out, clearScreen)
	if st := s.state.Load(); st != nil {
		r.address(s, st)
	}
}
