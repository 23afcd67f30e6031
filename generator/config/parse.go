package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"gopkg.in/yaml.v3"

	"embedgen/generator/config/rule"
)

// weigh bounds the number of values of the file, or reports that there are too many.
func (r *reader) weigh() (values int, ok bool) {
	values, offset := weigh(r.src.text, valueLimit)
	if values <= valueLimit {
		return values, true
	}
	r.problems = append(r.problems, r.src.at(offset).Problem(rule.TooManyValues, "split it with include",
		"%s has more than %d values up to here", r.src.name, valueLimit))
	return 0, false
}

// parse returns the root of the file's one document, or nil after reporting why there is none.
func (r *reader) parse() *yaml.Node {
	decoder := yaml.NewDecoder(bytes.NewReader(r.src.text))
	document, err := decode(decoder)
	switch {
	case errors.Is(err, io.EOF) || err == nil && isEmpty(document):
		r.problems = append(r.problems, r.src.at(0).Problem(rule.EmptyFile, "write version: 1 and tenants: into it; embedgen init writes a commented channels.yaml", "%s has no content", r.src.name))
		return nil
	case err != nil:
		return r.recovered(err)
	}
	switch second, err := decode(decoder); {
	case errors.Is(err, io.EOF):
	case err != nil:
		r.problems = append(r.problems, r.src.syntaxProblem(err))
	default:
		r.report(second, rule.MultipleDocuments, "keep one document in a file; further tenants go into files under include",
			"a second document starts here")
	}
	return document.Content[0]
}

func isEmpty(document *yaml.Node) bool {
	return len(document.Content) == 0 || isNull(document.Content[0]) && document.Content[0].Value == ""
}

// decode reads one document. The library reports some faults of its own by panicking; that must
// not take the program down.
func decode(decoder *yaml.Decoder) (document *yaml.Node, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			document, err = nil, fmt.Errorf("yaml: %v", fault)
		}
	}()
	document = new(yaml.Node)
	return document, decoder.Decode(document)
}
