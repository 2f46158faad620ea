//! What a person sees where a program gets a problem.

use actix_web::{HttpRequest, web::Data};

use super::LoginPage;
use crate::{
    auth::AdminHosts,
    config::Mount,
    extract::prefers_page,
    problem::{ErrorCode, Problem},
};

/// Loading it again may help, so its address stays.
const UNAVAILABLE: &str = "<!doctype html><html lang=zh-CN><meta charset=utf-8>\
    <meta name=viewport content=\"width=device-width\"><title>微信登录</title>\
    <p>服务暂时不可用，请稍后刷新页面。<p lang=en>This does not work at the moment. Please reload the page.";

/// What a person sees where a program gets a problem.
pub(crate) enum ForPeople {
    /// The address of the login page, which says what is wrong.
    LoginPage(String),
    /// A page.
    Page(&'static str),
}

impl ForPeople {
    /// Returns what the person at a browser sees in place of a problem: on the way to WeChat and back, and at an address
    /// where nothing is. `None` for programs.
    pub(crate) fn of(
        request: &HttpRequest,
        problem: &Problem,
        page: &LoginPage,
        mount: &Mount,
    ) -> Option<Self> {
        // The login page is not on the operator's listener.
        if request.app_data::<Data<AdminHosts>>().is_some() {
            return None;
        }
        let is_lost = problem.code() == ErrorCode::NotFound && !page.address().starts_with(request.path());
        if !(is_lost || mount.endpoint(request.path()).starts_with("/v1/oauth/")) || !prefers_page(request) {
            return None;
        }
        if problem.is_of_server() {
            return Some(Self::Page(UNAVAILABLE));
        }
        Some(Self::LoginPage(page.with(&[("error", problem.code().as_str())])))
    }
}
