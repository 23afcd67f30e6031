package site

import "strings"

// ContextsBelow reports whether an origin has a context path with a longer prefix than this one:
// with prefix "" and the paths /service-cloud and /globex/service-cloud it has. A cookie for all
// of CEC must then not become one for all of the prefix (requirements/nginx.md, NG-7).
func (s *Site) ContextsBelow(origin, prefix string) bool {
	for _, t := range s.Tenants {
		for _, c := range t.Channels {
			if t.Origin == origin && !c.Context.Direct() && strings.HasPrefix(c.Context.Path, prefix+"/") &&
				len(c.Context.Path) > len(prefix+"/service-cloud") {
				return true
			}
		}
	}
	return false
}
