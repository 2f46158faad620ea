// The texts in Chinese.

export const zh = {
  // the desk
  sandbox: "沙箱", title: "模拟的微信",
  lead: "这里没有真的微信：人物、手机和短信都在本机，但服务收到的请求与真的一样。",
  phones: "桌上的手机", newPerson: "新人物", add: "添加",
  noPhones: "桌上没有手机，请在上面选择一个人物。", phoneOf: "{0} 的手机", putAway: "收起 {0} 的手机",
  failed: "没有成功：{0}", offline: "沙箱没有回应，正在重新连接…",
  // tabs
  tabs: "屏幕", tabChat: "微信", tabScan: "扫一扫", tabSms: "短信", tabMini: "小程序", unread: "{0} 条新内容",
  // chats
  back: "返回", accounts: "公众号", notFollowing: "未关注", follow: "关注", unfollow: "取消关注",
  message: "发消息", send: "发送", noChat: "还没有消息。", followFirst: "关注后才能发消息。",
  you: "我：{0}",
  // scan
  inSight: "眼前的二维码", noCodes: "打开一个登录页面，它的二维码就会出现在这里。",
  pasteUrl: "改为粘贴网址", pasteLabel: "二维码里的网址", scan: "扫一扫", scanOf: "扫一扫：{0}", open: "打开", openOf: "打开：{0}",
  profileKind: "公众号 · 未关注", profileTells: "点“关注”之前，微信不会通知服务。",
  login: "登录", left: "还剩 {0}", scannedBy: "{0} 已扫", website: "网站", inWechat: "微信内网页",
  // sms
  noSms: "还没有短信。", smsBefore: "您用于“{0}”的验证码是 ", smsAfter: "，{0} 分钟内有效。",
  copy: "复制", copyCode: "复制验证码 {0}", copied: "已复制", newSms: "验证码 {0}", now: "现在",
  // mini programs
  miniTitle: "小程序和 App", miniOpen: "打开 {0}", miniService: "服务的地址", miniClose: "关闭", miniPhone: "提供微信手机号",
  miniNone: "没有配置小程序或 App。", miniBusy: "正在登录…", miniAddress: "请先填写服务的地址。",
  miniTells: "打开后会立即用微信登录。",
  miniCode: "小程序码", miniCodes: "眼前的小程序码", miniAsks: "登录 {0}？", miniNear: "和这部手机在同一网络",
  miniFar: "和这部手机不在同一网络，请确认是你本人在登录", miniYes: "确认登录", miniNo: "拒绝",
  page_registered: "另一块屏幕上已登录", page_unregistered: "请在另一块屏幕上填写手机号", page_expired: "这次登录已结束",
  miniSilent: "服务没有回应。",
  mini_registered: "已登录", mini_unregistered: "微信已认识你，还没有账号。", mini_other: "登录状态：{0}。",
  mini_problem: "服务拒绝了：{0}",
  // the log
  logTitle: "微信告诉了服务什么", noLog: "还没有事件。",
  subscribe: "关注", unsubscribe: "取消关注", "scan-event": "扫码", "text-event": "消息", "click-event": "点菜单", "picture-event": "发图片", "revoke-event": "撤回授权",
  silent: "已收下", reply: "有回复", fault: "出错", pending: "发送中…", resend: "再发一次", resendOf: "再发一次：事件 {0}", attempts: "{0} 次尝试",
  xmlOf: "事件 {0} 的 XML",
  // why nothing was sent
  qr_expired: "二维码已过期", qr_unknown: "这不是本沙箱里的二维码", already_follows: "已经关注了",
  does_not_follow: "请先关注公众号", text_length: "消息为空或太长", no_callback_url: "公众号没有设置回调地址",
  // authorization
  actAs: "以谁的身份", allow: "允许", refuse: "拒绝", goOn: "继续", later: "以后再说", asSnapshot: "以快照页的虚拟账号",
  connectTitle: "微信授权", connectProblem: "该链接无法访问", connectOver: "页面已过期",
  connectAgain: "请从原来的网站重新开始。", onPhone: "也可以在模拟的手机上确认",
  asks_snsapi_login: "用微信登录 {0}", asks_snsapi_base: "在微信里打开 {0}", asks_snsapi_userinfo: "{0} 申请获取你的信息",
  tells_snsapi_login: "对方会知道", tells_snsapi_userinfo: "对方会知道", tells_snsapi_base: "静默授权：只告诉 openid，不会询问。请选择这是谁的微信。",
  gets_profile: "你的昵称和头像", gets_unionid: "你的 unionid，同一主体的应用里都相同",
  allowed: "{0} 已允许", refused: "{0} 已拒绝", youAllowed: "已允许：{0}", youRefused: "已拒绝：{0}",
  goingBack: "正在返回…", stays: "微信不会跳转回去，可以关闭这个页面。",
  problem_fragment: "网址末尾缺少 #wechat_redirect", problem_appid_missing: "缺少 appid",
  problem_appid_unknown: "appid 不存在，或者不能用于此页面",
  problem_appid_website: "网站应用的 appid 不能在微信内使用", problem_redirect_missing: "缺少 redirect_uri",
  problem_redirect_foreign: "redirect_uri 的域名与后台配置不一致", problem_response_type: "response_type 必须是 code",
  problem_scope_missing: "缺少 scope", problem_scope_unknown: "此页面没有这个 scope",
  problem_state: "state 太长，或者含有不允许的字符",
};
