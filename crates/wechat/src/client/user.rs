//! `user/info`: what an official account may know about a person.

use saoma_domain::wechat::{Follower, RawUnionId};
use serde::Deserialize;

use crate::json::number;

pub(super) const PATH: &str = "/cgi-bin/user/info";

/// Names and pictures are not among it: WeChat stopped giving them in 2021.
#[derive(Deserialize)]
pub(super) struct UserAnswer {
    #[serde(deserialize_with = "number")]
    subscribe: i64,
    #[serde(default)]
    unionid: Option<String>,
}

impl From<UserAnswer> for Follower {
    fn from(answer: UserAnswer) -> Self {
        Self {
            subscribed: answer.subscribe != 0,
            unionid: answer.unionid.and_then(|unionid| RawUnionId::parse(unionid).ok()),
        }
    }
}
