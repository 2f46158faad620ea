//! WeChat as Saoma talks to it: the codec of the callback ([`callback`]).
//!
//! Everything is per app; any number of them can live side by side.

pub mod callback;
