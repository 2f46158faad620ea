//! Logging in the user of a mobile application.

use std::sync::Arc;

use super::{
    AppProfileService, OAuthReturn, ServiceError, StartLogin,
    code_login::{CodeLogin, login_of},
    code_redeemer::CodeKind,
    identification::IdentifiedPerson,
    oauth_return::exchange,
};
use crate::{
    login::{AuthenticatedLogin, Channel, Login},
    ports::{OAuth, ScanTaken},
};

/// Logs in the users of mobile applications.
pub struct AppLogin {
    pub(super) by_code: CodeLogin,
    pub(super) oauth: Arc<dyn OAuth>,
    pub(super) profiles: Arc<AppProfileService>,
}

impl AppLogin {
    /// Makes a login for the user of a mobile application, whom a code of WeChat's SDK (`SendAuth`) identifies. The login is
    /// registered at once if the person has an account, and else waits for a phone number. One that is to add an identity and
    /// cannot is denied.
    ///
    /// The code is sent once at the most: an application that lost the answer asks WeChat for another one.
    ///
    /// # Errors
    /// As [`MiniProgramLogin::log_in`](super::MiniProgramLogin::log_in), and [`ServiceError::SnapshotUser`].
    pub async fn log_in(
        &self,
        request: StartLogin,
        code: &str,
    ) -> Result<(AuthenticatedLogin, Login), ServiceError> {
        let auth = self.by_code.begin(&request, CodeKind::OAuth, code).await?;
        let context = request.context;
        let app = context.app.clone();
        let client_info = context.client_info;
        let back =
            OAuthReturn { app: context.app, channel: Channel::App, client_info, code: Some(code.to_owned()) };
        let (person, told) = exchange(&*self.oauth, &back, code).await?;
        let person = IdentifiedPerson { purpose: context.purpose, ..person };
        let taken = self.by_code.commit(auth.id(), person).await?;
        if let ScanTaken::First(record) = &taken {
            self.profiles.keep_authorization(record.identity, &app, told).await;
        }
        Ok((auth, login_of(taken)?))
    }
}
