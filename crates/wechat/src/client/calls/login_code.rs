//! `POST /wxa/getwxacodeunlimit`: the round code of a mini program, with a scene.
//!
//! Source: WeChat's page "getUnlimitedQRCode". The answer is the picture itself, or a refusal in JSON.

use serde_json::{Value, json};

use crate::client::answer::{self, Answer};
use crate::client::app::{LoginPage, MiniProgramVersion};
use crate::client::failure::CallFailure;

/// The width of the picture in pixels; WeChat draws 280 to 1280.
const WIDTH: u32 = 480;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
const JPEG: &[u8] = b"\xff\xd8\xff";

/// Returns the parameters. WeChat draws a PNG only where its ground is transparent, and a JPEG otherwise. It looks for the page
/// in the published version alone.
pub(crate) fn login_code_parameters(scene: &str, page: &LoginPage) -> Value {
    json!({
        "scene": scene,
        "page": page.path,
        "check_path": page.version == MiniProgramVersion::Release,
        "env_version": page.version.as_str(),
        "width": WIDTH,
        "is_hyaline": true,
    })
}

/// A picture.
pub(crate) struct Picture(pub(crate) Vec<u8>);

impl Answer for Picture {
    fn read(bytes: &[u8]) -> Result<Self, CallFailure> {
        if bytes.starts_with(PNG) || bytes.starts_with(JPEG) {
            return Ok(Self(bytes.to_vec()));
        }
        answer::read::<Value>(bytes)?;
        Err(CallFailure::unusable("the answer is no picture"))
    }
}
