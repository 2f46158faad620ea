//! The ports of the database, made of the rules: every store of rows that runs transactions has them all.
//!
//! Each method is one rule, run in one transaction, or a read. `OneTimeCodes` and `Pruning` stand beside their only
//! rule.

mod accounts;
mod app_profiles;
mod logins;
mod merges;
mod people;
mod sessions;
