//! Reading and writing the flat XML of callbacks, within limits.

use std::fmt::Write as _;

use super::refused::CallbackRefused;

const MAX_ELEMENTS: usize = 64;
const MAX_DEPTH: usize = 8;
/// Elements, the text around them, and the root.
const MAX_NODES: u32 = 256;

/// The direct children of the root element with their text.
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Parses a body.
    ///
    /// Refuses as malformed: a body that is not UTF-8 or not well-formed; a DTD, comments, processing
    /// instructions and attributes, of which WeChat sends none; more than 64 elements or 8 levels; and the
    /// same field twice, of which two readers might take different ones.
    pub(super) fn parse(body: &[u8]) -> Result<Self, CallbackRefused> {
        let text = std::str::from_utf8(body).map_err(|_| CallbackRefused::Malformed)?;
        within_limits(text).ok_or(CallbackRefused::Malformed)?;
        let options = roxmltree::ParsingOptions { nodes_limit: MAX_NODES, ..Default::default() };
        let document =
            roxmltree::Document::parse_with_options(text, options).map_err(|_| CallbackRefused::Malformed)?;
        let mut fields = Vec::new();
        for child in document.root_element().children().filter(roxmltree::Node::is_element) {
            let name = child.tag_name().name();
            if fields.iter().any(|(known, _)| known == name) {
                return Err(CallbackRefused::Malformed);
            }
            let text = child.children().filter_map(|node| node.text()).collect::<String>();
            fields.push((name.to_owned(), text));
        }
        Ok(Self(fields))
    }

    /// Returns the text of a field, which may be empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, text)| text.as_str())
    }

    /// Returns the text of a field that has to be there and not empty.
    pub(super) fn require(&self, name: &str) -> Result<&str, CallbackRefused> {
        self.get(name).filter(|text| !text.is_empty()).ok_or(CallbackRefused::Malformed)
    }
}

/// Walks over the tags before the parser allocates anything for them.
fn within_limits(text: &str) -> Option<()> {
    let mut rest = match text.trim_start().strip_prefix("<?xml ") {
        Some(declaration) => declaration.split_once("?>")?.1,
        None => text,
    };
    let (mut elements, mut depth) = (0_usize, 0_usize);
    while let Some((_, markup)) = rest.split_once('<') {
        if let Some(cdata) = markup.strip_prefix("![CDATA[") {
            rest = cdata.split_once("]]>")?.1;
            continue;
        }
        let (tag, behind) = markup.split_once('>')?;
        if tag.starts_with(['!', '?']) || tag.contains('=') {
            return None;
        }
        if tag.starts_with('/') {
            depth = depth.checked_sub(1)?;
        } else {
            elements += 1;
            depth += 1;
            if elements > MAX_ELEMENTS || depth > MAX_DEPTH {
                return None;
            }
            if tag.ends_with('/') {
                depth -= 1;
            }
        }
        rest = behind;
    }
    Some(())
}

/// Appends `<name><![CDATA[text]]></name>`; a text with `]]>` in it cannot end the field.
pub(super) fn push_text(xml: &mut String, name: &str, text: &str) {
    let text = text.replace("]]>", "]]]]><![CDATA[>");
    // Writing into a `String` cannot fail.
    let _ = write!(xml, "<{name}><![CDATA[{text}]]></{name}>");
}

/// Appends `<name>number</name>`.
pub(super) fn push_number(xml: &mut String, name: &str, number: i64) {
    let _ = write!(xml, "<{name}>{number}</{name}>");
}
