//! The services on in-process stores: what each does, what it costs, what a failure does to it, and a model of them
//! all (`any_order`).

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod account_changes;
mod any_order;
mod app_profiles;
mod bind_phone;
mod bind_wechat_phone;
mod broken;
mod cached_sessions;
mod callback_signatures;
mod calls;
mod cancel;
mod change_phone;
mod channels;
mod confirm;
mod consent;
mod elsewhere;
mod failures;
mod follow_up;
mod gate;
mod issue_session;
mod known_at_once;
mod link_opening;
mod log_in_app;
mod log_in_mini_program;
mod machine;
mod machine_checks;
mod message_codes;
mod mini_program_code;
mod number_alone;
mod oauth;
mod one_person;
mod own_identities;
mod paced_wechat;
mod pending_link;
mod people;
mod ready_codes;
mod reconcile;
mod row_operations;
mod send_code;
mod session_cache;
mod session_failures;
mod sessions;
mod settings;
mod sms_code_tries;
mod sms_login;
mod start_login;
mod suspicions;
mod take_scan;
mod unsubscribe;
mod wait;
mod wechat_phone_data;
mod world;
