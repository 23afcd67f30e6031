package ruledoc

import "embedgen/generator/config/rule"

var togetherDocs = []Doc{
	{
		ID: rule.DuplicateID, nth: 1,
		En: Text{"Duplicate id", "Ids of tenants are unique, over all files; ids of channels and of token keys within their tenant. Upper and lower case are alike, since some file systems and hosts take them so. Both places are shown.",
			"Give each its own id."},
		Zh: Text{"重复的编号", "租户编号在所有文件中唯一，渠道编号和令牌密钥编号在租户内唯一。大小写视为相同，因为有些文件系统和主机不区分大小写。两个位置都会显示。",
			"给每一个不同的编号。"},
	},
	{
		ID: rule.DuplicateChannelConfig,
		En: Text{"Shared channel configuration", "Two channels of a tenant space do not share a channel configuration: CEC could not tell their conversations apart.",
			"Make a channel configuration of its own in the CEC console."},
		Zh: Text{"共用的渠道配置", "同一租间的两个渠道不应共用一个渠道配置，否则 CEC 无法区分它们的会话。",
			"在 CEC 控制台中为它单独新建渠道配置。"},
	},
	{
		ID: rule.MissingCEC, whole: true,
		En: Text{"Missing address of CEC", "A channel whose context path is a path knows the CEC that nginx passes it on to.",
			"Write `cec: https://…` in the channel, in the tenant or under `defaults`."},
		Zh: Text{"缺少 CEC 地址", "上下文路径是路径的渠道，必须知道 nginx 要转发到哪个 CEC。",
			"在渠道、租户或 `defaults` 中写 `cec: https://…`。"},
	},
	{
		ID: rule.PathCollision,
		En: Text{"Colliding paths", "The paths that nginx answers on one origin do not overlap: a request belongs to one tenant and one place. Both places are shown.",
			"Give one of them another path, such as `/eu/service-cloud`."},
		Zh: Text{"路径冲突", "同一来源上由 nginx 处理的路径不能重叠：一个请求只属于一个租户、一个位置。两个位置都会显示。",
			"为其中之一换一个路径，例如 `/eu/service-cloud`。"},
	},
	{
		ID: rule.DirectContext,
		En: Text{"CEC on another site", "A CEC that the browser talks to directly is on the site's own domain. Browsers withhold the cookie of another site, and CEC must answer with CORS headers.",
			"Use a path such as `/service-cloud`, and let the site's nginx pass it on."},
		Zh: Text{"CEC 位于其他站点", "浏览器直接访问的 CEC 应与网站同域。浏览器会拦截其他站点的 Cookie，而且 CEC 必须返回 CORS 响应头。",
			"使用 `/service-cloud` 这样的路径，由网站的 nginx 转发。"},
	},
	{
		ID: rule.CrossSiteFrame,
		En: Text{"Frame on another site", "A site that `csp.frameAncestors` names is on the tenant's own domain. In the frame of another site browsers withhold the chat's cookies, and the chat does not start.",
			"Put a link to the page there instead of a frame."},
		Zh: Text{"其他站点的框架", "`csp.frameAncestors` 中的网站应与租户网站同域。在其他站点的框架里，浏览器会拦截在线客服的 Cookie，聊天无法启动。",
			"在那里用指向该页面的链接代替框架。"},
	},
	{
		ID: rule.MissingFolder,
		En: Text{"Missing folder", "`site.pages` is a folder below the directory of channels.yaml.",
			"Make the folder, or remove `pages`."},
		Zh: Text{"文件夹不存在", "`site.pages` 是 channels.yaml 所在目录下的文件夹。",
			"新建该文件夹，或删除 `pages`。"},
	},
	{
		ID: rule.BadPageName,
		En: Text{"Bad page name", "The name of a page means the same to every file system and in an address.",
			"Rename the file. Its name has none of `\\ : * ? \" < > | # % &`."},
		Zh: Text{"页面名称错误", "页面名称在各种文件系统和地址中必须含义一致。",
			"重命名文件，名称中不要使用 `\\ : * ? \" < > | # % &`。"},
	},
	{
		ID: rule.PageCollision,
		En: Text{"Colliding pages", "Two pages do not become one file where upper and lower case are alike.",
			"Rename one of them."},
		Zh: Text{"页面冲突", "在不区分大小写的系统上，两个页面不能变成同一个文件。",
			"重命名其中一个。"},
	},
	{
		ID: rule.MapOutsideChina,
		En: Text{"Map of China only", "Visitors outside China cannot use Tencent maps, which know no places there. The rule looks at `region`, if that is set.",
			"Write `mapService: google`."},
		Zh: Text{"仅限中国的地图", "中国以外的访客无法使用腾讯地图，它没有境外地点。该规则只在设置了 `region` 时检查。",
			"写 `mapService: google`。"},
	},
}

var environmentDocs = []Doc{
	{
		ID: rule.UnknownEnvironment, nth: 1,
		En: Text{"Unknown environment", "An environment that `--env` asks for, or that an included file adds to, is named under `environments` in channels.yaml.",
			"Correct the name, or add the environment to channels.yaml."},
		Zh: Text{"未知的环境", "`--env` 指定的环境，或被包含的文件所补充的环境，必须写在 channels.yaml 的 `environments` 下。",
			"改正名称，或在 channels.yaml 中添加该环境。"},
	},
	{
		ID: rule.UnknownReference,
		En: Text{"Unknown tenant or channel", "The tenants and channels that an environment changes exist. Otherwise a trial would go to production, without a word.",
			"Correct the id."},
		Zh: Text{"未知的租户或渠道", "环境所修改的租户和渠道必须存在，否则试用请求会悄悄发往生产环境。",
			"改正编号。"},
	},
	{
		ID: rule.EnvironmentKind,
		En: Text{"Another kind of context path", "In an environment, a path stays a path and an address stays an address. Pages of the other kind load from elsewhere, under another policy, and would prove nothing about those in production.",
			"Keep the kind, or change the channel itself."},
		Zh: Text{"上下文路径种类改变", "在环境中，路径仍是路径，地址仍是地址。另一种页面从别处加载，安全策略也不同，不能说明生产环境的情况。",
			"保持种类不变，或修改渠道本身。"},
	},
}
