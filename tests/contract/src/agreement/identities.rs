//! Operations on identities.

use proptest::prelude::*;
use saoma_domain::{
    account::{AccountId, Identity, IdentityId},
    login::Channel,
    rules::rows::{IdentityChange, IdentityRow, IdentityRows, PrunableTable, PruningRows, RowResult},
    time::Timestamp,
    wechat::{AppName, OpenId, Profile, UnionId},
};

use super::{
    answer::Answer,
    pool::{ALL, FEW, LINKED, account, app, identity, moment, openid, text, union},
};

#[derive(Clone, Debug)]
pub(super) enum IdentityOperation {
    Read(IdentityId),
    Find(AppName, OpenId),
    OfAccount(AccountId),
    OfUnion(UnionId),
    AddNotices(AccountId, IdentityId, Timestamp),
    Shared(AccountId, u32),
    Insert(IdentityRow),
    Update(IdentityId, IdentityChange),
    Link(IdentityId, AccountId, Timestamp, Option<Timestamp>),
    Unlink(IdentityId, AccountId, Timestamp),
    Keep(IdentityId, Timestamp, Timestamp),
    UpdateUnsubscribedAt(IdentityId, Option<Timestamp>),
    Prune(Timestamp),
}

impl IdentityOperation {
    pub(super) async fn apply(&self, rows: &mut (impl IdentityRows + PruningRows)) -> RowResult<Answer> {
        Ok(match self {
            Self::Read(id) => Answer::Identity(rows.identity(*id).await?),
            Self::Find(app, openid) => Answer::Identity(rows.identity_of(app, openid).await?),
            Self::OfAccount(account) => Answer::Identities(rows.identities_of_account(*account).await?),
            Self::OfUnion(union) => Answer::Identities(rows.linked_identities_of_union(union).await?),
            Self::AddNotices(account, id, until) => rows.add_notices(*account, *id, *until).await?.into(),
            Self::Shared(account, limit) => {
                Answer::Conflicts(rows.identities_shared_with_others(*account, *limit).await?)
            }
            Self::Insert(row) => rows.insert_identity(row).await?.into(),
            Self::Update(id, change) => rows.update_identity(*id, change).await?.into(),
            Self::Link(id, account, at, until) => {
                rows.link_identity(*id, *account, *at, *until).await?.into()
            }
            Self::Unlink(id, account, at) => rows.unlink_identity(*id, *account, *at).await?.into(),
            Self::Keep(id, read, prune_at) => rows.keep_identity(*id, *read, *prune_at).await?.into(),
            Self::UpdateUnsubscribedAt(id, at) => rows.update_unsubscribed_at(*id, *at).await?.into(),
            Self::Prune(until) => {
                Answer::Removed(rows.remove_prunable(PrunableTable::Identities, *until, 1000).await?)
            }
        })
    }

    pub(super) fn any() -> impl Strategy<Value = Self> {
        let id = || ALL.prop_map(identity);
        let to = || (0..LINKED).prop_map(account);
        let (change, at) = (change(), prop::option::of(moment()));
        prop_oneof![
            1 => (FEW, FEW).prop_map(|(of, person)| Self::Find(app(of), openid(person))),
            1 => FEW.prop_map(|number| Self::OfUnion(union(number))),
            2 => (to(), id(), moment()).prop_map(|(to, id, until)| Self::AddNotices(to, id, until)),
            1 => (to(), 0..4_u32).prop_map(|(to, limit)| Self::Shared(to, limit)),
            8 => row().prop_map(Self::Insert),
            4 => (id(), change).prop_map(|(id, change)| Self::Update(id, change)),
            4 => (id(), to(), moment(), prop::option::of(moment()))
                .prop_map(|(id, to, at, until)| Self::Link(id, to, at, until)),
            3 => (id(), to(), moment()).prop_map(|(id, from, at)| Self::Unlink(id, from, at)),
            2 => (id(), moment(), moment()).prop_map(|(id, read, at)| Self::Keep(id, read, at)),
            2 => (id(), at).prop_map(|(id, at)| Self::UpdateUnsubscribedAt(id, at)),
            1 => moment().prop_map(Self::Prune),
        ]
    }

    pub(super) fn reads() -> Vec<Self> {
        let mut reads: Vec<_> = ALL.map(|number| Self::Read(identity(number))).collect();
        reads.extend((0..LINKED).map(|number| Self::OfAccount(account(number))));
        reads.extend((0..LINKED).map(|number| Self::Shared(account(number), 1000)));
        reads.extend(FEW.map(|number| Self::OfUnion(union(number))));
        reads
    }
}

/// Draws the row of an identity, which is linked to an account, or to be removed in time.
fn row() -> impl Strategy<Value = IdentityRow> {
    let known = (ALL, FEW, FEW, prop::option::of(FEW));
    let account = prop::option::of((0..LINKED).prop_map(account));
    (known, account, text(), text(), moment(), moment()).prop_map(
        |((id, of, person, known_union), account, nickname, avatar_url, created_at, moment)| IdentityRow {
            identity: Identity {
                id: identity(id),
                app: app(of),
                channel: [Channel::OfficialAccount, Channel::Website][usize::from(nickname.is_some())],
                openid: openid(person),
                union: known_union.map(union),
                account,
                profile: Profile { nickname, avatar_url },
                unsubscribed_at: None,
            },
            created_at,
            linked_at: account.map(|_| moment),
            prune_at: account.is_none().then_some(moment),
            probation_until: account.map(|_| moment),
            notice_until: account.map(|_| created_at),
        },
    )
}

/// Draws something new about an identity.
fn change() -> impl Strategy<Value = IdentityChange> {
    let moments = (prop::option::of(moment()), prop::option::of(moment()));
    let change = (prop::option::of(FEW.prop_map(union)), text(), text(), any::<bool>(), moments);
    let change =
        change.prop_map(|(union, nickname, avatar_url, follows_again, (probation_until, notice_until))| {
            IdentityChange { union, nickname, avatar_url, follows_again, probation_until, notice_until }
        });
    change.prop_filter("it says something", |change| *change != IdentityChange::default())
}
