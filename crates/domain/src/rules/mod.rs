//! The rules: every decision about rows, once, one file a rule.

mod add_pending_link;
mod bind_phone;
mod cancel_login;
mod change_phone;
mod corrupt;
mod disable_account;
mod end_sessions;
mod issue_session;
mod link_by_unionid;
mod link_identity;
mod login_row;
mod note_conflict;
mod ports;
mod prune;
mod reads;
mod record_follow;
mod redeem_code;
mod repeat_scan;
mod retention;
pub mod rows;
mod scan_destination;
mod scanned_identity;
mod take_scan;
mod transactions;
mod unlink_identity;
mod void_link;

pub use prune::ROWS_A_PRUNING_STEP;
pub use reads::{CONFLICTS_LISTED, SESSIONS_INVALIDATED, SESSIONS_LISTED};
pub use redeem_code::REDEEMED_CODE_KEPT_LONGER;
pub use retention::UNUSED_SESSION_KEPT_FOR;
pub use transactions::{RuleFuture, Transactions};
pub use void_link::LINKS_VOIDED_BY;
