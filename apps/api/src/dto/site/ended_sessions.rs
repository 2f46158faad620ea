//! Sessions that were ended.

use saoma_domain::{ports::EndedSession, session::SessionId, time::Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    dto::rfc3339,
    problem::{ErrorCode, Problem},
};

/// Which ended sessions are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EndedSessionsQuery {
    /// Those that were ended at this moment or since (RFC 3339); by default as long ago as the longest token of `[[tokens]]` is
    /// valid, and a minute for clocks that differ.
    pub(crate) since: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// How many, 1 to 200; 50 by default.
    pub(crate) limit: Option<u32>,
}

impl EndedSessionsQuery {
    /// Returns the end and the id of the last session of the page before.
    ///
    /// # Errors
    /// `body_invalid` for what is no `next` of a page.
    pub(crate) fn cursor(&self) -> Result<Option<(Timestamp, SessionId)>, Problem> {
        let Some(after) = &self.after else { return Ok(None) };
        let read = after.split_once('.').and_then(|(millis, id)| {
            Some((Timestamp::from_millis(millis.parse().ok()?), SessionId::parse(id)?))
        });
        let wrong = || Problem::new(ErrorCode::BodyInvalid, "`after` is not of the expected form");
        read.map(Some).ok_or_else(wrong)
    }
}

/// A session that was ended.
#[derive(Serialize, ToSchema)]
pub(crate) struct EndedSessionBody {
    /// Its id, as tokens name it.
    sid: String,
    ended_at: String,
    #[serde(skip)]
    millis: i64,
}

impl EndedSessionBody {
    pub(crate) fn new(ended: &EndedSession) -> Self {
        let (sid, millis) = (ended.id.to_string(), ended.ended_at.as_millis());
        Self { sid, ended_at: rfc3339(ended.ended_at), millis }
    }

    /// Returns what the next page is found by.
    pub(crate) fn cursor(&self) -> String {
        format!("{}.{}", self.millis, self.sid)
    }
}
