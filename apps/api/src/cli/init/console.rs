//! What is said about WeChat's console, by its menus of today.

use std::path::Path;

use saoma_api::config::Language;

use super::answers::Answers;

/// Says what to enter where.
pub(super) fn what_to_enter(answers: &Answers, language: Language) -> String {
    let url = format!("{}/wechat/main/callback", answers.public_url);
    let token = &answers.token;
    match (language, &answers.encoding_aes_key) {
        (Language::Chinese, None) => format!(
            "\n在微信公众平台接口测试号后台填写（https://mp.weixin.qq.com/debug/cgi-bin/sandbox?t=sandbox/login）：\n\
             \x20 接口配置信息\n    URL    {url}\n    Token  {token}\n\
             \x20 JS接口安全域名、网页授权获取用户基本信息（体验接口权限表里“修改”）：填 {} 的域名，不带 https://\n",
            answers.public_url
        ),
        (Language::Chinese, Some(key)) => format!(
            "\n在微信后台填写：\n\
             \x20 微信开发者平台（https://developers.weixin.qq.com/platform）→ 我的业务 → 服务号 → 消息推送\n\
             \x20 或 微信公众平台（https://mp.weixin.qq.com）→ 设置与开发 → 开发接口管理 → 基本配置 → 服务器配置\n\
             \x20   服务器地址(URL)                {url}\n    令牌(Token)                    {token}\n\
             \x20   消息加解密密钥(EncodingAESKey) {key}\n    消息加解密方式                 安全模式\n\
             \x20   数据格式                       XML\n\
             \x20 同一页的 IP 白名单：加上本服务器的出口 IP\n\
             \x20 设置与开发 → 账号设置 → 功能设置 → 网页授权域名：填 {} 的域名，不带 https://\n",
            answers.public_url
        ),
        (Language::English, None) => format!(
            "\nEnter in the console of the test account (测试号, \
             https://mp.weixin.qq.com/debug/cgi-bin/sandbox?t=sandbox/login):\n\
             \x20 接口配置信息 (interface configuration)\n    URL    {url}\n    Token  {token}\n\
             \x20 网页授权 (web authorization) in the table of rights: the host of {}, without https://\n",
            answers.public_url
        ),
        (Language::English, Some(key)) => format!(
            "\nEnter in WeChat's console:\n\
             \x20 微信开发者平台 (https://developers.weixin.qq.com/platform) → 我的业务 → 服务号 → 消息推送\n\
             \x20 or 微信公众平台 (https://mp.weixin.qq.com) → 设置与开发 → 开发接口管理 → 基本配置 → 服务器配置\n\
             \x20   服务器地址(URL)                {url}\n    令牌(Token)                    {token}\n\
             \x20   消息加解密密钥(EncodingAESKey) {key}\n    消息加解密方式                 安全模式\n\
             \x20   数据格式                       XML\n\
             \x20 IP 白名单 on the same page: the address that this server calls from\n\
             \x20 设置与开发 → 账号设置 → 功能设置 → 网页授权域名: the host of {}, without https://\n",
            answers.public_url
        ),
    }
}

/// Says that the service runs, and where people log in.
pub(super) fn waiting(answers: &Answers, language: Language) -> String {
    let page = format!("{}/login", answers.public_url);
    match language {
        Language::Chinese => {
            format!("服务已启动，等待微信的请求……填好后点“提交”。Ctrl-C 结束。\n登录页：{page}")
        }
        Language::English => {
            format!(
                "The service runs and waits for WeChat; press 提交 in the console. Ctrl-C ends it.\nLogin page: {page}"
            )
        }
    }
}

/// Says how it goes on with the file.
pub(super) fn next(config: &Path, language: Language) -> String {
    let path = config.display();
    // The unit of the Debian package reads this one.
    let serve = match path.to_string().as_str() {
        "/etc/saoma/saoma.toml" => "systemctl enable --now saoma".to_owned(),
        path => format!("saoma serve --config {path}"),
    };
    match language {
        Language::Chinese => format!("接下来：saoma check --config {path} 逐项检查，{serve} 启动服务"),
        Language::English => {
            format!("next: saoma check --config {path} tries every part, {serve} starts the service")
        }
    }
}
