//! WeChat as Saoma talks to it.

pub mod callback;
