//! The replies of the configuration, which can be replaced while the service runs.

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
};

use saoma_domain::wechat::AppName;

use crate::config::{ReplyContent, ReplyTo, WechatConfig};

/// What each app answers where no other system does.
#[derive(Default)]
pub(crate) struct StandingReplies(RwLock<BTreeMap<AppName, Arc<[ReplyTo]>>>);

impl StandingReplies {
    /// Takes the replies of a configuration in place of those before.
    pub(crate) fn replace(&self, wechat: &WechatConfig) {
        let replies = wechat.apps.iter().map(|app| (app.name.clone(), app.replies_to.clone().into()));
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = replies.collect();
    }

    /// Returns the replies of an app, the first that fits first.
    pub(crate) fn of(&self, app: &AppName) -> Arc<[ReplyTo]> {
        let replies = self.0.read().unwrap_or_else(PoisonError::into_inner);
        replies.get(app).cloned().unwrap_or_else(|| Arc::from([]))
    }
}

/// Returns whether one of the replies has the person's name in it.
pub(crate) fn name_is_wanted(replies: &[ReplyTo]) -> bool {
    replies.iter().any(|reply| match &reply.content {
        ReplyContent::Text(text) => text.contains("{nickname}"),
        ReplyContent::News { title, description, .. } => {
            title.contains("{nickname}") || description.contains("{nickname}")
        }
        ReplyContent::Image { .. } => false,
    })
}
