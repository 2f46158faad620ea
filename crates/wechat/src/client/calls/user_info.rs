//! `GET /cgi-bin/user/info`: what an official account may know about a person.

use saoma_domain::time::Timestamp;
use saoma_domain::wechat::{AppProfile, Follower, RawUnionId};
use serde::Deserialize;
use serde_json::Value;

use super::person::{readable, union_id};
use crate::client::failure::CallFailure;
use crate::json::{optional_text, whole_number};

/// How many tags of a person are read; WeChat allows twenty.
const MAX_TAGS: usize = 64;

/// WeChat gives no names and pictures here since 2021.
#[derive(Deserialize)]
pub(crate) struct UserInfoAnswer {
    #[serde(default)]
    subscribe: Value,
    #[serde(default, deserialize_with = "union_id")]
    unionid: Option<RawUnionId>,
    #[serde(default)]
    subscribe_time: Value,
    #[serde(default, deserialize_with = "optional_text")]
    subscribe_scene: Option<String>,
    #[serde(default, deserialize_with = "optional_text")]
    remark: Option<String>,
    #[serde(default)]
    tagid_list: Value,
    #[serde(default, deserialize_with = "optional_text")]
    language: Option<String>,
}

impl UserInfoAnswer {
    /// Reads the answer as far as it is used here.
    pub(crate) fn read(answer: Value) -> Result<Self, CallFailure> {
        serde_json::from_value(answer)
            .map_err(|_| CallFailure::unusable("the answer is not of the expected form"))
    }

    /// Returns what WeChat said; an answer that says neither whether the person follows nor who it is is none.
    pub(crate) fn into_follower(self) -> Result<Follower, CallFailure> {
        let subscribe = whole_number(&self.subscribe);
        if subscribe.is_none() && self.unionid.is_none() {
            return Err(CallFailure::unusable("the answer lacks a field"));
        }
        let text = |text: &Option<String>| text.as_deref().and_then(readable);
        let tags = self.tagid_list.as_array().map(Vec::as_slice).unwrap_or_default();
        let profile = AppProfile {
            subscribed_at: whole_number(&self.subscribe_time).filter(|at| *at > 0).map(Timestamp::from_secs),
            scene: text(&self.subscribe_scene),
            remark: text(&self.remark),
            tags: tags.iter().filter_map(whole_number).take(MAX_TAGS).collect(),
            language: text(&self.language),
            ..AppProfile::default()
        };
        Ok(Follower { subscribed: subscribe != Some(0), unionid: self.unionid, profile })
    }
}
