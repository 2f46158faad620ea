//! What an official account answers in the chat.

use roxmltree::{Document, Node};
use saoma_api::domain::chat::ChatReply;

/// Reads a passive reply; `None` where nothing is shown to the person.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn read(xml: &str) -> Result<ChatReply, String> {
    let document = Document::parse(xml).map_err(|error| error.to_string())?;
    let root = document.root_element();
    let text = |name: &str| text_of(root, name);
    match text("MsgType").as_str() {
        "text" => Ok(ChatReply::Text(text("Content"))),
        "image" => Ok(ChatReply::Image { media_id: text("MediaId") }),
        "news" => Ok(ChatReply::News {
            title: text("Title"),
            description: text("Description"),
            picture: text("PicUrl"),
            url: text("Url"),
        }),
        other => Err(format!("a reply of the unknown type `{other}`")),
    }
}

/// Returns the text of the first element of this name, at any depth.
fn text_of(root: Node<'_, '_>, name: &str) -> String {
    let found = root.descendants().find(|node| node.has_tag_name(name));
    found
        .map(|node| node.descendants().filter(Node::is_text).filter_map(|node| node.text()).collect())
        .unwrap_or_default()
}
