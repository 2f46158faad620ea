//! The ports of Saoma that want speed, in Redis: a single server, one watched by Sentinels, or a Cluster.
//!
//! [`RedisStore`] implements [`LoginCache`], [`LoginNotifier`], [`Limits`], [`SessionCache`], [`SmsCodes`], [`SessionKeys`],
//! [`AccessTokens`] and [`Health`]. Nothing that is kept here is the truth: Redis may be emptied, fail over and
//! forget its last writes, or be away, and no login
//! is lost. Every key has a time to live.
//!
//! | key | holds | commands of one use |
//! |---|---|---|
//! | `<prefix>{<login id>}` | context and copy of the outcome of a login | 1 |
//! | `<prefix>{<login id>}:sms` | its live SMS code: digest and tries | 1 |
//! | `<prefix>{<login id>}:key` | its mini program's session key, sealed | 1 |
//! | `<prefix>session:{<hash of its token>}` | copy of a session, or that it was ended | 1 |
//! | `<prefix>limit:<limit and subject>` | how much of a limit is used up | 1 for all; in a Cluster 1 a limit |
//! | `<prefix>token:{<app id>}` | an access token of WeChat, sealed with the server key | 1 |
//! | `<prefix>token:{<app id>}:turn` | that a node is about to get one | 1 |
//! | `<prefix>wake` | a channel: the ids of logins that something happened to | see [`LoginNotifier`] |
//!
//! Each use is one script or command, so it is atomic and one round trip. All of them share one connection,
//! which carries any number of requests at a time; none waits for a connection of its own. Wake-ups come by a
//! second one. Redis 6.2 or newer is needed.
//!
//! A user that Redis's access control restricts needs the keys `~<prefix>*`, the channel `&<prefix>wake` and the
//! commands `+eval +evalsha +get +getrange +set +del +pttl +publish +subscribe +ping`; behind Sentinels also
//! `+role` (and a user of theirs `+sentinel|masters +role`), in a Cluster `+cluster|slots`, and with a database that has a number `+select`.
//!
//! # Wake-ups, and what they cost
//!
//! There is one channel. A script that changes the copy of an outcome publishes the login's id there, and each
//! node rings those who wait for that login in its own memory. So waiting costs Redis nothing at all, neither
//! a command nor memory, however many wait. An outcome costs one message of 39 bytes to each node: with 20
//! nodes and 1,000 outcomes a second that is 20,000 small messages a second for Redis, and 1,000 look-ups in a
//! hash table for each node. In a Cluster each message also goes to each of its
//! nodes, on their own bus. Channels by login or by bucket of logins would save nodes the messages that nobody
//! there waits for, and cost a command for every waiter; sharded channels would save the bus, and are not
//! restored by the client after a failover.
//!
//! A subscription that hears nothing for 5 s publishes an empty message to itself, and is taken for lost when
//! that does not arrive: so a connection that died silently is noticed, and a busy channel costs nothing extra.
//! After any loss it is made anew, after 50 ms and then ever slower up to a second, and everybody who waits is
//! woken once to look again.
//!
//! # When Redis is away
//!
//! Every use has a time limit ([`RedisOptions::answer_limit`], 250 ms). After three failures in a row all uses fail at once for half a second,
//! then one of them tries again, until one succeeds.
//!
//! [`LoginCache`]: saoma_domain::ports::LoginCache
//! [`LoginNotifier`]: saoma_domain::ports::LoginNotifier
//! [`Limits`]: saoma_domain::ports::Limits
//! [`SessionCache`]: saoma_domain::ports::SessionCache
//! [`SmsCodes`]: saoma_domain::ports::SmsCodes
//! [`SessionKeys`]: saoma_domain::ports::SessionKeys
//! [`AccessTokens`]: saoma_domain::ports::AccessTokens
//! [`Health`]: saoma_domain::ports::Health

mod access_tokens;
mod address;
mod limits;
mod link;
mod login_cache;
mod login_notifier;
mod session_cache;
mod session_keys;
mod sms_codes;
mod store;

pub use store::{ConnectError, RedisOptions, RedisStore};
