//! The control API under `/sandbox/api`: what the library does, as JSON over HTTP.

mod authorizations;
mod console;
mod error;
mod overview;
mod people;
mod requests;
mod stream;

use actix_web::web::{self, Json};
use serde_json::Value;

use self::authorizations as pages;
use crate::error::SandboxError;

type Answer<T = Value> = Result<Json<T>, SandboxError>;

pub(crate) fn routes(config: &mut web::ServiceConfig) {
    let json = web::JsonConfig::default().limit(64 * 1024).error_handler(error::bad_json);
    let phone = (people::chat, people::sms, people::scan, people::follow, people::unfollow, people::text);
    let more = (people::tap_menu, people::picture, people::set_mood, people::revoke);
    let mini_programs = (
        people::wx_login,
        people::phone_code,
        people::encrypted_phone,
        people::set_high_risk,
        people::mini_program_login,
        people::mini_program_page,
        people::mini_program_phone,
    );
    let mobile_apps = (people::sdk_login, people::mobile_app_login);
    let accounts = (console::set_callback_url, console::check_url, console::kill_tokens);
    config.service(
        web::scope("/sandbox/api")
            .app_data(json)
            .service((overview::show, overview::qr_codes, stream::open))
            .service((people::list, people::add, people::show, phone, more, mini_programs, mobile_apps))
            .service((people::allow_url, people::refuse_url))
            .service((pages::list, pages::show, pages::allow, pages::refuse))
            .service((console::events, console::resend, console::advance_clock))
            .service((console::faults, console::add_fault, console::clear_faults, console::calls))
            .service((accounts, console::bind_open_account))
            .default_service(web::to(error::not_found)),
    );
}
