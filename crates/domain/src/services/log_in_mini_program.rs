//! Logging the user of a mini program in.

use super::{FlowError, Flows, StartLogin, commit_identification::IdentifiedPerson, redeem_code::CodeKind};
use crate::{
    keys::Purpose,
    login::{AuthenticatedLogin, Channel, Login, LoginId, LoginState},
    ports::{Redemption, ScanTaken},
    time::Timestamp,
    wechat::{Profile, SessionKey},
};

impl Flows {
    /// Makes a login for the user of a mini program, whom a code of `wx.login` names; it is registered at once
    /// if the person has an account, and else waits for a phone number. Of one that is to add an identity and
    /// cannot, it is denied.
    ///
    /// The code is sent once at the most: whoever lost the answer calls `wx.login` again. WeChat's session key
    /// is kept, sealed, only while a phone number may be bound.
    ///
    /// # Errors
    /// As [`Flows::start_login`]; [`FlowError::CodeInvalid`] for a code that is unknown, too old or used, and
    /// [`FlowError::Store`] when it is not known to be unused, or the login not to be committed.
    pub async fn log_in_mini_program(
        &self,
        start: StartLogin,
        code: &str,
    ) -> Result<(AuthenticatedLogin, Login), FlowError> {
        // A browser takes longer than a program, so its time is enough.
        let lifetime = self.policy.oauth_ttl;
        let held = self.begin(&start, lifetime).await?;
        self.add_pending_link(held.id(), start.link_to).await?;
        let context = start.context;
        let hash = CodeKind::MiniProgram.hash(&context.app, code);
        if self.redeem_code(hash, held.id()).await? != Redemption::First {
            return Err(FlowError::CodeInvalid);
        }
        let user = self.ports.mini_program.exchange(&context.app, code).await.map_err(FlowError::of_code)?;
        let person = IdentifiedPerson {
            app: context.app,
            channel: Channel::MiniProgram,
            openid: user.openid,
            unionid: user.unionid,
            profile: Profile::default(),
            client_info: context.client_info,
        };
        let login = match self.commit_exchanged(held.id(), person, lifetime).await? {
            ScanTaken::First(record) | ScanTaken::Again(record) => record.login,
            ScanTaken::LinkRefused(login) => login,
            // Nobody else knows the login, so it is the code that took too long.
            ScanTaken::ByAnother | ScanTaken::Over(_) => return Err(FlowError::CodeInvalid),
        };
        if let LoginState::Unregistered { deadline, .. } = login.state {
            self.keep_session_key(held.id(), &user.session_key, deadline).await;
        }
        Ok((held, login))
    }

    /// Keeps a session key for [`Flows::bind_wechat_phone`]; who cannot be helped by it can still bind a phone
    /// number in another way.
    async fn keep_session_key(&self, login: LoginId, key: &SessionKey, until: Timestamp) {
        let (server_key, plain) = (self.keys.current(), key.reveal().as_bytes());
        let sealed = server_key.seal(Purpose::SessionKey, &*self.ports.random, login.as_bytes(), plain);
        let _ = self.ports.session_keys.put(login, sealed, until).await;
    }
}
