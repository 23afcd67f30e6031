package diag

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// place is a Pos in JSON.
type place struct {
	File    string `json:"file"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Message string `json:"message,omitempty"` // of a related place
}

// record is a Diagnostic in JSON.
type record struct {
	File     string  `json:"file"`
	Line     int     `json:"line,omitempty"`
	Column   int     `json:"column,omitempty"`
	Length   int     `json:"length,omitempty"`
	Severity string  `json:"severity"`
	Rule     string  `json:"rule"`
	Message  string  `json:"message"`
	Hint     string  `json:"hint,omitempty"`
	Source   string  `json:"source,omitempty"`
	Related  []place `json:"related,omitempty"`
}

// JSON prints a list as one JSON array; lines and columns count from 1, columns in characters.
func JSON(w io.Writer, list List) error {
	records := make([]record, 0, len(list))
	for _, d := range list {
		r := record{d.Pos.File, d.Pos.Line, d.Pos.Column, d.Length, d.Severity.String(), d.Rule, d.Message, d.Hint, d.Source, nil}
		for _, other := range d.Related {
			r.Related = append(r.Related, place{other.Pos.File, other.Pos.Line, other.Pos.Column, other.Message})
		}
		records = append(records, r)
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(records)
}

var (
	workflowData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	workflowProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// GitHub prints a list as GitHub Actions workflow commands, which annotate the lines of a change.
func GitHub(w io.Writer, list List) error {
	var b strings.Builder
	for _, d := range list {
		fmt.Fprintf(&b, "::%s file=%s", d.Severity, workflowProperty.Replace(d.Pos.File))
		if d.Pos.Line > 0 {
			fmt.Fprintf(&b, ",line=%d", d.Pos.Line)
		}
		if d.Pos.Column > 0 {
			fmt.Fprintf(&b, ",col=%d", d.Pos.Column)
		}
		message := d.Message
		if d.Hint != "" {
			message += "\nhint: " + d.Hint
		}
		fmt.Fprintf(&b, ",title=%s::%s\n", workflowProperty.Replace(d.Rule), workflowData.Replace(message))
	}
	_, err := io.WriteString(w, b.String())
	return err
}
