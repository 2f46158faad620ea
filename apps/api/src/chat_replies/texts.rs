//! The texts, in each language.

use saoma_domain::services::ScanReply;

use crate::config::Language;

/// The texts of one language; `{site}`, `{browser}`, `{address}` and `{time}` are filled in.
pub(super) struct ChatTexts {
    pub(super) logged_in: &'static str,
    pub(super) linked: &'static str,
    pub(super) go_on: &'static str,
    pub(super) asked: &'static str,
    pub(super) asked_number: &'static str,
    pub(super) wrong_number: &'static str,
    pub(super) refused: &'static str,
    /// Follows a text that does not say where to say that it was not the person.
    pub(super) not_me: &'static str,
    /// Follows a text that does not say where to answer.
    pub(super) answer: &'static str,
    pub(super) disabled: &'static str,
    pub(super) not_admitted: &'static str,
    pub(super) taken: &'static str,
    pub(super) expired: &'static str,
    pub(super) link_refused: &'static str,
    pub(super) registration_closed: &'static str,
    pub(super) identity_added: &'static str,
    pub(super) code_unknown: &'static str,
    pub(super) too_many_codes: &'static str,
    pub(super) by_message: MessageTexts,
    /// Stands for an address or a device that is not known.
    pub(super) unknown: &'static str,
}

/// What is said in other words where the person sent a code and scanned none.
pub(super) struct MessageTexts {
    logged_in: &'static str,
    go_on: &'static str,
    refused: &'static str,
    taken: &'static str,
    expired: &'static str,
}

impl MessageTexts {
    /// Returns the words for a reply, where they are other ones.
    pub(super) const fn of(&self, reply: &ScanReply) -> Option<&'static str> {
        Some(match reply {
            ScanReply::LoggedIn { .. } => self.logged_in,
            ScanReply::GoOn { .. } => self.go_on,
            ScanReply::Refused => self.refused,
            ScanReply::ByAnother => self.taken,
            ScanReply::Over(_) => self.expired,
            ScanReply::Asked { .. }
            | ScanReply::Elsewhere
            | ScanReply::Linked { .. }
            | ScanReply::Disabled
            | ScanReply::NotAdmitted { .. }
            | ScanReply::LinkRefused
            | ScanReply::RegistrationClosed
            | ScanReply::Foreign => return None,
        })
    }
}

/// Returns the texts of a language.
pub(super) const fn texts(language: Language) -> &'static ChatTexts {
    match language {
        Language::Chinese => &CHINESE,
        Language::English => &ENGLISH,
    }
}

const CHINESE: ChatTexts = ChatTexts {
    logged_in: "已登录 {site}\n设备：{browser}\n地址：{address}\n时间：{time}\n\
                若非本人操作，请立即在该网站退出所有设备，不要扫描陌生人发来的二维码。",
    linked: "此微信已绑定到 {site} 的账号，并已登录\n设备：{browser}\n地址：{address}\n时间：{time}\n\
             若非本人操作，此账号可能属于他人：请不要继续使用，并联系该网站解除绑定。",
    go_on: "扫码成功，请在 {site} 的页面上继续\n设备：{browser}\n地址：{address}\n时间：{time}\n\
            若非本人操作请忽略，不要把手机号或验证码告诉他人。",
    asked: "有设备请求用你的微信登录 {site}\n设备：{browser}\n地址：{address}\n时间：{time}\n\
            <a href=\"{link}\">查看并确认</a>\n不是你本人？请点开后拒绝，或不予理会。",
    asked_number: "有设备请求用你的微信登录 {site}\n设备：{browser}\n地址：{address}\n时间：{time}\n\
                   确认是你本人，请回复那台设备上显示的两位数字，或<a href=\"{link}\">点此输入</a>。\n\
                   不是你本人？请点开后拒绝，不要把数字告诉他人。",
    wrong_number: "数字不对，还可以试 {tries} 次。请回复设备上显示的两位数字，或<a href=\"{link}\">点此输入</a>。",
    refused: "已拒绝，{site} 上没有登录。若这不是你发起的，请不要再扫描陌生人给你的二维码。",
    not_me: "<a href=\"{link}\">不是我本人</a>",
    answer: "<a href=\"{link}\">查看并确认</a>",
    disabled: "未登录：你在 {site} 的账号已停用，请联系该网站。",
    not_admitted: "未登录：{site} 暂不允许你登录，请联系该网站。",
    taken: "此二维码已被其他微信用户扫描，请刷新页面后重新扫码。",
    expired: "此二维码已失效，请刷新页面后重新扫码。",
    link_refused: "无法绑定：此微信已绑定 {site} 的其他账号，或该账号已绑定其他微信。",
    registration_closed: "{site} 暂不开放注册：此微信没有账号，请联系该网站。",
    identity_added: "安全提醒：有人通过短信验证你在 {site} 绑定的手机号，把另一个微信加入了你的账号。\n\
                     若非本人操作，请立即登录该网站移除该微信，退出所有设备，并联系该网站。",
    code_unknown: "这个数字已失效或不正确。要登录 {site}，请发送页面上现在显示的六位数字。",
    too_many_codes: "数字错得太多，请一小时后再试。",
    by_message: MessageTexts {
        logged_in: "已登录 {site}\n设备：{browser}\n地址：{address}\n时间：{time}\n\
                    若非本人操作，请立即在该网站退出所有设备，不要把陌生人给你的数字发到这里。",
        go_on: "收到，请在 {site} 的页面上继续\n设备：{browser}\n地址：{address}\n时间：{time}\n\
                若非本人操作请忽略，不要把手机号或验证码告诉他人。",
        refused: "已拒绝，{site} 上没有登录。若这不是你发起的，请不要再把陌生人给你的数字发到这里。",
        taken: "这个数字已被其他微信用户使用，请刷新页面，发送新的数字。",
        expired: "这个数字已失效，请刷新页面，发送新的数字。",
    },
    unknown: "未知",
};

const ENGLISH: ChatTexts = ChatTexts {
    logged_in: "Logged in to {site}\nDevice: {browser}\nAddress: {address}\nTime: {time}\n\
                If this was not you, log out of all devices there now. Never scan a code from a stranger.",
    linked: "This WeChat was added to an account of {site} and logged in\nDevice: {browser}\nAddress: {address}\n\
             Time: {time}\nIf this was not you, the account may be a stranger's: do not use it, and ask the site to \
             remove this WeChat.",
    go_on: "Scanned. Continue at {site}\nDevice: {browser}\nAddress: {address}\nTime: {time}\n\
            If this was not you, ignore it. Tell no one your phone number or the code.",
    asked: "A device asks to log in to {site} with your WeChat\nDevice: {browser}\nAddress: {address}\nTime: {time}\n\
            <a href=\"{link}\">Look and confirm</a>\nNot you? Open it and refuse, or do nothing.",
    asked_number: "A device asks to log in to {site} with your WeChat\nDevice: {browser}\nAddress: {address}\n\
                   Time: {time}\nIf it is you, reply with the two digits on that device, or \
                   <a href=\"{link}\">enter them here</a>.\nNot you? Open it and refuse. Tell no one the digits.",
    wrong_number: "Wrong digits. Tries left: {tries}. Reply with the two digits on the device, or \
                   <a href=\"{link}\">enter them here</a>.",
    refused: "Refused. No one was logged in to {site}. If you did not start this, do not scan codes from strangers.",
    not_me: "<a href=\"{link}\">This was not me</a>",
    answer: "<a href=\"{link}\">Look and confirm</a>",
    disabled: "Not logged in: your account at {site} is disabled. Ask the site for help.",
    not_admitted: "Not logged in: {site} does not admit you. Ask the site for help.",
    taken: "Another WeChat user has scanned this code. Reload the page and scan again.",
    expired: "This code is no longer valid. Reload the page and scan again.",
    link_refused: "Not added: this WeChat belongs to another account of {site}, or the account has another WeChat.",
    registration_closed: "{site} makes no new accounts: this WeChat has none. Please ask the site.",
    identity_added: "Security notice: somebody proved your phone number at {site} by SMS, and another WeChat was \
                     added to your account.\nIf this was not you, log in there now, remove that WeChat, log out of all \
                     devices, and tell the site.",
    code_unknown: "These digits are wrong or no longer valid. To log in to {site}, send the six digits that its page shows now.",
    too_many_codes: "Too many wrong digits. Please try again in an hour.",
    by_message: MessageTexts {
        logged_in: "Logged in to {site}\nDevice: {browser}\nAddress: {address}\nTime: {time}\n\
                    If this was not you, log out of all devices there now. Never send digits here that a stranger gave you.",
        go_on: "Thank you. Continue at {site}\nDevice: {browser}\nAddress: {address}\nTime: {time}\n\
                If this was not you, ignore it. Tell no one your phone number or the code.",
        refused: "Refused. No one was logged in to {site}. If you did not start this, do not send digits here that a \
                  stranger gave you.",
        taken: "Another WeChat user has used these digits. Reload the page and send the new ones.",
        expired: "These digits are no longer valid. Reload the page and send the new ones.",
    },
    unknown: "unknown",
};
