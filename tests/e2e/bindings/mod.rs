//! What people do with the ways into their own account.

mod adding;
mod changing_the_phone;
mod freshness;
mod known_numbers;
mod merging;
mod number_alone;
mod removing;
mod unsubscribing;
