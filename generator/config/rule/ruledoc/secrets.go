package ruledoc

import "embedgen/generator/config/rule"

var secretDocs = []Doc{
	{
		ID: rule.LiteralSecret, nth: 1,
		En: Text{"Secret in the file", "A secret is named by a reference, never written into the file: files are copied, reviewed and kept in version control for ever. embedgen never prints such a value; lines that could show it are masked.",
			"Write `{env: NAME}`, `{file: path}` or `{exec: [command]}`, and replace the secret in CEC: it has been written down."},
		Zh: Text{"文件中出现密钥", "密钥只能用引用表示，绝不能写进文件：文件会被复制、审查，并永久留在版本库中。embedgen 从不显示这样的取值，可能泄露它的行都会被遮盖。",
			"写 `{env: 名称}`、`{file: 路径}` 或 `{exec: [命令]}`，并在 CEC 中更换密钥，因为它已经泄露。"},
	},
	{
		ID: rule.EchoedSecret,
		En: Text{"Echoed secret", "The program of `exec` fetches a secret from where it is kept. One that echoes its own arguments has the secret from the file, where it is no secret.",
			"Name a program that knows the secret, such as the client of a password store, and replace the secret if it has been written down."},
		Zh: Text{"回显的密钥", "`exec` 的程序从保管处取得密钥。只回显自身参数的程序，密钥就写在文件里，已不再是秘密。",
			"写一个能取得密钥的程序，例如密码库的客户端；如果密钥已写进文件，请更换它。"},
	},
	{
		ID: rule.BadSecretRef, nth: 1,
		En: Text{"Bad reference to a secret", "A reference has one of three keys: `env`, the name of an environment variable; `file`, the path of a file that only its owner can read; `exec`, a program and its arguments, which prints the secret.",
			"Keep one of them, in its form."},
		Zh: Text{"密钥引用错误", "引用只能有三个键之一：`env` 是环境变量名；`file` 是只有所有者可读的文件路径；`exec` 是打印密钥的程序及其参数。",
			"只保留其中一个，并按其形式书写。"},
	},
	{
		ID: rule.MissingSecret, whole: true,
		En: Text{"Missing secret key", "A channel in authorization mode has a `secretKey`: without it nobody can sign its guests in.",
			"Add `secretKey` with a reference. CEC's console shows the key itself."},
		Zh: Text{"缺少密钥", "authorization 方式的渠道必须有 `secretKey`，否则无法为游客签名。",
			"添加带引用的 `secretKey`。密钥本身在 CEC 控制台中查看。"},
	},
	{
		ID: rule.UnusedSecret,
		En: Text{"Unused secret key", "A channel in token mode signs nothing. A secret that is not needed is a secret that can leak.",
			"Remove `secretKey`."},
		Zh: Text{"多余的密钥", "token 方式的渠道不需要签名。用不到的密钥只会增加泄露的可能。",
			"删除 `secretKey`。"},
	},
	{
		ID: rule.UnresolvedSecret,
		En: Text{"Secret not found", "Every secret that is named is where its reference says. Only `embedgen check --secrets` and the commands that sign look.",
			"Set the environment variable, make the file readable for its owner only, or run the command yourself."},
		Zh: Text{"找不到密钥", "每个密钥都必须在引用所指的地方。只有 `embedgen check --secrets` 和签名的命令会去查找。",
			"设置环境变量，或让文件只有所有者可读，或自己运行该命令检查。"},
	},
	{
		ID: rule.UnusableSecret,
		En: Text{"Unusable secret", "A secret key is 1 to 43 letters and digits, as CEC issues them; the key of customer tokens has at least 32 bytes.",
			"Put the right secret there. For customer tokens, make a random one of 43 letters and digits."},
		Zh: Text{"无法使用的密钥", "渠道密钥由 CEC 生成，为 1 到 43 个字母和数字；客户令牌的密钥至少 32 字节。",
			"放入正确的密钥。客户令牌请使用 43 个随机字母和数字。"},
	},
	{
		ID: rule.WeakSecret,
		En: Text{"Weak secret", "A secret has at least 16 characters, 8 of them different. Shorter or simpler ones can be guessed by trying.",
			"Make a random one of 43 letters and digits, and set it in CEC too."},
		Zh: Text{"过弱的密钥", "密钥至少 16 个字符，其中至少 8 个不同。更短或更简单的密钥可以通过尝试猜出。",
			"使用 43 个随机字母和数字，并在 CEC 中同步修改。"},
	},
}

var libraryDocs = []Doc{
	{
		ID: rule.BadLibrary,
		En: Text{"Bad library", "A library is `false` (none), `{src, integrity}` (on another host) or `{file}` (a copy that you serve).",
			"Keep one of the three forms."},
		Zh: Text{"脚本库取值错误", "脚本库是 `false`（不用）、`{src, integrity}`（其他主机）或 `{file}`（自行提供的副本）。",
			"三种形式选一。"},
	},
	{
		ID: rule.MissingIntegrity,
		En: Text{"Missing integrity", "A script of another host has an `integrity`. Without it, whoever controls that host controls your pages.",
			"Take the value from the library's publisher, or use `file` to serve a copy yourself."},
		Zh: Text{"缺少完整性校验", "其他主机上的脚本必须有 `integrity`，否则控制那台主机的人就能控制你的页面。",
			"从脚本库的发布者处取得该值，或用 `file` 自行提供副本。"},
	},
	{
		ID: rule.BadIntegrity,
		En: Text{"Bad integrity", "An integrity is `sha256-`, `sha384-` or `sha512-` and the digest in base64. Browsers ignore other hashes, and with them the protection.",
			"Copy it again from the library's publisher."},
		Zh: Text{"完整性校验错误", "integrity 是 `sha256-`、`sha384-` 或 `sha512-` 加上 base64 摘要。浏览器会忽略其他算法，也就失去了保护。",
			"从脚本库的发布者处重新复制。"},
	},
	{
		ID: rule.UnreadableLibrary,
		En: Text{"Unreadable library", "A library file is below the directory of channels.yaml, is not empty and has at most 4 MiB.",
			"Download it from its publisher into that place."},
		Zh: Text{"无法读取脚本库", "脚本库文件必须位于 channels.yaml 所在目录之下，不能为空，最大 4 MiB。",
			"从发布者处下载到该位置。"},
	},
	{
		ID: rule.OldJQuery,
		En: Text{"Old jQuery", "jQuery is 3.5 or newer: older releases have known holes for script injection.",
			"Use the newest 3.x release."},
		Zh: Text{"过旧的 jQuery", "jQuery 必须是 3.5 或更新的版本，旧版本存在已知的脚本注入漏洞。",
			"使用最新的 3.x 版本。"},
	},
	{
		ID: rule.SlimJQuery,
		En: Text{"Slim jQuery", "jQuery is the full build. The slim one has no `$.ajax`, which CEC's client calls.",
			"Use `jquery-….min.js` without `slim` in its name."},
		Zh: Text{"精简版 jQuery", "jQuery 必须是完整版。精简版没有 CEC 客户端要用的 `$.ajax`。",
			"使用文件名中不含 `slim` 的 `jquery-….min.js`。"},
	},
	{
		ID: rule.BackdooredAxios,
		En: Text{"Backdoored axios", "axios is not one of the releases that carried a backdoor, 1.14.1 and 0.30.4.",
			"Use another release."},
		Zh: Text{"带后门的 axios", "axios 不能是带有后门的版本 1.14.1 和 0.30.4。",
			"使用其他版本。"},
	},
}
