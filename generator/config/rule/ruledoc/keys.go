package ruledoc

import "embedgen/generator/config/rule"

var keyDocs = []Doc{
	{
		ID: rule.BadVersion,
		En: Text{"Unknown version", "`version` is 1, as a number. It says how the file is to be read, so that a later format cannot be mistaken for this one.",
			"Write `version: 1`. A file of another version needs another embedgen."},
		Zh: Text{"未知的版本", "`version` 是数字 1，它说明文件应如何解读，以免与以后的格式混淆。",
			"写 `version: 1`。其他版本的文件需要其他版本的 embedgen。"},
	},
	{
		ID: rule.UnknownKey,
		En: Text{"Unknown key", "Every key is a known one, in its place. A misspelt key would otherwise do nothing, without a word.",
			"Take the key that the hint proposes, or move the key to where the hint says that it belongs."},
		Zh: Text{"未知的键", "每个键都必须是已知的，并写在正确的位置，否则写错的键会悄悄失效。",
			"采用提示给出的键，或按提示把键移到它该在的位置。"},
	},
	{
		ID: rule.DuplicateKey,
		En: Text{"Duplicate key", "A key stands once in its mapping. Programs differ about which of two values counts. Both places are shown.",
			"Keep one of them."},
		Zh: Text{"重复的键", "同一映射中每个键只能出现一次，不同程序对以哪个为准并不一致。两个位置都会显示。",
			"只保留一个。"},
	},
	{
		ID: rule.WrongType,
		En: Text{"Wrong type", "A value has the shape that its key asks for. Text that some YAML reader takes for a number, a boolean, a date or nothing (`no`, `0123`, `1e5`, `2026-12-31`, `~`) stands in quotes, so that every reader sees the same. Long ids may be plain digits.",
			"Write the text in quotes, or give the key the list or mapping that it asks for."},
		Zh: Text{"类型错误", "取值必须符合键要求的形式。会被某些 YAML 解析器当成数字、布尔值、日期或空值的文本（`no`、`0123`、`1e5`、`2026-12-31`、`~`）要加引号，使所有解析器读到同样的内容。较长的编号可以直接写数字。",
			"给文本加引号，或写成键所要求的列表或映射。"},
	},
	{
		ID: rule.MissingKey, nth: 5, whole: true,
		En: Text{"Missing key", "Every required key is there. The place is that of the mapping that lacks it. `mode` may stand in the channel, in its tenant or under `defaults`.",
			"Add the key. `embedgen schema` and your editor know which keys a mapping needs."},
		Zh: Text{"缺少键", "所有必需的键都要写出。报告的位置是缺少该键的映射。`mode` 可以写在渠道、租户或 `defaults` 中。",
			"补上该键。`embedgen schema` 和编辑器知道每个映射需要哪些键。"},
	},
}
