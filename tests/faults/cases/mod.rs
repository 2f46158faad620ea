//! One file a fault.

mod away_database;
mod emptied_redis;
mod killed_nodes;
mod living_account;
mod lost_notifications;
mod moved_slots;
mod same_event;
mod sentinel_failover;
mod stopped_node;
mod three_nodes;
mod upset_redis;

use std::time::Duration;

use libtest_mimic::Trial;

/// Longer than the longest case takes in its full form on a slow machine.
const PATIENCE: Duration = Duration::from_secs(1200);

macro_rules! cases {
    ($($module:ident: $($case:ident),+;)+) => {
        vec![$($(trial(concat!(stringify!($module), "::", stringify!($case)), $module::$case)),+),+]
    };
}

/// Returns every case.
pub(crate) fn all() -> Vec<Trial> {
    cases! {
        killed_nodes: no_login_is_lost_with_the_node_that_took_it, nor_is_one_whose_phone_is_asked;
        living_account:
            nothing_that_wechat_was_told_is_lost_with_a_node,
            nor_with_the_only_node,
            its_logins_are_as_fast_with_a_relay;
        emptied_redis: no_login_is_lost_with_redis_and_sessions_last, nor_is_one_whose_phone_is_asked;
        sentinel_failover: no_login_is_lost_with_what_a_primary_forgets, nor_is_one_whose_phone_is_asked;
        lost_notifications: nobody_waits_long_for_what_is_there, nor_for_a_phone_that_is_asked;
        upset_redis:
            logins_go_on_while_redis_is_slow,
            so_do_those_whose_phones_are_asked,
            logins_go_on_while_redis_is_full,
            logins_go_on_while_redis_forgets_its_scripts;
        moved_slots: logins_go_on_while_their_slots_move;
        away_database:
            nothing_is_acknowledged_while_the_database_says_nothing,
            nothing_is_acknowledged_while_the_database_refuses;
        stopped_node: all_who_wait_are_answered_within_a_second;
        same_event: two_nodes_at_once_have_one_outcome_and_one_reply;
        three_nodes: a_redis_cluster_and_postgresql_serve_five_hundred_logins;
    }
}

fn trial(name: &str, case: impl AsyncFnOnce() + Send + 'static) -> Trial {
    Trial::test(name, move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        runtime.block_on(async { tokio::time::timeout(PATIENCE, case()).await })?;
        Ok(())
    })
}

/// Returns one thing in the short form and another in the full one.
fn form<T>(short: T, full: T) -> T {
    if std::env::var("SAOMA_FAULTS").is_ok_and(|form| form == "full") { full } else { short }
}
