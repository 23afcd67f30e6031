// Package ruledoc explains the rules of package rule to people, in English and Chinese: what a
// rule means, and what to do about a file that breaks it. [Markdown] makes a page of the
// documentation of it; its examples come from the fixtures of package config, which a test runs.
package ruledoc

import (
	"embedgen/generator/config/rule"
)

// Doc explains one rule.
type Doc struct {
	ID     rule.ID
	En, Zh Text

	// The example is a part of the rule's fixture in testdata/rules: the lines that a diagnostic
	// is about and what they belong to.
	nth   int    // which of the rule's diagnostics, from 0
	whole bool   // with everything below the line too
	bad   string // written out instead, where the fixture has what a page cannot show
}

// Text is an explanation in one language, as Markdown.
type Text struct {
	Title   string // a few words
	Meaning string // what is demanded, and why
	Cure    string // what to do
}

// group is a section of the page.
type group struct {
	id, en, zh string
	docs       []Doc
}

var groups = []group{
	{"files", "The files", "文件", fileDocs},
	{"keys", "Keys and types", "键与类型", keyDocs},
	{"values", "Single values", "单个取值", valueDocs},
	{"secrets", "Secrets", "密钥", secretDocs},
	{"libraries", "Libraries", "脚本库", libraryDocs},
	{"together", "What values mean together", "多个取值之间的关系", togetherDocs},
	{"environments", "Environments", "环境", environmentDocs},
}

// All returns the explanation of every rule, in the order of the page.
func All() []Doc {
	var list []Doc
	for _, g := range groups {
		list = append(list, g.docs...)
	}
	return list
}

// Lookup returns the explanation of a rule in English, or the zero Text.
func Lookup(id rule.ID) Text {
	for _, d := range All() {
		if d.ID == id {
			return d.En
		}
	}
	return Text{}
}
