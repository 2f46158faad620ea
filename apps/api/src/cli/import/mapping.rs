//! Which column, or which field of a line of JSON, says what of a person.

use clap::ValueEnum;
use saoma_api::domain::{
    services::{IdentityDraft, PersonDraft},
    time::Timestamp,
};
use serde_json::{Map, Value};

/// Where the lines come from, and so what their columns are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Mapping {
    /// Our own names.
    #[value(help = "phone, external_id, nickname, avatar_url, created_at, attributes, openid, unionid, app")]
    Saoma,
    /// The table `user` of Casdoor.
    #[value(
        help = "the table `user` of Casdoor: id, phone, displayName, avatar, createdTime, wechat (an openid of --app)"
    )]
    Casdoor,
    /// The table of ruoyi's social users.
    #[value(help = "ruoyi's table of social users: user_id, openid, union_id, nickname, avatar")]
    Ruoyi,
    /// One openid a line.
    #[value(help = "one openid a line, and no line with names")]
    Openid,
}

/// What a column says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Phone,
    ExternalId,
    Nickname,
    AvatarUrl,
    CreatedAt,
    Attributes,
    Openid,
    Unionid,
    App,
}

impl Mapping {
    fn field(self, column: &str) -> Option<Field> {
        let columns: &[(&str, Field)] = match self {
            Self::Saoma => &[
                ("phone", Field::Phone),
                ("external_id", Field::ExternalId),
                ("nickname", Field::Nickname),
                ("avatar_url", Field::AvatarUrl),
                ("created_at", Field::CreatedAt),
                ("attributes", Field::Attributes),
                ("openid", Field::Openid),
                ("unionid", Field::Unionid),
                ("app", Field::App),
            ],
            Self::Casdoor => &[
                ("id", Field::ExternalId),
                ("phone", Field::Phone),
                ("displayname", Field::Nickname),
                ("display_name", Field::Nickname),
                ("avatar", Field::AvatarUrl),
                ("createdtime", Field::CreatedAt),
                ("created_time", Field::CreatedAt),
                ("wechat", Field::Openid),
            ],
            Self::Ruoyi => &[
                ("user_id", Field::ExternalId),
                ("openid", Field::Openid),
                ("open_id", Field::Openid),
                ("union_id", Field::Unionid),
                ("nickname", Field::Nickname),
                ("nick_name", Field::Nickname),
                ("avatar", Field::AvatarUrl),
            ],
            Self::Openid => &[("openid", Field::Openid)],
        };
        let column = column.trim().to_lowercase();
        columns.iter().find(|(name, _)| *name == column).map(|(_, field)| *field)
    }
}

/// Reads the records of a table by the names of its columns.
pub(super) struct Table {
    columns: Vec<Option<Field>>,
    app: Option<String>,
}

impl Table {
    /// Makes one from the names of the columns.
    ///
    /// # Errors
    /// The name of a column that says nothing, where the columns are our own, or that none says anything.
    pub(super) fn new(mapping: Mapping, names: &[String], app: Option<String>) -> Result<Self, String> {
        let columns: Vec<Option<Field>> = names.iter().map(|name| mapping.field(name)).collect();
        let unknown = names.iter().zip(&columns).find(|(_, field)| field.is_none()).map(|(name, _)| name);
        if let (Mapping::Saoma, Some(name)) = (mapping, unknown) {
            return Err(format!("the first line has to name the columns; `{name}` is none of them"));
        }
        if columns.iter().all(Option::is_none) {
            return Err("the first line names no column of this mapping".to_owned());
        }
        Ok(Self { columns, app })
    }

    /// Reads a record.
    pub(super) fn read(&self, values: Vec<String>) -> Result<PersonDraft, String> {
        if values.len() != self.columns.len() {
            return Err(format!(
                "it has {} values, and the table {} columns",
                values.len(),
                self.columns.len()
            ));
        }
        let mut draft = PersonDraft::default();
        let mut identity =
            IdentityDraft { app: self.app.clone().unwrap_or_default(), ..IdentityDraft::default() };
        for (field, value) in self.columns.iter().zip(values) {
            let value = value.trim().to_owned();
            let Some(field) = field.filter(|_| !value.is_empty()) else { continue };
            match field {
                Field::Phone => draft.phone = Some(value),
                Field::ExternalId => draft.external_id = Some(value),
                Field::Nickname => draft.nickname = Some(value),
                Field::AvatarUrl => draft.avatar_url = Some(value),
                Field::CreatedAt => draft.since = Some(moment(&value)?),
                Field::Attributes => draft.attributes = Some(object(&value)?),
                Field::Openid => identity.openid = value,
                Field::Unionid => identity.unionid = Some(value),
                Field::App => identity.app = value,
            }
        }
        if !identity.openid.is_empty() {
            if identity.app.is_empty() {
                return Err("it has an openid; say of which app by --app, or in a column `app`".to_owned());
            }
            draft.identities.push(identity);
        }
        Ok(draft)
    }
}

/// Reads a line of JSON: the fields of `POST /v1/admin/accounts`, `created_at`, and for a single identity `openid`,
/// `unionid` and `app` beside them.
pub(super) fn read_json(line: &str, app: Option<&str>) -> Result<PersonDraft, String> {
    // The library repeats no value for these errors.
    let object: Map<String, Value> =
        serde_json::from_str(line).map_err(|error| format!("it is no JSON object: {error}"))?;
    let mut draft = PersonDraft::default();
    let mut identity = IdentityDraft { app: app.unwrap_or_default().to_owned(), ..IdentityDraft::default() };
    for (name, value) in object {
        if value.is_null() {
            continue;
        }
        match name.as_str() {
            "attributes" if value.is_object() => draft.attributes = Some(value.to_string()),
            "attributes" => return Err("`attributes` has to be an object".to_owned()),
            "identities" => draft.identities.extend(identities(value)?),
            "phone" => draft.phone = Some(text(&name, value)?),
            "external_id" => draft.external_id = Some(text(&name, value)?),
            "nickname" => draft.nickname = Some(text(&name, value)?),
            "avatar_url" => draft.avatar_url = Some(text(&name, value)?),
            "created_at" => draft.since = Some(moment(&text(&name, value)?)?),
            "openid" => identity.openid = text(&name, value)?,
            "unionid" => identity.unionid = Some(text(&name, value)?),
            "app" => identity.app = text(&name, value)?,
            _ => return Err(format!("the field `{name}` is unknown")),
        }
    }
    if !identity.openid.is_empty() {
        draft.identities.push(identity);
    }
    Ok(draft)
}

fn identities(value: Value) -> Result<Vec<IdentityDraft>, String> {
    let wrong = || "`identities` has to be a list of objects".to_owned();
    let Value::Array(items) = value else { return Err(wrong()) };
    let read = |item| {
        let Value::Object(fields) = item else { return Err(wrong()) };
        let mut identity = IdentityDraft::default();
        for (name, value) in fields {
            match name.as_str() {
                "app" => identity.app = text(&name, value)?,
                "openid" => identity.openid = text(&name, value)?,
                "unionid" => identity.unionid = Some(text(&name, value)?),
                "nickname" => identity.nickname = Some(text(&name, value)?),
                "avatar_url" => identity.avatar_url = Some(text(&name, value)?),
                _ => return Err(format!("the field `{name}` of an identity is unknown")),
            }
        }
        Ok(identity)
    };
    items.into_iter().map(read).collect()
}

fn text(name: &str, value: Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            Err(format!("`{name}` has to be a text"))
        }
    }
}

fn object(json: &str) -> Result<String, String> {
    let read: Result<Map<String, Value>, _> = serde_json::from_str(json);
    read.map(|object| Value::Object(object).to_string())
        .map_err(|_| "`attributes` is no JSON object".to_owned())
}

/// Reads a moment in RFC 3339, or as databases print it: `2024-01-31 12:00:00`, in UTC.
fn moment(text: &str) -> Result<Timestamp, String> {
    use time::{OffsetDateTime, format_description::well_known::Rfc3339};
    let spelled = text.replacen(' ', "T", 1);
    let with_zone = if spelled.len() == 19 { format!("{spelled}Z") } else { spelled };
    let read = OffsetDateTime::parse(&with_zone, &Rfc3339);
    let wrong = |_| format!("`{text}` is no moment such as 2024-01-31T12:00:00Z");
    read.map(|moment| Timestamp::from_secs(moment.unix_timestamp())).map_err(wrong)
}
