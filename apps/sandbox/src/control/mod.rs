//! The control API under `/sandbox/api`: what the library does, as JSON over HTTP.

mod accounts;
mod authorizations;
mod error;
mod events;
mod faults;
mod mini_programs;
mod overview;
mod people;
mod stream;

use actix_web::web;

pub(crate) fn routes(config: &mut web::ServiceConfig) {
    let json = web::JsonConfig::default().limit(64 * 1024).error_handler(error::bad_json);
    config.service(
        web::scope("/sandbox/api")
            .app_data(json)
            .route("/state", web::get().to(overview::show))
            .route("/stream", web::get().to(stream::open))
            .route("/apps/{name}/open-account", web::put().to(accounts::bind_open_account))
            .configure(people_routes)
            .route("/qr-codes", web::get().to(overview::qr_codes))
            .route("/events", web::get().to(events::list))
            .route("/events/{id}/resend", web::post().to(events::resend))
            .route("/faults", web::get().to(faults::list))
            .route("/faults", web::post().to(faults::add))
            .route("/faults", web::delete().to(faults::clear))
            .route("/calls", web::get().to(faults::calls))
            .route("/accounts/{name}/callback-url", web::put().to(accounts::set_callback_url))
            .route("/accounts/{name}/check-url", web::post().to(accounts::check_url))
            .route("/accounts/{name}/kill-tokens", web::post().to(accounts::kill_tokens))
            .route("/clock/advance", web::post().to(accounts::advance_clock))
            .default_service(web::to(error::not_found)),
    );
}

/// The people, and what they do.
fn people_routes(config: &mut web::ServiceConfig) {
    config
        .route("/people", web::get().to(people::list))
        .route("/people", web::post().to(people::add))
        .route("/people/{name}", web::get().to(people::show))
        .route("/people/{name}/chat", web::get().to(people::chat))
        .route("/people/{name}/sms", web::get().to(people::sms))
        .route("/people/{name}/scan", web::post().to(people::scan))
        .route("/people/{name}/follow", web::post().to(people::follow))
        .route("/people/{name}/unfollow", web::post().to(people::unfollow))
        .route("/people/{name}/text", web::post().to(people::text))
        .route("/people/{name}/allow", web::post().to(authorizations::allow_url))
        .route("/people/{name}/refuse", web::post().to(authorizations::refuse_url))
        .route("/people/{name}/wx-login", web::post().to(mini_programs::wx_login))
        .route("/people/{name}/phone-code", web::post().to(mini_programs::phone_code))
        .route("/people/{name}/encrypted-phone", web::post().to(mini_programs::encrypted_phone))
        .route("/people/{name}/high-risk", web::put().to(mini_programs::set_high_risk))
        .route("/people/{name}/mini-program/login", web::post().to(mini_programs::login))
        .route("/people/{name}/mini-program/phone", web::post().to(mini_programs::phone))
        .route("/authorizations", web::get().to(authorizations::list))
        .route("/authorizations/{id}", web::get().to(authorizations::show))
        .route("/authorizations/{id}/allow", web::post().to(authorizations::allow))
        .route("/authorizations/{id}/refuse", web::post().to(authorizations::refuse));
}
