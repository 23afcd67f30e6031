package main

import (
	"bytes"
	"fmt"
	"slices"
	"unicode/utf8"

	"embedgen/generator/artifact"
	"embedgen/generator/diag"
	"embedgen/generator/leak"
	"embedgen/generator/secret"
	"embedgen/generator/site"
)

// leaks searches the output for every secret of channels.yaml that resolves here, and says which
// file holds one and where, not what it is. A build needs no secrets: those that do not resolve
// are not searched for, and commands are run only when that is asked for.
func (f *buildFlags) leaks(s *site.Site, tree *artifact.Tree) diag.List {
	var refs []secret.Ref
	for _, ref := range s.AllSecretRefs() {
		if ref.Exec == "" || f.exec {
			refs = append(refs, ref)
		}
	}
	known := newKeyring(f.secrets(), refs)
	var secrets []leak.Secret
	for _, ref := range refs {
		if v, err := known.Resolve(ref); err == nil {
			secrets = append(secrets, leak.Secret{Ref: ref, Value: v})
		}
	}
	manifest, _ := tree.Lookup(artifact.ManifestPath)
	var list diag.List
	for _, l := range leak.Search(slices.Concat(tree.Files(), []artifact.File{manifest}), secrets) {
		file, _ := tree.Lookup(l.Path)
		list = append(list, diag.Diagnostic{
			Pos:     place(file, l.Offset),
			Rule:    "leaked-secret",
			Message: fmt.Sprintf("this output would hold the secret (%s), written %s, at byte %d", l.Ref, l.Form, l.Offset),
			Hint:    "find the template, page or file that has it, remove it there, and replace the secret",
		})
	}
	return list
}

// place turns an offset in an output file into line and column.
func place(f artifact.File, offset int) diag.Pos {
	before := f.Data[:offset]
	return diag.Pos{File: f.Path, Line: bytes.Count(before, []byte{'\n'}) + 1, Column: utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1}
}
