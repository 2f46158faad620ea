//! Columns of what WeChat apps know of persons.

use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use saoma_domain::{
    account::IdentityId,
    ports::SealedRefreshToken,
    rules::rows::{AppProfileRow, RowResult},
    time::Timestamp,
    wechat::AppProfile,
};

use super::corrupt::corrupt;
use crate::schema::app_profiles;

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = app_profiles, primary_key(identity_id), treat_none_as_default_value = false, treat_none_as_null = true)]
pub(crate) struct AppProfileColumns {
    identity_id: String,
    subscribed_at: Option<i64>,
    scene: Option<String>,
    remark: Option<String>,
    tags: String,
    language: Option<String>,
    sex: Option<i64>,
    province: Option<String>,
    city: Option<String>,
    country: Option<String>,
    refreshed_at: i64,
    refresh_token: Option<Vec<u8>>,
    refresh_until: Option<i64>,
}

impl AppProfileColumns {
    pub(crate) fn of(row: &AppProfileRow) -> Self {
        let profile = row.profile.clone();
        let tags: Vec<String> = profile.tags.iter().map(i64::to_string).collect();
        let (refresh_token, refresh_until) =
            row.refresh_token.clone().map(|token| (token.sealed, token.until.as_millis())).unzip();
        Self {
            identity_id: row.identity.to_string(),
            subscribed_at: profile.subscribed_at.map(Timestamp::as_millis),
            scene: profile.scene,
            remark: profile.remark,
            tags: tags.join(" "),
            language: profile.language,
            sex: profile.sex.map(i64::from),
            province: profile.province,
            city: profile.city,
            country: profile.country,
            refreshed_at: row.refreshed_at.as_millis(),
            refresh_token,
            refresh_until,
        }
    }

    pub(crate) fn into_row(self) -> RowResult<AppProfileRow> {
        let wrong = |column| corrupt("app_profiles", column, &self.identity_id);
        let tags = self.tags.split_ascii_whitespace().map(|tag| tag.parse().map_err(|_| wrong("tags")));
        let refresh_token = match (self.refresh_token, self.refresh_until) {
            (Some(sealed), Some(until)) => {
                Some(SealedRefreshToken { sealed, until: Timestamp::from_millis(until) })
            }
            (None, None) => None,
            (Some(_), None) => return Err(wrong("refresh_until")),
            (None, Some(_)) => return Err(wrong("refresh_token")),
        };
        Ok(AppProfileRow {
            identity: IdentityId::parse(&self.identity_id).ok_or_else(|| wrong("identity_id"))?,
            profile: AppProfile {
                subscribed_at: self.subscribed_at.map(Timestamp::from_millis),
                scene: self.scene,
                remark: self.remark,
                tags: tags.collect::<RowResult<_>>()?,
                language: self.language,
                sex: self.sex.map(|sex| u8::try_from(sex).map_err(|_| wrong("sex"))).transpose()?,
                province: self.province,
                city: self.city,
                country: self.country,
            },
            refreshed_at: Timestamp::from_millis(self.refreshed_at),
            refresh_token,
        })
    }
}
