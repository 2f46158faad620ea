//! `GET /cgi-bin/user/info`: what an official account may know about a person.

use saoma_domain::wechat::{Follower, RawUnionId};
use serde::Deserialize;
use serde_json::Value;

use super::person::union_id;
use crate::client::failure::CallFailure;
use crate::json::whole_number;

/// WeChat gives no names and pictures here since 2021.
#[derive(Deserialize)]
pub(crate) struct UserInfoAnswer {
    #[serde(default)]
    subscribe: Value,
    #[serde(default, deserialize_with = "union_id")]
    unionid: Option<RawUnionId>,
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
        Ok(Follower { subscribed: subscribe != Some(0), unionid: self.unionid })
    }
}
