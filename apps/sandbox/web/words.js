// The texts of the page, in the browser's language.

const zh = {
  sandbox: "沙箱", title: "一部模拟的手机",
  lead: "这里没有真的微信：关注、扫码、消息和短信都在本机模拟，但服务收到的请求与真的一样。",
  whose: "拿着谁的手机", newPerson: "新人物的名字", add: "添加",
  openCodes: "眼前的二维码和授权页", noCodes: "还没有二维码。在登录页面上打开一个，它就会出现在这里。",
  pasteLabel: "或者粘贴二维码里的网址", scan: "扫一扫", scanOf: "扫一扫：{0}",
  tabScan: "扫一扫", tabChat: "聊天", tabSms: "短信",
  account: "公众号", follow: "关注", unfollow: "取消关注", message: "发消息", send: "发送",
  noChat: "还没有消息。", noSms: "还没有短信。",
  login: "登录", left: "还剩 {0}", scannedBy: "{0} 已扫",
  codeFor: "验证码", copy: "复制", copied: "已复制", validFor: "{0} 分钟内有效",
  newSms: "新短信：验证码 {0}", following: "已关注", notFollowing: "未关注",
  logTitle: "微信告诉了服务什么", logLead: "每个事件、每次尝试，以及服务的回答。", noLog: "还没有事件。",
  subscribe: "关注", unsubscribe: "取消关注", "scan-event": "扫码", "text-event": "消息",
  silent: "已收下", reply: "有回复", fault: "出错", pending: "发送中…", resend: "再发一次",
  resendOf: "再发一次：事件 {0}", attempts: "{0} 次尝试",
  qr_expired: "二维码已过期", qr_unknown: "这不是本沙箱里的二维码", already_follows: "已经关注了",
  does_not_follow: "请先关注公众号", text_length: "消息为空或太长", no_callback_url: "公众号没有设置回调地址",
  actAs: "以谁的身份", allow: "允许", refuse: "拒绝", goOn: "继续", asSnapshot: "以快照页的虚拟账号",
  connectTitle: "微信授权", connectProblem: "该链接无法访问",
  problem_fragment: "网址末尾缺少 #wechat_redirect", problem_appid_missing: "缺少 appid", problem_appid_unknown: "appid 不存在，或者不能用于此页面",
  problem_appid_website: "网站应用的 appid 不能在微信内使用", problem_redirect_missing: "缺少 redirect_uri",
  problem_redirect_foreign: "redirect_uri 的域名与后台配置不一致", problem_response_type: "response_type 必须是 code",
  problem_scope_missing: "缺少 scope", problem_scope_unknown: "此页面没有这个 scope", problem_state: "state 太长，或者含有不允许的字符",
  asks_snsapi_login: "用微信登录 {0}", asks_snsapi_base: "在微信里打开 {0}", asks_snsapi_userinfo: "{0} 申请获取你的信息",
  tells_snsapi_login: "网站会知道你的昵称、头像和 unionid。也可以在模拟的手机上确认。",
  tells_snsapi_base: "静默授权：只告诉 openid，不会询问。请选择这是谁的微信。",
  tells_snsapi_userinfo: "公众号会知道你的昵称、头像和 unionid。",
  allowed: "{0} 已允许", refused: "{0} 已拒绝", goingBack: "正在返回…", stays: "微信不会跳转回去，可以关闭这个页面。",
  website: "网站", inWechat: "微信内网页",
  tabMini: "小程序", miniTitle: "小程序", miniApp: "小程序", miniService: "小程序所用服务的地址", miniOpen: "打开并登录",
  miniPhone: "提供微信手机号", miniNone: "没有配置小程序。",
  mini_registered: "已登录", mini_unregistered: "微信已认识你，还没有账号", mini_phone: "手机号 {0}", mini_problem: "服务拒绝了：{0}",
  failed: "没有成功：{0}", offline: "沙箱没有回应，正在重新连接…", phoneOf: "{0} 的手机",
};

const en = {
  sandbox: "sandbox", title: "A simulated phone",
  lead: "No real WeChat is involved. Following, scanning, chatting and SMS are simulated on this machine; the service is called just as WeChat would call it.",
  whose: "Whose phone", newPerson: "Name of somebody new", add: "Add",
  openCodes: "In sight", noCodes: "No QR code yet. Open a login page and its code appears here.",
  pasteLabel: "Or paste the URL from a QR code", scan: "Scan", scanOf: "Scan: {0}",
  tabScan: "Scan", tabChat: "Chat", tabSms: "SMS",
  account: "Official account", follow: "Follow", unfollow: "Unfollow", message: "Message", send: "Send",
  noChat: "No messages yet.", noSms: "No SMS yet.",
  login: "Log in", left: "{0} left", scannedBy: "scanned by {0}",
  codeFor: "Verification code", copy: "Copy", copied: "Copied", validFor: "good for {0} min",
  newSms: "New SMS: code {0}", following: "Following", notFollowing: "Not following",
  logTitle: "What WeChat told the service", logLead: "Every event, every attempt, and what the service answered.", noLog: "No events yet.",
  subscribe: "follows", unsubscribe: "unfollows", "scan-event": "scans", "text-event": "writes",
  silent: "accepted", reply: "replied", fault: "failed", pending: "sending…", resend: "Send again",
  resendOf: "Send again: event {0}", attempts: "{0} attempts",
  qr_expired: "This code has expired", qr_unknown: "This is not a QR code of this sandbox", already_follows: "Already following",
  does_not_follow: "Follow the account first", text_length: "The message is empty or too long", no_callback_url: "The account has no callback URL",
  actAs: "Act as", allow: "Allow", refuse: "Refuse", goOn: "Go on", asSnapshot: "As the virtual account of a snapshot page",
  connectTitle: "WeChat authorization", connectProblem: "This link cannot be opened",
  problem_fragment: "#wechat_redirect is missing at the end of the URL", problem_appid_missing: "appid is missing", problem_appid_unknown: "appid is unknown, or of an app that may not use this page",
  problem_appid_website: "appid is a website’s, which is not for use inside WeChat", problem_redirect_missing: "redirect_uri is missing",
  problem_redirect_foreign: "redirect_uri is not in the app’s domain", problem_response_type: "response_type must be code",
  problem_scope_missing: "scope is missing", problem_scope_unknown: "This page knows no such scope", problem_state: "state is too long or has characters that WeChat does not return",
  asks_snsapi_login: "Log in to {0} with WeChat", asks_snsapi_base: "Open {0} inside WeChat", asks_snsapi_userinfo: "{0} asks who you are",
  tells_snsapi_login: "The website will know your name, picture and unionid. You can also confirm on the simulated phone.",
  tells_snsapi_base: "Silent: the openid only, and nobody is asked. Say whose WeChat this is.",
  tells_snsapi_userinfo: "The account will know your name, picture and unionid.",
  allowed: "{0} has allowed it", refused: "{0} has refused", goingBack: "Going back…", stays: "WeChat sends the browser nowhere. You can close this page.",
  website: "website", inWechat: "page inside WeChat",
  tabMini: "Mini", miniTitle: "Mini program", miniApp: "Mini program", miniService: "Address of the service behind it", miniOpen: "Open and log in",
  miniPhone: "Give my phone number", miniNone: "No mini program is configured.",
  mini_registered: "Logged in", mini_unregistered: "WeChat knows you; there is no account yet", mini_phone: "Phone {0}", mini_problem: "The service refused: {0}",
  failed: "That did not work: {0}", offline: "The sandbox does not answer, reconnecting…", phoneOf: "{0}’s phone",
};

export const language = (navigator.language || "en").toLowerCase().startsWith("zh") ? "zh" : "en";
const words = language === "zh" ? zh : en;

/** Returns a text with its gaps filled. */
export const t = (key, ...values) => words[key].replace(/\{(\d)\}/g, (_, at) => values[at]);

/** Fills every element that names its text. */
export function translate(root) {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  root.querySelectorAll("[data-text]").forEach((node) => { node.textContent = t(node.dataset.text); });
  root.querySelectorAll("[data-placeholder]").forEach((node) => { node.placeholder = t(node.dataset.placeholder); });
}
