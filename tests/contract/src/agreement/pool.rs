//! The few values that operations are made of, so that they meet the same rows again and again.

use std::{ops::Range, time::Duration};

use proptest::prelude::*;
use saoma_domain::{
    account::{AccountId, IdentityId, PhoneNumber},
    login::{ClientInfo, LoginId},
    ports::CodeHash,
    session::{SessionId, SessionTokenHash},
    time::Timestamp,
    wechat::{AppName, OpenId, UnionId},
};

use crate::values::{self, CountingRandom};

/// The numbers of logins, sessions, identities and so on; that of accounts to which nothing is linked begins at
/// [`LINKED`].
pub(super) const ALL: Range<u64> = 0..4;

/// How many accounts there are from the beginning, to which identities can be linked.
pub(super) const LINKED: u64 = 3;

/// How many apps, persons, unionids, phone numbers and one-time codes there are.
pub(super) const FEW: Range<u64> = 0..3;

/// How many moments there are, some of which are the same.
const MOMENTS: u64 = 6;

pub(super) fn login(number: u64) -> LoginId {
    values::login(number)
}

pub(super) fn account(number: u64) -> AccountId {
    AccountId::generate(values::at(0), &CountingRandom::starting_at(number))
}

pub(super) fn identity(number: u64) -> IdentityId {
    IdentityId::generate(values::at(0), &CountingRandom::starting_at(number))
}

pub(super) fn session(number: u64) -> SessionId {
    SessionId::generate(values::at(0), &CountingRandom::starting_at(number))
}

pub(super) fn token_hash(number: u64) -> SessionTokenHash {
    values::token_hash(number)
}

pub(super) fn phone(number: u64) -> PhoneNumber {
    values::phone(u32::try_from(number).expect("small numbers")).number().clone()
}

pub(super) fn app(number: u64) -> AppName {
    values::app(["main", "site", "mini"][usize::try_from(number).expect("small numbers") % 3])
}

/// Returns a person's openid; two of them differ in nothing but upper and lower case.
pub(super) fn openid(number: u64) -> OpenId {
    values::openid(["oAnna", "oanna", "oBert"][usize::try_from(number).expect("small numbers") % 3])
}

/// Returns a person within an open-platform account; two of them have the same unionid.
pub(super) fn union(number: u64) -> UnionId {
    let number = usize::try_from(number).expect("small numbers");
    let (open_account, unionid) = [("one", "uAnna"), ("other", "uAnna"), ("one", "uBert")][number % 3];
    values::union_within(open_account, unionid)
}

pub(super) fn code(number: u64) -> CodeHash {
    CodeHash::of("code", &[&number.to_be_bytes()])
}

pub(super) fn client_info(number: u64) -> ClientInfo {
    ClientInfo::new(format!("192.0.2.{number}"), &format!("浏览器🦀 '{number}' \\ %"))
}

/// Draws a moment.
pub(super) fn moment() -> impl Strategy<Value = Timestamp> {
    (0..MOMENTS).prop_map(|number| values::at(0).plus(Duration::from_millis(number * 500)))
}

/// Draws a text that may be there.
pub(super) fn text() -> impl Strategy<Value = Option<String>> {
    prop::option::of(prop::sample::select(vec!["安娜", "Bert", ""]).prop_map(str::to_owned))
}
