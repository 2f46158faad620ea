//! What WeChat makes of a service's answer.

use saoma_wechat::callback::{CallbackSender, SUCCESS};

use crate::account::{Mode, OfficialAccount};
use crate::world::Outcome;

/// WeChat cuts or refuses longer texts; where exactly is not documented.
const MAX_TEXT: usize = 2048;

/// Says what the person sees of an answer with status 200.
pub(super) fn judge(
    sender: &CallbackSender,
    account: &OfficialAccount,
    openid: &str,
    answer: &[u8],
) -> Outcome {
    if answer.is_empty() || answer == SUCCESS.as_bytes() {
        return Outcome::Silent;
    }
    let reply = readable(sender, account.mode, answer).and_then(|xml| text_of(&xml, account, openid));
    reply.map_or_else(|problem| Outcome::Fault(problem.to_owned()), Outcome::Reply)
}

fn readable(sender: &CallbackSender, mode: Mode, answer: &[u8]) -> Result<String, &'static str> {
    let text = std::str::from_utf8(answer).map_err(|_| "the answer is not UTF-8")?;
    if !text.starts_with("<xml>") {
        return Err("the answer is neither success nor a reply");
    }
    let encrypted = field(text, "Encrypt")?.is_some();
    match mode {
        Mode::Plain if encrypted => Err("the reply is encrypted, but the account is in plain mode"),
        Mode::Plain => Ok(text.to_owned()),
        Mode::Compat if !encrypted => Ok(text.to_owned()),
        Mode::Secure if !encrypted => Err("the reply is not encrypted, but the account is in secure mode"),
        Mode::Compat | Mode::Secure => sender
            .open_reply(answer)
            .map_err(|_| "the reply is not encrypted or signed with the account's keys"),
    }
}

fn text_of(xml: &str, account: &OfficialAccount, openid: &str) -> Result<String, &'static str> {
    if field(xml, "ToUserName")?.as_deref() != Some(openid) {
        return Err("the reply is not to the sender");
    }
    if field(xml, "FromUserName")?.as_deref() != Some(account.original_id.as_str()) {
        return Err("the reply is not from the account");
    }
    if field(xml, "MsgType")?.as_deref() != Some("text") {
        return Err("the reply is not a text");
    }
    if field(xml, "CreateTime")?.is_none_or(|time| time.parse::<u64>().is_err()) {
        return Err("the reply has no time");
    }
    match field(xml, "Content")? {
        Some(text) if text.is_empty() => Err("the text is empty"),
        Some(text) if text.len() > MAX_TEXT => Err("the text is too long"),
        Some(text) => Ok(text),
        None => Err("the reply has no text"),
    }
}

/// Returns the text of a direct child of the root.
fn field(xml: &str, name: &str) -> Result<Option<String>, &'static str> {
    let document = roxmltree::Document::parse(xml).map_err(|_| "the reply is not XML")?;
    let child = document.root_element().children().find(|node| node.has_tag_name(name));
    // A CDATA section that was split has several text nodes.
    Ok(child.map(|node| node.children().filter_map(|part| part.text()).collect()))
}

#[cfg(test)]
mod tests {
    use saoma_wechat::callback::message_xml;

    use super::*;

    fn judged(mode: Mode, answer: &str) -> Outcome {
        let account = OfficialAccount { mode, ..OfficialAccount::demo() };
        judge(&account.sender().unwrap(), &account, "oMing", answer.as_bytes())
    }

    fn reply(to: &str, text: &str) -> String {
        message_xml(&[
            ("ToUserName", to),
            ("FromUserName", "gh_3f1c9a0b7d52"),
            ("CreateTime", "1763610001"),
            ("MsgType", "text"),
            ("Content", text),
        ])
    }

    #[test]
    fn success_and_nothing_stay_silent_in_every_mode() {
        for mode in [Mode::Plain, Mode::Compat, Mode::Secure] {
            assert_eq!(judged(mode, ""), Outcome::Silent);
            assert_eq!(judged(mode, "success"), Outcome::Silent);
            assert!(matches!(judged(mode, "success\n"), Outcome::Fault(_)));
            assert!(matches!(judged(mode, r#"{"code":"internal"}"#), Outcome::Fault(_)));
        }
    }

    #[test]
    fn a_readable_text_reply_is_shown_where_the_mode_allows_it() {
        let answer = reply("oMing", "登录成功 ]]> <b>");
        assert_eq!(judged(Mode::Plain, &answer), Outcome::Reply("登录成功 ]]> <b>".to_owned()));
        assert_eq!(judged(Mode::Compat, &answer), Outcome::Reply("登录成功 ]]> <b>".to_owned()));
        assert!(matches!(judged(Mode::Secure, &answer), Outcome::Fault(_)));
    }

    #[test]
    fn replies_that_wechat_would_not_show_are_faults() {
        let to_another = reply("oHong", "hello");
        let empty = reply("oMing", "");
        let long = reply("oMing", &"x".repeat(2049));
        let blank_before = format!(" {}", reply("oMing", "hello"));
        let news = reply("oMing", "hello").replace("<![CDATA[text]]>", "<![CDATA[news]]>");
        for answer in [to_another, empty, long, blank_before, news, "<xml>".to_owned()] {
            assert!(matches!(judged(Mode::Plain, &answer), Outcome::Fault(_)), "{answer}");
        }
    }
}
