//! What is said and counted of a scan.

use saoma_domain::{
    login::{Channel, LoginId, ScenePurpose},
    services::{ScanReply, ServiceError},
    wechat::AppName,
};

use crate::{
    login_watch::{LoginLabels, ScanOutcome, WatchedLogin},
    problem::Problem,
};

/// Reads the login from a scene; `None` for a scene that does not look like one of ours.
pub(super) fn watched(app: &AppName, scene: &str) -> Option<WatchedLogin> {
    let mut parts = scene.splitn(3, ':');
    let (_, purpose, id) = (parts.next()?, parts.next()?, parts.next()?);
    let labels = LoginLabels {
        channel: Channel::OfficialAccount,
        app: app.clone(),
        purpose: ScenePurpose::parse(purpose).ok()?,
    };
    // Whether this service issued it was checked with the scan.
    Some(WatchedLogin::new(Some(LoginId::from_store(id)?), labels))
}

/// Returns what a scan did to its login; `None` for a scene that is not ours.
pub(super) fn outcome(taken: &Result<ScanReply, ServiceError>) -> Option<ScanOutcome> {
    Some(match taken {
        Ok(ScanReply::LoggedIn { .. } | ScanReply::Linked { .. }) => ScanOutcome::Ended("registered"),
        Ok(ScanReply::LinkRefused | ScanReply::RegistrationClosed) => ScanOutcome::Ended("denied"),
        Ok(ScanReply::Disabled) => ScanOutcome::Failed("account_disabled"),
        Ok(ScanReply::NotAdmitted { .. }) => ScanOutcome::Failed("not_admitted"),
        Ok(ScanReply::GoOn { .. }) => ScanOutcome::GoesOn,
        Ok(ScanReply::ByAnother) => ScanOutcome::Failed("scanned_by_another"),
        Ok(ScanReply::Over(_)) => ScanOutcome::Failed("expired"),
        Ok(ScanReply::Foreign) => return None,
        Err(error) => ScanOutcome::Failed(Problem::code_of(error).as_str()),
    })
}
