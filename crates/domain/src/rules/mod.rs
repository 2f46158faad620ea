//! The rules: every decision about rows, once, one file a rule.
//!
//! A rule is an `async fn` over the row operations ([`rows`]) that it needs. It reads rows, decides, and writes rows; a
//! store of rows decides nothing. The store runs each rule in one transaction ([`Transactions`]), again from its
//! beginning when another transaction was faster, and commits. So a rule that has returned has happened as a whole, and
//! with any number of nodes at once each change is made by one of them and found by the others.
//!
//! | rule | file | port method |
//! | --- | --- | --- |
//! | The first scan of a login decides what becomes of it. | `take_scan` | `Logins::take_scan` |
//! | Every later scan is told what the first one led to. | `repeat_scan` | |
//! | A scan leads to the identity's own account; else by a pending link; else by a unionid; else to the question for a phone number. | `scan_destination` | |
//! | A scan erases nothing that is known of a person, and keeps an identity as long as a login needs it. | `scanned_identity` | |
//! | An account has one user of an app; every link is in the trail. | `link_identity` | |
//! | A unionid leads to the account that was linked longest and takes the identity. | `link_by_unionid` | `Logins::link` |
//! | Two accounts of one person are noted, and never merged. | `note_conflict` | |
//! | A login that waits for a phone number leads to the identity's own account; else to the number's; else to a new one. | `bind_phone` | `Logins::bind` |
//! | A login by a number alone waits for the number from its beginning; its session changes no way into the account. | `ask_for_number` | `Logins::ask_for_number` |
//! | A number leads to its account unless a unionid says that it is another person's, or its owner was not seen for long. | `number_claim` | |
//! | What came to an account by the number alone changes no way into it for a while. | `probation` | |
//! | The persons of an account are told of what came by its number alone. | `notices` | `Accounts::notices_of_account`, `notice_of`, `note_told` |
//! | A login has one pending link, which is added while the login is new. | `add_pending_link` | `Logins::add_pending_link` |
//! | An ended session or an unlinked identity voids the pending links of before. | `void_link` | |
//! | An answer means a refusal, a yes, or that the number is needed, by question, answer and place. | `answer_meaning` | |
//! | Where a phone is asked, its scan counts once it says yes, with the number that the client shows; a no and three wrong numbers end the login. From elsewhere a yes may take the number, or count for nothing. | `confirm_scan` | `Logins::confirm`, `asked_of` |
//! | Who scanned may say for a day that they did not mean to: login and session end, and what the login linked by a number or a pending link is taken back, unless it is the only way into the account; so is a merge that it proved. | `disown_login` | `Logins::disown` |
//! | An identity that is released leaves no session behind. | `release_identity` | |
//! | What was refused is in the trail and told. | `note_refusal` | |
//! | What a person agreed to in a login belongs to the account that it leads to; where that is required, no account is made or bound without. | `consents` | `Logins::give_consent`, `consent` |
//! | A login can be cancelled until it is registered. | `cancel_login` | `Logins::end` |
//! | A login is issued one session, unless its account's sessions were ended or its identity unlinked since; an account has twenty. | `issue_session` | `Sessions::issue`, `touch` |
//! | Sessions of an account end one by one, all at once, or from before a moment. | `end_sessions` | `Sessions::end`, `end_known`, `end_all`, `end_until` |
//! | The last identity of an account stays; the sessions of one that is unlinked end. | `unlink_identity` | `Accounts::remove_identity` |
//! | A phone number belongs to one account. | `change_phone` | `Accounts::change_phone` |
//! | A person who stops following is marked, until they follow again. | `record_follow` | `Accounts::record_follow` |
//! | What a person revoked in WeChat is forgotten, and its link ends. | `revoke_authorization` | `Accounts::revoke_authorization` |
//! | A person whom the site knows gets an account, unless a number, an external id or a WeChat user of theirs has another one. | `make_people` | `People::make_people` |
//! | What the site and its operators change of an account is in the trail with who did it; one that is shut has no session. | `change_person` | `People::change_person`, `end_sessions_of`, `end_session_of`, `unlink_identity_of` |
//! | Of an account that is erased the trail alone is left. | `erase_person` | `People::erase_person`, `export_person` |
//! | What an account does not have of another one moves to it, for good or until that is undone; what both have stays. | `merge_accounts` | `Merges::merge`, `undo_merge` |
//! | Two accounts are merged by their person once a login, or a number that nothing of WeChat contradicts, proves the other one. | `merge_own_accounts` | `Merges::merge_own` |
//! | An account is found by what is its own, and by an index. | `find_people` | `People::find_people`, `list_people` |
//! | What WeChat apps know of a person is read anew once a day, by one node. | `app_profiles` | `AppProfiles` |
//! | An account can be disabled. | `disable_account` | `Accounts::set_disabled` |
//! | A message waits for the site's own system behind earlier ones of its person, until it was delivered once or an hour is over. | `relay_messages` | `MessageQueue` |
//! | What others must hear of is written with it, and told to each of them in order. | `outbox` | `Outbox` |
//! | What WeChat told is written as it was taken. | `journal` | `Journal` |
//! | The trail is chained by hash after its commit. | `seal_audit` | `AuditTrail` |
//! | Steps of logins are added up by the hour and by the day. | `roll_up_funnel` | `Funnel` |
//! | What a session grants to an OpenID client ends with it; its code is redeemed once, and a refresh token is used once. | `grants` | `Grants` |
//! | Of all nodes one makes the next key that signs tokens, and the keys of before are published until nothing they signed is valid. | `keep_signing_keys` | `SigningKeys` |
//! | A code is redeemed once. | `redeem_code` | `OneTimeCodes::redeem` |
//! | Rows are kept for as long as a client or a phone may ask for them. | `retention` | |
//! | Rows whose time is over are removed, a few at a time. | `prune` | `Pruning::prune` |
//! | What a reader sees, and how much of it. | `reads` | the methods that only read |
//!
//! The order of the `…_for_update` operations and of `hold_account` in a rule is its lock order: the account's row comes
//! before rows of its identities and sessions. Row operations are what a rule costs: one statement each where rows are kept in SQL
//! (`tests/it/row_operations.rs` asserts how many).
//!
//! # To add a rule
//!
//! 1. Write a file here, named by the rule: an `async fn` over the row traits that it needs, and what it decides on as
//!    its argument. A decision that several rules share is a file of its own, as `link_identity` is.
//! 2. A rule that the services call gets a line in the port's implementation in `ports/`, and a line in the table.
//! 3. Say what it promises in a case of `tests/contract`, which every database runs, and what it costs in
//!    `tests/it/row_operations.rs`.
//!
//! A row operation is added only for what no operation can read or write yet; every store then has to have it.

mod add_pending_link;
mod answer_meaning;
mod app_profiles;
mod ask_for_number;
mod bind_phone;
mod cancel_login;
mod change_person;
mod change_phone;
mod confirm_scan;
mod consents;
mod corrupt;
mod create_account;
mod disable_account;
mod disown_login;
mod end_sessions;
mod erase_person;
mod find_people;
mod grants;
mod issue_session;
mod journal;
mod keep_signing_keys;
mod link_by_unionid;
mod link_identity;
mod login_row;
mod make_people;
mod merge_accounts;
mod merge_own_accounts;
mod note_conflict;
mod note_refusal;
mod notices;
mod number_claim;
mod outbox;
mod ports;
mod probation;
mod prune;
mod reads;
mod record_follow;
mod redeem_code;
mod relay_messages;
mod release_identity;
mod repeat_scan;
mod retention;
mod revoke_authorization;
mod roll_up_funnel;
pub mod rows;
mod scan_destination;
mod scanned_identity;
mod seal_audit;
mod take_scan;
mod transactions;
mod unlink_identity;
mod void_link;

pub(crate) use answer_meaning::{Meaning, meaning};
pub use app_profiles::PROFILE_READ_EVERY;
pub use disown_login::NOT_ME_WITHIN;
pub use issue_session::SESSIONS_OF_ACCOUNT;
pub use keep_signing_keys::KEYS_PUBLISHED_LONGER;
pub(crate) use keep_signing_keys::NextKey;
pub use merge_accounts::MERGE_UNDONE_FOR;
pub use merge_own_accounts::RECENT_LOGIN;
pub use number_claim::PROBATION;
pub use outbox::{EVENT_TRIED_FOR, EVENT_TRY};
pub use prune::ROWS_A_PRUNING_STEP;
pub use reads::CONFLICTS_LISTED;
pub use redeem_code::REDEEMED_CODE_KEPT_LONGER;
pub use relay_messages::{RELAY_TRIED_FOR, RELAY_TRY};
pub use retention::UNUSED_SESSION_KEPT_FOR;
pub use seal_audit::{AUDIT_LEASE, AUDIT_SEALED_AT_ONCE};
pub use transactions::{RuleFuture, Transactions};
pub use void_link::LINKS_VOIDED_BY;
