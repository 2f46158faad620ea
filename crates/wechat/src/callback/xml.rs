//! Reading and writing the flat XML of callbacks, within limits.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::fields::{Damage, Fields, MAX_FIELDS};
use super::refused::CallbackRefused;

const MAX_DEPTH: usize = 8;
const CDATA: &str = "[CDATA[";
const CDATA_END: &str = "]]>";
const DECLARATIONS: [&str; 5] = ["DOCTYPE", "ENTITY", "ELEMENT", "ATTLIST", "NOTATION"];

/// Reads a body in one walk: the direct children of the root element with their text.
///
/// WeChat sends no comments, processing instructions and attributes, at most 256 elements and 8 levels, and no
/// field twice: all of that is damage of the structure. Nothing is ever expanded but the five entities of XML
/// and numbered characters.
///
/// # Errors
/// [`CallbackRefused::Malformed`] for a DTD or a part of one.
pub(super) fn read(text: &str) -> Result<Fields<'_>, CallbackRefused> {
    let open = Vec::with_capacity(MAX_DEPTH);
    let mut walk = Walk { fields: Fields::new(), open, text: Cow::Borrowed(""), elements: 0 };
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut rest = match body.trim_start().strip_prefix("<?xml ").and_then(|rest| rest.split_once("?>")) {
        Some((_version_and_encoding, rest)) => rest,
        None => body,
    };
    if !is_xml_text(body) {
        walk.fields.damaged(Damage::Text);
    }
    while let Some((before, markup)) = rest.split_once('<') {
        walk.text(before);
        rest = walk.markup(markup)?;
    }
    walk.text(rest);
    if !walk.open.is_empty() || walk.elements == 0 {
        walk.fields.damaged(Damage::Structure);
    }
    Ok(walk.fields)
}

struct Walk<'a> {
    fields: Fields<'a>,
    /// The names of the open elements: the root, the field, and what is nested in it.
    open: Vec<&'a str>,
    /// The text of the open field so far.
    text: Cow<'a, str>,
    elements: usize,
}

impl<'a> Walk<'a> {
    /// Takes what follows a `<`, and returns what is behind the markup.
    fn markup(&mut self, markup: &'a str) -> Result<&'a str, CallbackRefused> {
        if let Some(special) = markup.strip_prefix('!') {
            if let Some(cdata) = special.strip_prefix(CDATA) {
                return Ok(self.cdata(cdata));
            }
            let declares =
                |word: &&str| special.get(..word.len()).is_some_and(|w| w.eq_ignore_ascii_case(word));
            if DECLARATIONS.iter().any(declares) {
                return Err(CallbackRefused::Malformed);
            }
        }
        let Some((tag, behind)) = Tag::split(markup) else {
            // A stray `<`, an attribute, a comment or an instruction.
            self.odd();
            return Ok(markup);
        };
        if tag.opens {
            self.open(tag.name);
        }
        if tag.closes {
            self.close(tag.name);
        }
        Ok(behind)
    }

    /// Takes what follows the start of a CDATA section, and returns what is behind the section.
    fn cdata(&mut self, cdata: &'a str) -> &'a str {
        let end = split_at_cdata_end(cdata);
        if end.is_none() || self.open.is_empty() {
            self.fields.damaged(Damage::Structure);
        }
        let (text, behind) = end.unwrap_or((cdata, ""));
        self.append(Cow::Borrowed(text));
        behind
    }

    fn open(&mut self, name: &'a str) {
        let second_root = self.open.is_empty() && self.elements > 0;
        self.elements += 1;
        if second_root || self.elements > MAX_FIELDS || self.open.len() == MAX_DEPTH {
            self.fields.damaged(Damage::Structure);
        }
        // What is nested too deep is closed as markup that was never opened.
        if self.open.len() < MAX_DEPTH {
            self.open.push(name);
        }
        if self.open.len() == 2 {
            self.text = Cow::Borrowed("");
        }
    }

    fn close(&mut self, name: &'a str) {
        match *self.open.as_slice() {
            [.., last] if last == name => {
                self.open.pop();
            }
            // What a person wrote is open still where the field itself ends.
            [_root, field, ..] if field == name => {
                self.fields.damaged(Damage::Text);
                self.open.truncate(1);
            }
            _ => return self.odd(),
        }
        if self.open.len() == 1 {
            self.fields.push(name, std::mem::take(&mut self.text));
        }
    }

    /// Notes what is not markup of WeChat's: in a field a person wrote it.
    fn odd(&mut self) {
        self.fields.damaged(if self.open.len() < 2 { Damage::Structure } else { Damage::Text });
    }

    /// Takes what is between two pieces of markup.
    fn text(&mut self, text: &'a str) {
        if text.is_empty() {
            return;
        }
        if split_at_cdata_end(text).is_some() || self.open.is_empty() && !text.trim().is_empty() {
            self.odd();
        }
        let (text, all_known) = decoded(text);
        if !all_known {
            self.odd();
        }
        self.append(text);
    }

    fn append(&mut self, text: Cow<'a, str>) {
        if self.open.len() == 2 && self.text.is_empty() {
            self.text = text;
        } else if self.open.len() == 2 && !text.is_empty() {
            self.text.to_mut().push_str(&text);
        }
    }
}

/// Splits a text at the first end of a CDATA section. It looks for one byte, which is found sooner than a word.
fn split_at_cdata_end(text: &str) -> Option<(&str, &str)> {
    let split = |at| Some((text.get(..at)?, text.get(at..)?.strip_prefix(CDATA_END)?));
    text.match_indices(']').find_map(|(at, _)| split(at))
}

/// A tag without attributes and with a name that WeChat could give an element.
struct Tag<'a> {
    name: &'a str,
    opens: bool,
    closes: bool,
}

impl<'a> Tag<'a> {
    /// Takes the tag that begins behind a `<`, and returns it with what is behind it.
    fn split(markup: &'a str) -> Option<(Self, &'a str)> {
        let (is_end, rest) = markup.strip_prefix('/').map_or((false, markup), |rest| (true, rest));
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
        let (name, rest) = rest.split_at_checked(rest.bytes().position(|byte| !is_name(byte))?)?;
        let rest = rest.trim_start();
        let (is_empty, rest) = match rest.strip_prefix('/') {
            Some(rest) if !is_end => (true, rest),
            Some(_) | None => (false, rest),
        };
        let behind = rest.strip_prefix('>')?;
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            .then_some((Self { name, opens: !is_end, closes: is_end || is_empty }, behind))
    }
}

/// Returns a text with its entities replaced, and whether all of them are known; the others stay as they are.
fn decoded(text: &str) -> (Cow<'_, str>, bool) {
    let Some((before, mut rest)) = text.split_once('&') else { return (Cow::Borrowed(text), true) };
    let (mut out, mut all_known) = (before.to_owned(), true);
    loop {
        match rest.split_once(';').and_then(|(name, behind)| Some((entity(name)?, behind))) {
            Some((c, behind)) => {
                out.push(c);
                rest = behind;
            }
            None => {
                out.push('&');
                all_known = false;
            }
        }
        let Some((before, behind)) = rest.split_once('&') else { break };
        out.push_str(before);
        rest = behind;
    }
    out.push_str(rest);
    (Cow::Owned(out), all_known)
}

fn entity(name: &str) -> Option<char> {
    let number = match name {
        "lt" => return Some('<'),
        "gt" => return Some('>'),
        "amp" => return Some('&'),
        "quot" => return Some('"'),
        "apos" => return Some('\''),
        _ => name.strip_prefix('#')?,
    };
    let (digits, radix) = number.strip_prefix('x').map_or((number, 10), |hex| (hex, 16));
    let is_plain = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u32::from_str_radix(digits, radix)
        .ok()
        .filter(|_| is_plain)
        .and_then(char::from_u32)
        .filter(|c| is_xml_char(*c))
}

/// Returns whether XML can carry every character of a text. Almost always that can be told from the bytes: no other
/// character begins with the first byte of the two high ones.
fn is_xml_text(text: &str) -> bool {
    let is_odd = |byte: u8| (byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r')) || byte == 0xef;
    // No early end, so that many bytes are looked at together.
    let any_odd = text.bytes().fold(false, |any, byte| any | is_odd(byte));
    !any_odd || text.chars().all(is_xml_char)
}

/// Returns whether XML can carry a character.
fn is_xml_char(c: char) -> bool {
    c >= ' ' && !matches!(c, '\u{fffe}' | '\u{ffff}') || matches!(c, '\t' | '\n' | '\r')
}

/// Appends `<name><![CDATA[text]]></name>`; a text with `]]>` in it cannot end the field.
pub(super) fn push_text(xml: &mut String, name: &str, text: &str) {
    let text = text.replace(CDATA_END, "]]]]><![CDATA[>");
    // Writing into a `String` cannot fail.
    let _ = write!(xml, "<{name}><![CDATA[{text}]]></{name}>");
}

/// Appends `<name>number</name>`.
pub(super) fn push_number(xml: &mut String, name: &str, number: i64) {
    let _ = write!(xml, "<{name}>{number}</{name}>");
}
