//! The rules: every decision about rows, once, one file a rule.

mod redeem_code;
pub mod rows;
mod transactions;

pub use redeem_code::REDEEMED_CODE_KEPT_LONGER;
pub use transactions::{RuleFuture, Transactions};
