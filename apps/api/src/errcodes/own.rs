//! What the codes of our own answers mean to those who run the service.

use saoma_wechat::errcode::Bilingual;

use crate::problem::ErrorCode;

const fn text(en: &'static str, zh: &'static str) -> Bilingual {
    Bilingual { en, zh }
}

/// Returns every code of the contract with its cause and what to do.
pub(super) fn all() -> impl Iterator<Item = (&'static str, Bilingual, Bilingual)> {
    ErrorCode::ALL.iter().map(|code| {
        let (cause, advice) = explanation(*code);
        (code.as_str(), cause, advice)
    })
}

const NOTHING: Bilingual = text("nothing: the client's person is told", "不用处理：页面会提示用户");
const FIX_CLIENT: Bilingual =
    text("correct the client; `detail` says what is wrong", "修改调用方；`detail` 里说明了哪里不对");
const START_AGAIN: Bilingual = text("start a new login", "重新发起登录");

fn explanation(code: ErrorCode) -> (Bilingual, Bilingual) {
    match code {
        ErrorCode::BodyInvalid => {
            (text("the request is not of the expected form", "请求格式不对，或者有未知的字段"), FIX_CLIENT)
        }
        ErrorCode::BodyTooLarge => (text("the body has over 64 KiB", "请求体超过 64 KiB"), FIX_CLIENT),
        ErrorCode::NotFound => (
            text("there is nothing at this path", "这个路径不存在"),
            text(
                "compare the path with /docs; behind a proxy see that it passes paths on unchanged",
                "对照 /docs 检查路径；有反向代理时确认它没有改写路径",
            ),
        ),
        ErrorCode::MethodNotAllowed => {
            (text("the path takes other methods", "这个路径不支持该方法"), FIX_CLIENT)
        }
        ErrorCode::LoginUnknown => (
            text(
                "no such login, or its poll token is missing or wrong",
                "没有这次登录，或者没有带上（带错了）poll token",
            ),
            text(
                "in browsers see that cookies come through: one host, https as in server.public_url, no proxy that drops them",
                "浏览器里先看 Cookie 有没有带上：同一域名、与 server.public_url 相同的协议、代理没有丢掉 Cookie",
            ),
        ),
        ErrorCode::LoginState => (text("the login is past this step", "登录已经不在这一步"), START_AGAIN),
        ErrorCode::LoginClosed => {
            (text("the session was collected long ago", "会话早已取走，超过了 handover_s"), START_AGAIN)
        }
        ErrorCode::AppUnknown => (
            text("no app of this kind or name is configured", "没有配置这种类型或这个名字的应用"),
            text(
                "add it to wechat.apps, or correct `channel` and `app`",
                "在 wechat.apps 里加上，或者改正 `channel`、`app`",
            ),
        ),
        ErrorCode::PhoneInvalid => (
            text(
                "not a mobile number, or of a country without SMS",
                "不是手机号，或者该国家（地区）不在发送范围内",
            ),
            text(
                "add the country to sms.countries where it is meant",
                "确实要发送的话，把国家码加进 sms.countries",
            ),
        ),
        ErrorCode::SmsCodeWrong => (text("the code is wrong", "验证码不对"), NOTHING),
        ErrorCode::SmsCodeExpired => (
            text("no code, too old, or tried too often", "没有验证码、已过期或试错次数过多"),
            text(
                "nothing; with several nodes see that all use one Redis (store.url)",
                "不用处理；多节点时确认都用同一个 Redis（store.url）",
            ),
        ),
        ErrorCode::PhoneTaken => (
            text("the number belongs to another person's account", "该手机号已属于另一个人的账号"),
            text(
                "the person may merge both on /account; see also login.recheck_phone_days",
                "本人可以在 /account 合并两个账号；另见 login.recheck_phone_days",
            ),
        ),
        ErrorCode::LastIdentity => {
            (text("it is the last way into the account", "这是账号唯一的登录方式，不能解绑"), NOTHING)
        }
        ErrorCode::IdentityTooNew => {
            (text("this WeChat user is too new in the account", "这个微信号绑定到账号还不满 7 天"), NOTHING)
        }
        ErrorCode::ScanRequired => (
            text("only a phone number says who the person is", "只凭手机号不能确认是本人"),
            text("let the person log in by a scan", "请用户先用微信扫码登录"),
        ),
        ErrorCode::ConsentRequired => (
            text(
                "the person did not agree to the terms of page.version, or to an older version",
                "用户没有同意 page.version 这一版协议，或者同意的是旧版本",
            ),
            text(
                "let the page ask for it and send the version as `consent`; GET /v1/page says which",
                "由页面请用户勾选，并把版本放在 `consent` 里；GET /v1/page 里有当前版本",
            ),
        ),
        ErrorCode::CheckFailed => (
            text(
                "the check against machines is missing, wrong, too old or used",
                "缺少人机校验，或者校验结果不对、过期、用过",
            ),
            text(
                "let the page solve the new challenge that is in the answer, or that GET /v1/check gives",
                "由页面完成应答里的新题目（或 GET /v1/check 给出的题目）再试",
            ),
        ),
        ErrorCode::RegistrationClosed => (
            text(
                "the person has no account, and login.registration is closed",
                "此人没有账号，而 login.registration 是 closed",
            ),
            text("make the account by the site API or an import", "用站点 API 或导入建立账号"),
        ),
        ErrorCode::AccountConflict => (
            text("it belongs to another account", "已属于另一个账号"),
            text("merge the accounts, or correct the data", "合并账号，或改正数据"),
        ),
        ErrorCode::KeyInvalid => (
            text("the site API's key is missing or wrong", "没有带站点 API 的密钥，或密钥不对"),
            text("compare it with [[admin.keys]]", "和 [[admin.keys]] 核对"),
        ),
        ErrorCode::ScopeMissing => (
            text("the key does not have the scope", "这个密钥没有该权限"),
            text("add the scope to the key in [[admin.keys]]", "在 [[admin.keys]] 里给它加上 scope"),
        ),
        ErrorCode::Forbidden => (
            text("the account may not do this", "该账号无权执行此操作"),
            text("see the rules of the application that embeds Saoma", "查看嵌入 Saoma 的应用的规则"),
        ),
        ErrorCode::LoginRefused => (
            text("the gate refused the person", "准入检查（gate）拒绝了该用户"),
            text(
                "see the system behind gate.url, and gate.on_failure where it does not answer",
                "查看 gate.url 背后的系统；它没有应答时看 gate.on_failure",
            ),
        ),
        ErrorCode::RateLimited => (
            text("a limit of [limits] was reached", "达到了 [limits] 里的某个限制"),
            text(
                "behind a proxy set server.trusted_proxies, else all clients count as one address",
                "有反向代理时要设置 server.trusted_proxies，否则所有用户算作同一个地址",
            ),
        ),
        ErrorCode::WechatDataInvalid => {
            (text("the mini program's data cannot be used", "小程序给的数据无法使用"), FIX_CLIENT)
        }
        ErrorCode::WechatCodeInvalid => (
            text("WeChat's code is unknown, used or too old", "微信的 code 无效、已用过或已过期"),
            START_AGAIN,
        ),
        ErrorCode::WechatUnavailable => (
            text("WeChat gave no usable answer", "微信没有给出可用的应答"),
            text("run `saoma check`; the log has the cause", "运行 `saoma check`；原因在日志里"),
        ),
        ErrorCode::WechatRefused => (
            text("WeChat refused, with an errcode", "微信拒绝了调用，并给出 errcode"),
            text(
                "look the errcode up above; the log has the details",
                "在上表中查这个 errcode；详情在日志里",
            ),
        ),
        ErrorCode::OAuthStateInvalid => (
            text(
                "the return belongs to no login of this browser",
                "从微信返回时，找不到这个浏览器发起的登录",
            ),
            text(
                "see that the browser leaves and comes back by one host, that of server.public_url",
                "确认用户离开和返回用的是同一个域名（server.public_url）；不要转发带 code 的链接",
            ),
        ),
        ErrorCode::ReturnToRefused => (
            text("return_to is not allowed", "return_to 不在允许范围内"),
            text("add it to login.return_to_allowed", "加进 login.return_to_allowed"),
        ),
        ErrorCode::SessionInvalid => {
            (text("there is no valid session", "没有有效的会话"), text("log in", "登录"))
        }
        ErrorCode::RecentLoginRequired => (
            text("it needs a login of the last ten minutes", "需要最近十分钟内登录过"),
            text("log in again", "重新登录"),
        ),
        ErrorCode::OriginRefused => (
            text("the page of the call is of another site", "发起调用的页面不属于本站"),
            text(
                "add its origin to server.allowed_origins, or the name to server.admin_hosts",
                "把来源加进 server.allowed_origins；运维接口则把名字加进 server.admin_hosts",
            ),
        ),
        ErrorCode::CallbackRefused => (
            text(
                "the callback is not WeChat's, or one of the console's values differs",
                "回调不是微信发来的，或者后台填的值和配置不一致",
            ),
            text(
                "the log says the cause: `signature` is the Token, `stale` the clock, `mode` the mode, `appid` the app",
                "日志里有原因：`signature` 查 Token，`stale` 查服务器时间，`mode` 查加密方式，`appid` 查应用",
            ),
        ),
        ErrorCode::AccountDisabled => (
            text("the account was disabled", "账号已停用"),
            text("enable it where that is wrong", "如属误操作，请重新启用"),
        ),
        ErrorCode::SmsUnavailable => (
            text("no SMS provider took the message", "短信没有发出去"),
            text("the log says why; run `saoma check`", "日志里有原因；运行 `saoma check`"),
        ),
        ErrorCode::StoreUnavailable => (
            text("the database or the store does not answer", "数据库或 Redis 没有应答"),
            text("see /readyz and the log", "查看 /readyz 和日志"),
        ),
        ErrorCode::Overloaded => {
            (text("the node has too much to do", "节点负载过高"), text("add a node", "增加节点"))
        }
        ErrorCode::Internal => (
            text("something went wrong on our side", "程序内部出错"),
            text("report it with the line of the log", "请带上日志提交 issue"),
        ),
    }
}
