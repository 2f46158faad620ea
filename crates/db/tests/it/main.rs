//! The adapter on SQLite: the shared suite, and what is SQLite's own.

#[cfg(test)]
#[cfg(test)]
mod connecting;
#[cfg(test)]
mod contract;
#[cfg(test)]
mod corruption;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod migrations;
#[cfg(test)]
mod patience;
#[cfg(test)]
mod secrets;
#[cfg(test)]
mod support;
