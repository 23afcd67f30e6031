package cecsim

import (
	"io/fs"
	"net/http"
)

// stub answers a co-browsing script with one that does nothing, and records that it was asked for:
// more would pretend to a function that is CEC's (requirements/simulator.md SIM-12).
func (c *CEC) stub(name string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c.record(Event{
			Time: c.options.Now(), From: Visitor, To: Upstream, What: "GET " + name, Status: http.StatusOK,
			Request:  "Referer: " + r.Referer(),
			Response: "a stub: the simulated CEC has no co-browsing",
		})
		c.static(w, name, "application/javascript; charset=utf-8")
	}
}

// stylesheet serves the look of the widget.
func (c *CEC) stylesheet(w http.ResponseWriter, r *http.Request) {
	c.static(w, "widget.css", "text/css; charset=utf-8")
}

// static serves a template of the folder cec as it is.
func (c *CEC) static(w http.ResponseWriter, name, contentType string) {
	data, err := fs.ReadFile(c.options.Templates, "cec/"+name)
	if err != nil {
		refuse(w, http.StatusInternalServerError, "simulator: "+err.Error())
		return
	}
	w.Header().Set("Content-Type", contentType)
	w.Write(data)
}
