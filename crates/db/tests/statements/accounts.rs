//! Rules of accounts, of codes, and what is no rule.

use saoma_contract::values::{at, binding, login, openid, phone_change, scan};
use saoma_db::Database;
use saoma_domain::{
    account::AccountId,
    message::MessageId,
    ports::{CodeHash, FollowChange, MessageQueue, PhoneChanged, Redemption},
};

use crate::counting::Counter;

/// Goes through the rules, each as far as it leads.
pub(crate) async fn check(database: &dyn Database, counter: &mut Counter) {
    database.take_scan(scan(login(21), "oHans")).await.unwrap();
    let binding = binding(login(21), 21);
    let account = binding.new_account;
    database.bind(binding).await.unwrap();
    changing(database, counter, account).await;
    redeeming(database, counter).await;
    counter.expect(1, "account", database.account(account)).await;
    counter.expect(1, "entries", database.entries(account, 9)).await;
    counter.expect(10, "prune nothing", database.prune(at(0), 100)).await;
    let (app, hans) = (saoma_contract::values::app("main"), openid("oHans"));
    let turn = MessageQueue::turn(database, &app, &hans, MessageId::of(&app, &[b"1"]));
    counter.expect(1, "turn of a message", turn).await;
    counter.expect(1, "ping", database.ping()).await;
}

async fn changing(database: &dyn Database, counter: &mut Counter, account: AccountId) {
    let change = |number| database.change_phone(phone_change(account, number));
    assert_eq!(counter.expect(6, "change the phone number", change(22)).await, PhoneChanged::Done);
    assert_eq!(counter.expect(1, "change it to the same", change(22)).await, PhoneChanged::Done);
    assert_eq!(counter.expect(4, "change it to a taken one", change(1)).await, PhoneChanged::Taken);
    counter.expect(2, "disable", database.set_disabled(account, true)).await;

    let follow = |subscribed, secs| {
        let app = saoma_contract::values::app("main");
        database.record_follow(FollowChange { app, openid: openid("oHans"), subscribed, at: at(secs) })
    };
    counter.expect(3, "unfollow", follow(false, 10)).await;
    counter.expect(1, "unfollow again", follow(false, 10)).await;
    counter.expect(2, "follow", follow(true, 11)).await;
}

async fn redeeming(database: &dyn Database, counter: &mut Counter) {
    let hash = |text: &[u8]| CodeHash::of("test", &[text]);
    let redeem = |by: &'static [u8], secs| database.redeem(hash(b"code"), hash(by), at(secs));
    assert_eq!(counter.expect(3, "redeem", redeem(b"first", 0)).await, Redemption::First);
    assert_eq!(counter.expect(1, "redeem again", redeem(b"first", 0)).await, Redemption::Again);
    assert_eq!(
        counter.expect(3, "redeem again, much later", redeem(b"first", 9_999)).await,
        Redemption::Again
    );
    assert_eq!(counter.expect(1, "redeem by another", redeem(b"second", 0)).await, Redemption::ByAnother);
}
