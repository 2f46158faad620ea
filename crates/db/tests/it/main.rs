//! The adapter on SQLite: the shared suite, and what is SQLite's own.

#[cfg(test)]
mod agreement;
#[cfg(test)]
mod connecting;
#[cfg(test)]
mod contract;
#[cfg(test)]
mod corruption;
#[cfg(test)]
mod crash;
#[cfg(target_os = "linux")]
mod full_disk;
#[cfg(test)]
mod locks;
#[cfg(test)]
mod migrations;
#[cfg(test)]
mod secrets;
#[cfg(test)]
mod support;
mod tampering;
