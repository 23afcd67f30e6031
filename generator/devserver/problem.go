package devserver

import (
	"unicode/utf8"

	"embedgen/generator/diag"
)

// problem is a diagnostic as the overlay shows it. The source line comes in three parts, of which
// the middle one is meant; none of them is HTML.
type problem struct {
	Place    string    `json:"place"` // file:line:col
	Line     int       `json:"line"`
	Severity string    `json:"severity"`
	Rule     string    `json:"rule"`
	Message  string    `json:"message"`
	Hint     string    `json:"hint"`
	Before   string    `json:"before"`
	Mark     string    `json:"mark"`
	After    string    `json:"after"`
	Related  []related `json:"related"`
}

type related struct {
	Place   string `json:"place"`
	Message string `json:"message"`
}

func problems(list diag.List) []problem {
	out := make([]problem, 0, len(list))
	for _, d := range list {
		p := problem{
			Place: d.Pos.String(), Line: d.Pos.Line, Severity: d.Severity.String(),
			Rule: d.Rule, Message: d.Message, Hint: d.Hint, Related: []related{},
		}
		p.Before, p.Mark, p.After = parts(d)
		for _, r := range d.Related {
			p.Related = append(p.Related, related{r.Pos.String(), r.Message})
		}
		out = append(out, p)
	}
	return out
}

// parts cuts the source line around what is meant: at least one character, if there is one.
func parts(d diag.Diagnostic) (before, mark, after string) {
	if d.Pos.Column == 0 {
		return d.Source, "", ""
	}
	start, end := d.Span()
	if end == start && start < len(d.Source) {
		_, n := utf8.DecodeRuneInString(d.Source[start:])
		end += n
	}
	return d.Source[:start], d.Source[start:end], d.Source[end:]
}
