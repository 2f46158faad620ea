//! The table of WeChat's error codes.
//!
//! Source: WeChat's pages of the token, QR code, user and login APIs, compared with the tables of its
//! widely used client libraries. The codes from 10003 to 10016 stand on WeChat's own pages in the browser.

use super::{
    Bilingual, Errcode,
    Remedy::{self, NewToken, NextMinute, NotFound, Repeat, Report, Stop},
};

const fn row(code: i64, remedy: Remedy, cause: Bilingual, advice: Bilingual) -> Errcode {
    Errcode { code, remedy, cause, advice }
}

const fn text(en: &'static str, zh: &'static str) -> Bilingual {
    Bilingual { en, zh }
}

const MALFORMED: Bilingual =
    text("WeChat misses a part of the request", "微信认为请求缺少参数，或者格式不对");
const BUG: Bilingual = text("please report this as a bug", "这是程序的问题，请提交 issue");
const START_AGAIN: Bilingual = text("the login has to start again", "重新发起登录");
const NOT_WHITELISTED: Bilingual = text(
    "the address that this server calls from is not in the IP whitelist",
    "本服务器的出口 IP 不在 IP 白名单里",
);
const ADD_TO_WHITELIST: Bilingual = text(
    "add it to the IP whitelist of the app in WeChat's console",
    "在微信开发者平台该账号的“IP 白名单”里加上它；日志和 `saoma check` 会给出微信看到的 IP",
);
const READ_NOTICE: Bilingual =
    text("look for WeChat's notice in the console", "到微信后台查看通知（站内信）");
const TO_CONFIRM: Bilingual = text(
    "the administrator of the account has to confirm the address that this server calls from",
    "这个 IP 的调用需要公众号管理员确认",
);
const LET_CONFIRM: Bilingual =
    text("let the administrator confirm it in WeChat", "请管理员在微信里的通知中确认");

/// The known codes, in ascending order.
pub(super) const ERRCODES: &[Errcode] = &[
    row(
        -1,
        Repeat,
        text("WeChat is busy", "微信系统繁忙"),
        text("try again later", "稍后重试；Saoma 已经自动重试过"),
    ),
    row(
        10003,
        Report,
        text(
            "the domain of redirect_uri is not the one that is registered for the app",
            "redirect_uri 的域名和后台登记的不一致（页面上显示“redirect_uri 参数错误”）",
        ),
        text(
            "register the host of server.public_url, without https:// and path: of an official account as the domain of web authorization, of a website application as the callback domain",
            "把 server.public_url 的域名（不带 https:// 和路径）填进后台：服务号填“网页授权域名”，网站应用填“授权回调域”",
        ),
    ),
    row(10004, Report, text("WeChat has banned the account", "该账号被微信封禁"), READ_NOTICE),
    row(
        10005,
        Report,
        text(
            "the account may not ask for this scope",
            "该账号没有这个 scope 的权限（页面上显示“Scope 参数错误或没有 Scope 权限”）",
        ),
        text(
            "web authorization needs a certified service account or a test account",
            "网页授权需要已认证的服务号，或者测试号",
        ),
    ),
    row(
        10006,
        Report,
        text("the person does not follow the test account", "用户没有关注测试号"),
        text(
            "follow the test account first: its QR code is on the page of the test account",
            "先扫测试号页面上的二维码关注它，再登录",
        ),
    ),
    row(
        10009,
        Report,
        text("the person authorizes too often", "授权过于频繁"),
        text("wait a minute", "等一分钟再试"),
    ),
    row(10010, Report, text("the scope is empty", "scope 为空"), BUG),
    row(10011, Report, text("redirect_uri is empty", "redirect_uri 为空"), BUG),
    row(
        10012,
        Report,
        text("the app id is empty", "appid 为空"),
        text("set app_id of the app", "填写该应用的 app_id"),
    ),
    row(10013, Report, text("the state is empty", "state 为空"), BUG),
    row(
        10015,
        Report,
        text("the account has not authorized the third-party platform", "公众号没有授权给第三方平台"),
        text(
            "use the account's own app_id, not that of a third-party platform",
            "请使用公众号自己的 app_id，不要用第三方平台的",
        ),
    ),
    row(
        10016,
        Report,
        text(
            "the app id of the open platform was used where that of an official account is needed",
            "这里要用公众号的 AppID，却用了开放平台的",
        ),
        text(
            "the kind of the app is wrong: use kind = \"website\" for an application of the open platform",
            "kind 写错了：开放平台的网站应用要写 kind = \"website\"",
        ),
    ),
    row(
        40001,
        NewToken,
        text("WeChat takes no access token that it just gave out", "微信不认刚刚发出的 access_token"),
        text(
            "see whether another program forces new ones for this app: let it get its tokens here, or use stable_token without force_refresh",
            "检查是否有别的程序也在为这个 AppID 强制刷新 token：让它改用 stable_token 且不要 force_refresh，或者统一从 Saoma 取",
        ),
    ),
    row(40002, Report, MALFORMED, BUG),
    row(
        40003,
        NotFound,
        text(
            "the openid belongs to another app",
            "openid 不属于这个应用（不同应用的 openid 不通用），或者用户没有关注",
        ),
        text(
            "nothing has to be done if it is rare; else compare the app with the app_id",
            "偶尔出现不用管；经常出现就核对应用和 app_id 是否对应",
        ),
    ),
    row(
        40013,
        Report,
        text("the app id does not exist", "AppID 不存在"),
        text("compare app_id with WeChat's console", "把 app_id 和微信后台的逐字核对"),
    ),
    row(
        40014,
        NewToken,
        text("WeChat calls its own access token malformed", "微信认为 access_token 格式不对"),
        text("see whether api_base points at WeChat", "检查 wechat.api_base 是否真的指向微信"),
    ),
    row(
        40029,
        NotFound,
        text("the code is not valid", "code 无效：可能用错了应用的 AppSecret，或者 code 是别的应用的"),
        START_AGAIN,
    ),
    row(40030, NotFound, text("the refresh token is not valid", "refresh_token 无效"), START_AGAIN),
    row(40033, Report, MALFORMED, BUG),
    row(
        40052,
        Report,
        text("WeChat does not know this kind of QR code", "action_name 不对，微信不认识这种二维码"),
        BUG,
    ),
    row(
        40053,
        Report,
        text("WeChat does not take the scene of the QR code", "action_info 不对，微信不接受这个场景值"),
        BUG,
    ),
    row(
        40125,
        Stop,
        text("the app secret is wrong", "AppSecret 不对"),
        text(
            "copy it again from WeChat's console; a reset makes the old one invalid at once",
            "到微信后台重新复制；重置 AppSecret 后旧的立即失效",
        ),
    ),
    row(
        40163,
        NotFound,
        text("the code was used before", "code 已经用过（一个 code 只能用一次）"),
        START_AGAIN,
    ),
    row(40164, Report, NOT_WHITELISTED, ADD_TO_WHITELIST),
    row(
        40226,
        Report,
        text("WeChat takes this person for a risk and blocks the login", "微信认为该用户有风险，拦截了登录"),
        text(
            "trying again does not help, only the person can clear it with WeChat",
            "重试没有用，只能由用户自己找微信解除",
        ),
    ),
    row(
        40243,
        Stop,
        text("the app secret is frozen", "AppSecret 已被冻结"),
        text("unfreeze it in WeChat's console", "到微信后台解冻 AppSecret"),
    ),
    row(41001, Report, MALFORMED, BUG),
    row(41002, Report, MALFORMED, BUG),
    row(41004, Report, MALFORMED, BUG),
    row(41008, NotFound, text("the code is missing", "缺少 code"), START_AGAIN),
    row(
        41030,
        Report,
        text("the page of the mini program's code does not exist", "小程序码指向的页面不存在"),
        text("set login_page to a page of the published version", "把 login_page 改成线上版本里存在的页面"),
    ),
    row(
        42001,
        NewToken,
        text(
            "WeChat calls an access token expired that it just gave out",
            "微信认为刚刚发出的 access_token 已过期",
        ),
        text(
            "see whether another program forces new ones for this app",
            "检查是否有别的程序也在为这个 AppID 强制刷新 token",
        ),
    ),
    row(42002, NotFound, text("the refresh token expired", "refresh_token 已过期"), START_AGAIN),
    row(42003, NotFound, text("the code expired", "code 已过期（有效期约 5 分钟）"), START_AGAIN),
    row(
        42007,
        NotFound,
        text("the person changed the password, and the tokens are void", "用户改了密码，凭证已失效"),
        START_AGAIN,
    ),
    row(43002, Report, MALFORMED, BUG),
    row(
        43003,
        Report,
        text("WeChat wants HTTPS", "微信要求使用 HTTPS"),
        text("api_base has to begin with https", "wechat.api_base 必须以 https 开头"),
    ),
    row(
        43004,
        NotFound,
        text("the person does not follow the account", "用户没有关注该公众号"),
        text("nothing has to be done: the person follows by scanning", "不用处理：用户扫码时会关注"),
    ),
    row(44002, Report, MALFORMED, BUG),
    row(
        45009,
        Stop,
        text("the quota of the day is used up", "该接口当天的调用次数已用完"),
        text(
            "wait for midnight in China, or clear the quota in WeChat's console (ten times a month)",
            "等到北京时间零点，或者在微信后台清零（每月 10 次）；检查是否有人在刷二维码，见 limits.logins_per_day",
        ),
    ),
    row(
        45011,
        NextMinute,
        text("the quota of the minute is used up", "调用太频繁，超过了每分钟的次数"),
        text("wait for the next minute; Saoma does", "等到下一分钟；Saoma 会自动等"),
    ),
    row(
        45015,
        NotFound,
        text("the person did nothing in the chat for 48 hours", "用户 48 小时内没有和公众号互动"),
        text("nothing has to be done", "不用处理"),
    ),
    row(
        45029,
        Report,
        text("the permanent QR codes are used up", "永久二维码的数量已用完"),
        text(
            "delete permanent codes that other systems made; Saoma makes temporary ones only",
            "清理其他系统生成的永久二维码；Saoma 只用临时二维码",
        ),
    ),
    row(45035, Report, NOT_WHITELISTED, ADD_TO_WHITELIST),
    row(
        45047,
        NotFound,
        text(
            "the person has to write before WeChat takes another message to them",
            "客服消息条数超限，要等用户再发消息",
        ),
        text("nothing has to be done", "不用处理"),
    ),
    row(47001, Report, MALFORMED, BUG),
    row(
        48001,
        Report,
        text("the app may not call this API", "该账号没有这个接口的权限"),
        text(
            "it needs a certified service account (for phone numbers a certified mini program that is not a person's own), or the right has to be asked for in WeChat's console; an account that can make no QR codes takes `login_by = \"message\"`",
            "带参数二维码和网页授权需要已认证的服务号（或测试号）；取手机号需要已认证的非个人小程序；在微信后台“接口权限”里可以查看；没有带参数二维码的账号可以用 `login_by = \"message\"`",
        ),
    ),
    row(
        48004,
        Report,
        text("WeChat has banned the app from this API", "该账号被禁止调用这个接口"),
        READ_NOTICE,
    ),
    row(
        48006,
        Report,
        text("the quota was cleared too often this month", "本月清零次数已用完"),
        text("wait for the quota of tomorrow", "等第二天额度恢复"),
    ),
    row(
        50001,
        Report,
        text("the person did not authorize this", "用户没有授权"),
        text("let the person authorize again", "让用户重新授权"),
    ),
    row(50002, Report, text("WeChat has limited the account", "该账号受到限制"), READ_NOTICE),
    row(
        50004,
        Report,
        text("the app may not ask for access tokens", "该账号被禁止获取 access_token"),
        READ_NOTICE,
    ),
    row(
        50005,
        NotFound,
        text("the person does not follow the account", "用户没有关注该公众号"),
        text("nothing has to be done: the person follows by scanning", "不用处理：用户扫码时会关注"),
    ),
    row(50007, Report, text("WeChat has frozen the account", "该账号已被冻结"), READ_NOTICE),
    row(61004, Report, NOT_WHITELISTED, ADD_TO_WHITELIST),
    row(
        87008,
        Report,
        text("the method of the session's signature is unknown", "session 签名的 sig_method 不对"),
        BUG,
    ),
    row(
        87009,
        NotFound,
        text("the session's signature is not valid", "session 签名无效"),
        text("call wx.login again", "小程序重新调用 wx.login"),
    ),
    row(89501, Report, TO_CONFIRM, LET_CONFIRM),
    row(89503, Report, TO_CONFIRM, LET_CONFIRM),
    row(
        89506,
        Stop,
        text(
            "the administrator of the account refused the address that this server calls from",
            "管理员拒绝了这个 IP 的调用",
        ),
        text(
            "it is blocked for 24 hours; then let the administrator confirm it",
            "24 小时内不能再调用；之后请管理员确认",
        ),
    ),
    row(
        89507,
        Stop,
        text(
            "the administrator of the account refused the address that this server calls from",
            "管理员拒绝了这个 IP 的调用",
        ),
        text(
            "it is blocked for an hour; then let the administrator confirm it",
            "1 小时内不能再调用；之后请管理员确认",
        ),
    ),
];
