//! How sure it is who logged in, in one word.

use super::{AuthMethod, AuthMethods};

const BY_NUMBER: &str = "urn:saoma:acr:number";
const BY_CLICK: &str = "urn:saoma:acr:confirmed";
const BY_WECHAT: &str = "urn:saoma:acr:wechat";
const BY_SMS: &str = "urn:saoma:acr:sms";

impl AuthMethods {
    /// What [`AuthMethods::acr`] returns, the surest first.
    pub const ACR: [&str; 4] = [BY_NUMBER, BY_CLICK, BY_WECHAT, BY_SMS];

    /// Returns the `acr` of tokens: the strongest of what the person proved.
    ///
    /// * `urn:saoma:acr:number`: they entered on the phone the digits that the waiting client showed, so phone and client
    ///   were in one place;
    /// * `urn:saoma:acr:confirmed`: they said yes on the phone that scanned;
    /// * `urn:saoma:acr:wechat`: WeChat said who they are;
    /// * `urn:saoma:acr:sms`: they have the number, and WeChat said nothing.
    pub fn acr(self) -> &'static str {
        let wechat = [
            AuthMethod::WechatQr,
            AuthMethod::WechatWebsite,
            AuthMethod::WechatPage,
            AuthMethod::WechatMiniProgram,
            AuthMethod::WechatApp,
        ];
        if self.has(AuthMethod::ConfirmNumber) {
            BY_NUMBER
        } else if self.has(AuthMethod::ConfirmClick) {
            BY_CLICK
        } else if self.has(AuthMethod::Sms) && !wechat.into_iter().any(|method| self.has(method)) {
            BY_SMS
        } else {
            BY_WECHAT
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strongest_proof_counts() {
        let scan = AuthMethods::from(AuthMethod::WechatQr);
        assert_eq!(scan.acr(), BY_WECHAT);
        assert_eq!(scan.and(AuthMethod::Sms).acr(), BY_WECHAT);
        assert_eq!(scan.and(AuthMethod::ConfirmClick).acr(), BY_CLICK);
        assert_eq!(scan.and(AuthMethod::ConfirmNumber).and(AuthMethod::Sms).acr(), BY_NUMBER);
        assert_eq!(AuthMethods::from(AuthMethod::Sms).acr(), BY_SMS);
    }
}
