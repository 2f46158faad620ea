//! `GET /cgi-bin/user/info`: what an official account may know about a person.

use saoma_domain::wechat::{Follower, RawUnionId};
use serde::Deserialize;

use super::person::union_id;
use crate::json::number;

/// WeChat gives no names and pictures here since 2021.
#[derive(Deserialize)]
pub(crate) struct UserInfoAnswer {
    #[serde(deserialize_with = "number")]
    subscribe: i64,
    #[serde(default, deserialize_with = "union_id")]
    unionid: Option<RawUnionId>,
}

impl UserInfoAnswer {
    pub(crate) fn into_follower(self) -> Follower {
        Follower { subscribed: self.subscribe != 0, unionid: self.unionid }
    }
}
