//! Operations on logins and pending links.

use proptest::prelude::*;
use saoma_domain::{
    account::IdentityId,
    login::{ClientInfo, ConfirmNumber, ExpiryReason, Login, LoginId, LoginState, PhoneQuestion},
    ports::PendingLink,
    rules::rows::{LoginRow, LoginRows, PrunableTable, PruningRows, RowResult, ScanDecision, ScanRow},
    session::AuthMethod,
    time::Timestamp,
    wechat::{AppName, OpenId},
};

use super::{
    answer::Answer,
    pool::{ALL, FEW, account, app, client_info, identity, login, moment, openid},
};
use crate::values::proof;

#[derive(Clone, Debug)]
pub(super) enum LoginOperation {
    Read(LoginId),
    ReadWithLink(LoginId),
    FindByScan(LoginId, AppName, OpenId),
    LastAsked(IdentityId),
    ReadMany(Vec<LoginId>),
    Insert(LoginRow),
    Update(LoginRow, u32),
    InsertLink(PendingLink, Timestamp),
    Prune(PrunableTable, Timestamp),
}

impl LoginOperation {
    pub(super) async fn apply(&self, rows: &mut (impl LoginRows + PruningRows)) -> RowResult<Answer> {
        Ok(match self {
            Self::Read(id) => Answer::Login(rows.login(*id).await?),
            Self::ReadWithLink(id) => {
                let (login, link) = rows.login_and_pending_link(*id).await?;
                Answer::LoginAndLink(login, link)
            }
            Self::FindByScan(id, app, openid) => {
                Answer::FoundByScan(rows.find_by_scan(*id, app, openid).await?)
            }
            Self::LastAsked(of) => Answer::Login(rows.last_asked(*of).await?),
            Self::ReadMany(ids) => {
                let mut found = rows.logins(ids).await?;
                found.sort_by_key(|row| row.login.id);
                Answer::Logins(found)
            }
            Self::Insert(row) => rows.insert_login(row).await?.into(),
            Self::Update(row, read_version) => rows.update_login(row, *read_version).await?.into(),
            Self::InsertLink(link, prune_at) => rows.insert_pending_link(link, *prune_at).await?.into(),
            Self::Prune(table, until) => Answer::Removed(rows.remove_prunable(*table, *until, 1000).await?),
        })
    }

    pub(super) fn any() -> impl Strategy<Value = Self> {
        let id = || ALL.prop_map(login);
        let prunable = prop::sample::select(vec![PrunableTable::Logins, PrunableTable::PendingLinks]);
        prop_oneof![
            1 => id().prop_map(Self::Read),
            1 => id().prop_map(Self::ReadWithLink),
            2 => (id(), FEW, FEW).prop_map(|(id, of, person)| Self::FindByScan(id, app(of), openid(person))),
            1 => ALL.prop_map(|of| Self::LastAsked(identity(of))),
            1 => prop::collection::vec(id(), 0..6).prop_map(Self::ReadMany),
            6 => row().prop_map(Self::Insert),
            4 => (row(), 2..5_u32).prop_map(|(row, version)| Self::Update(row, version)),
            2 => (link(), moment()).prop_map(|(link, prune_at)| Self::InsertLink(link, prune_at)),
            1 => (prunable, moment()).prop_map(|(table, until)| Self::Prune(table, until)),
        ]
    }

    pub(super) fn reads() -> Vec<Self> {
        let with_link = ALL.map(|number| Self::ReadWithLink(login(number)));
        with_link.chain([Self::ReadMany(ALL.map(login).collect())]).collect()
    }
}

fn link() -> impl Strategy<Value = PendingLink> {
    (ALL, ALL, moment()).prop_map(|(number, to, at)| PendingLink {
        login: login(number),
        account: account(to),
        at,
    })
}

/// Draws the row of a login as rules write it: unscanned, refused, or scanned by an identity.
fn row() -> impl Strategy<Value = LoginRow> {
    let state_and_scan = prop_oneof![
        1 => expired().prop_map(|state| (state, None)),
        1 => (expired(), moment()).prop_map(|(state, at)| (state, Some(refused(at)))),
        4 => (prop_oneof![expired(), scanned(), unregistered(), registered()], scan()).prop_map(|(state, scan)| {
            let scan = match (&state, scan) {
                (LoginState::Scanned { identity, .. }, scan) => {
                    ScanRow { identity: Some(*identity), ..scan }
                }
                (LoginState::Unregistered { identity, .. }, scan) => {
                    ScanRow { identity: *identity, ..scan }
                }
                (_, scan) => scan,
            };
            (state, Some(scan))
        }),
    ];
    (ALL, 2..5_u32, state_and_scan, prop::option::of(ALL), moment()).prop_map(
        |(number, version, (state, scan), proven, prune_at)| {
            let login = Login { id: login(number), version, state };
            let auth_methods = AuthMethod::WechatQr.into();
            LoginRow { login, scan, auth_methods, proof: proven.map(proof), prune_at }
        },
    )
}

fn expired() -> impl Strategy<Value = LoginState> {
    let reasons = vec![ExpiryReason::Timeout, ExpiryReason::Cancelled, ExpiryReason::Denied];
    (prop::sample::select(reasons), moment())
        .prop_map(|(reason, since)| LoginState::Expired { reason, since })
}

fn scanned() -> impl Strategy<Value = LoginState> {
    let number = (10..100_u8, 0..3_u8).prop_map(|(number, wrong)| PhoneQuestion::Number {
        number: ConfirmNumber::parse(&number.to_string()).expect("two digits"),
        wrong,
    });
    let question = prop_oneof![Just(PhoneQuestion::YesOrNo), number];
    (ALL, question, moment()).prop_map(|(number, question, deadline)| LoginState::Scanned {
        identity: identity(number),
        question,
        deadline,
    })
}

fn unregistered() -> impl Strategy<Value = LoginState> {
    (ALL, moment()).prop_map(|(number, deadline)| LoginState::Unregistered {
        identity: Some(identity(number)),
        deadline,
    })
}

fn registered() -> impl Strategy<Value = LoginState> {
    (ALL, moment(), moment()).prop_map(|(number, since, collect_by)| LoginState::Registered {
        account: account(number),
        since,
        collect_by,
    })
}

fn refused(at: Timestamp) -> ScanRow {
    let (outcome, client_info) = (ScanDecision::LinkRefused, ClientInfo::default());
    ScanRow { identity: None, outcome, client_info, at }
}

fn scan() -> impl Strategy<Value = ScanRow> {
    let outcomes = vec![ScanDecision::Known, ScanDecision::Linked, ScanDecision::New, ScanDecision::Asked];
    (ALL, prop::sample::select(outcomes), ALL, moment()).prop_map(|(by, outcome, client, at)| ScanRow {
        identity: Some(identity(by)),
        outcome,
        client_info: client_info(client),
        at,
    })
}
