//! Saying what a scan would lead to, without taking it.

use super::{ConfirmBy, ScanReply, ScanService, ScannedEvent, ServiceError};
use crate::{
    account::{Identity, IdentityId},
    login::{
        ClientInfo, ExpiryReason, Login, LoginScene, LoginState, PhoneLink, PhoneLinkKind, WRONG_NUMBERS,
    },
    ports::LoginRecord,
    wechat::AppName,
};

impl ScanService {
    /// Returns what [`ScanService::take_scan`] would lead to now, as far as the database knows, and changes nothing. WeChat is
    /// not asked, so that a person whom only a unionid leads to an account looks like a new one.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn foresee(&self, event: ScannedEvent) -> Result<ScanReply, ServiceError> {
        let Some(scene) = LoginScene::verify(&event.scene, &self.keys) else { return Ok(ScanReply::Foreign) };
        let context = self.login_cache.context(scene.id).await.ok().flatten();
        if context.as_ref().is_some_and(|context| context.app != event.app) {
            return Ok(ScanReply::Foreign);
        }
        let person = self.lookup.accounts.identity_of(&event.app, &event.openid).await?;
        let client_info = context.map(|context| context.client_info).unwrap_or_default();
        match self.identification.logins.find(scene.id).await? {
            Some(record) => Ok(self.repeated(&record, person.as_ref(), client_info)),
            None => self.first(Login::new(scene.id), person, client_info, &event.app).await,
        }
    }

    async fn first(
        &self,
        login: Login,
        person: Option<Identity>,
        client_info: ClientInfo,
        app: &AppName,
    ) -> Result<ScanReply, ServiceError> {
        if self.identification.time_left(login.id, self.policy.qr_ttl).is_zero() {
            return Ok(ScanReply::Over(ExpiryReason::Timeout));
        }
        let at = self.identification.clock.now();
        // The identity of a new person is made with the scan; a foreseen link is good for nothing.
        let random = &*self.identification.random;
        let identity = person.as_ref().map_or_else(|| IdentityId::generate(at, random), |person| person.id);
        if let Some(by) = self.policy.confirm.get(app) {
            let link = PhoneLink::issue(PhoneLinkKind::Confirm, login.id, identity, &self.keys);
            let in_chat = *by == ConfirmBy::Number && !self.policy.refuses_elsewhere(app);
            return Ok(ScanReply::Asked { client_info, at, link, in_chat, tries_left: WRONG_NUMBERS });
        }
        let not_me = PhoneLink::issue(PhoneLinkKind::NotMe, login.id, identity, &self.keys);
        let Some(account) = person.and_then(|person| person.account) else {
            return Ok(ScanReply::GoOn { client_info, at, not_me });
        };
        let account = self.lookup.accounts.account(account).await?;
        Ok(match account.is_some_and(|account| account.disabled) {
            true => ScanReply::Disabled,
            false => ScanReply::LoggedIn { client_info, at, notice: None, not_me },
        })
    }

    fn repeated(
        &self,
        record: &LoginRecord,
        person: Option<&Identity>,
        client_info: ClientInfo,
    ) -> ScanReply {
        let at = self.identification.clock.now();
        if record.link_refused {
            return ScanReply::LinkRefused;
        }
        let Some(scanned_by) = record.identity else {
            return ScanReply::Over(match record.login.state {
                LoginState::Expired { reason, .. } => reason,
                LoginState::Loop { .. }
                | LoginState::Scanned { .. }
                | LoginState::Unregistered { .. }
                | LoginState::Registered { .. } => ExpiryReason::Timeout,
            });
        };
        let Some(person) = person.filter(|person| person.id == scanned_by) else {
            return ScanReply::ByAnother;
        };
        let whose = (scanned_by, &person.app);
        if let Some(asked) = self.asked(&record.login, whose, client_info.clone(), at) {
            return asked;
        }
        let not_me = PhoneLink::issue(PhoneLinkKind::NotMe, record.login.id, scanned_by, &self.keys);
        match record.login.state {
            LoginState::Registered { .. } => ScanReply::LoggedIn { client_info, at, notice: None, not_me },
            LoginState::Loop { .. }
            | LoginState::Scanned { .. }
            | LoginState::Unregistered { .. }
            | LoginState::Expired { .. } => ScanReply::GoOn { client_info, at, not_me },
        }
    }
}
