//! Reads the service's answer to an event.

use std::collections::BTreeMap;

use roxmltree::{Document, Node};
use saoma_wechat::callback::{CallbackFormat, CallbackMode, CallbackSender, SUCCESS};
use serde_json::{Map, Value};

use crate::apps::OfficialAccount;
use crate::state::DeliveryOutcome;

/// WeChat cuts or refuses longer texts; where exactly is not documented.
const MAX_TEXT: usize = 2048;

/// Returns what the person sees of an answer with status 200.
pub(super) fn outcome_of(
    sender: &CallbackSender,
    account: &OfficialAccount,
    openid: &str,
    answer: &[u8],
) -> DeliveryOutcome {
    if answer.is_empty() || answer == SUCCESS.as_bytes() {
        return DeliveryOutcome::Silent;
    }
    let reply = readable(sender, account, answer).and_then(|reply| text_of(&reply, account, openid));
    reply.map_or_else(|problem| DeliveryOutcome::Fault(problem.to_owned()), DeliveryOutcome::Reply)
}

/// The fields of a reply that are texts or numbers.
type Fields = BTreeMap<String, String>;

/// Returns the fields of an answer, decrypted where it is encrypted.
fn readable(
    sender: &CallbackSender,
    account: &OfficialAccount,
    answer: &[u8],
) -> Result<Fields, &'static str> {
    let text = std::str::from_utf8(answer).map_err(|_| "the answer is not UTF-8")?;
    let fields = parse(account.format, text)?;
    let encrypted = fields.contains_key("Encrypt");
    match account.mode {
        CallbackMode::Plain if encrypted => Err("the reply is encrypted, but the account is in plain mode"),
        CallbackMode::Secure if !encrypted => {
            Err("the reply is not encrypted, but the account is in secure mode")
        }
        CallbackMode::Compat | CallbackMode::Secure if encrypted => {
            let opened = sender.open_reply(answer);
            let opened =
                opened.map_err(|_| "the reply is not encrypted or signed with the account's keys")?;
            parse(account.format, &opened)
        }
        CallbackMode::Plain | CallbackMode::Compat | CallbackMode::Secure => Ok(fields),
    }
}

fn text_of(reply: &Fields, account: &OfficialAccount, openid: &str) -> Result<String, &'static str> {
    let field = |name: &str| reply.get(name).map(String::as_str);
    for (name, wanted, problem) in [
        ("ToUserName", openid, "the reply is not to the sender"),
        ("FromUserName", &account.original_id, "the reply is not from the account"),
        ("MsgType", "text", "the reply is not a text"),
    ] {
        if field(name) != Some(wanted) {
            return Err(problem);
        }
    }
    if field("CreateTime").is_none_or(|time| time.parse::<u64>().is_err()) {
        return Err("the reply has no time");
    }
    match field("Content") {
        Some("") => Err("the text is empty"),
        Some(text) if text.len() > MAX_TEXT => Err("the text is too long"),
        Some(text) => Ok(text.to_owned()),
        None => Err("the reply has no text"),
    }
}

fn parse(format: CallbackFormat, text: &str) -> Result<Fields, &'static str> {
    match format {
        CallbackFormat::Xml if text.starts_with("<xml>") => parse_xml(text),
        CallbackFormat::Json if text.starts_with('{') => parse_json(text),
        CallbackFormat::Xml | CallbackFormat::Json => Err("the answer is neither success nor a reply"),
    }
}

fn parse_xml(text: &str) -> Result<Fields, &'static str> {
    let document = Document::parse(text).map_err(|_| "the reply is not XML")?;
    let children = document.root_element().children().filter(|child| child.is_element());
    // A CDATA section that was split has several text nodes.
    let text_of = |child: Node<'_, '_>| child.children().filter_map(|part| part.text()).collect::<String>();
    Ok(children.map(|child| (child.tag_name().name().to_owned(), text_of(child))).collect())
}

fn parse_json(text: &str) -> Result<Fields, &'static str> {
    let object: Map<String, Value> = serde_json::from_str(text).map_err(|_| "the reply is not JSON")?;
    let text_of = |value: Value| match value {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    Ok(object.into_iter().filter_map(|(name, value)| Some((name, text_of(value)?))).collect())
}

#[cfg(test)]
mod tests {
    use saoma_wechat::callback::message_xml;

    use super::*;

    fn outcome(mode: CallbackMode, answer: &str) -> DeliveryOutcome {
        let account = OfficialAccount { mode, ..OfficialAccount::demo() };
        outcome_of(&account.sender().unwrap(), &account, "oMing", answer.as_bytes())
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
        for mode in [CallbackMode::Plain, CallbackMode::Compat, CallbackMode::Secure] {
            assert_eq!(outcome(mode, ""), DeliveryOutcome::Silent);
            assert_eq!(outcome(mode, "success"), DeliveryOutcome::Silent);
            assert!(matches!(outcome(mode, "success\n"), DeliveryOutcome::Fault(_)));
            assert!(matches!(outcome(mode, r#"{"code":"internal"}"#), DeliveryOutcome::Fault(_)));
        }
    }

    #[test]
    fn a_readable_text_reply_is_shown_where_the_mode_allows_it() {
        let answer = reply("oMing", "登录成功 ]]> <b>");
        assert_eq!(
            outcome(CallbackMode::Plain, &answer),
            DeliveryOutcome::Reply("登录成功 ]]> <b>".to_owned())
        );
        assert_eq!(
            outcome(CallbackMode::Compat, &answer),
            DeliveryOutcome::Reply("登录成功 ]]> <b>".to_owned())
        );
        assert!(matches!(outcome(CallbackMode::Secure, &answer), DeliveryOutcome::Fault(_)));
    }

    #[test]
    fn replies_that_wechat_would_not_show_are_faults() {
        let to_another = reply("oHong", "hello");
        let empty = reply("oMing", "");
        let long = reply("oMing", &"x".repeat(2049));
        let blank_before = format!(" {}", reply("oMing", "hello"));
        let news = reply("oMing", "hello").replace("<![CDATA[text]]>", "<![CDATA[news]]>");
        for answer in [to_another, empty, long, blank_before, news, "<xml>".to_owned()] {
            assert!(matches!(outcome(CallbackMode::Plain, &answer), DeliveryOutcome::Fault(_)), "{answer}");
        }
    }
}
