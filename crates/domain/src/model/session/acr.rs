//! How sure it is who logged in, in one word.

use super::{AuthMethod, AuthMethods};

impl AuthMethods {
    /// Returns the `acr` of tokens: the strongest of what the person proved.
    ///
    /// * `urn:saoma:acr:number`: they entered on the phone the digits that the waiting client showed, so phone and client were in
    ///   one place;
    /// * `urn:saoma:acr:confirmed`: they said yes on the phone that scanned;
    /// * `urn:saoma:acr:wechat`: WeChat said who they are;
    /// * `urn:saoma:acr:sms`: they have the number, and WeChat said nothing.
    pub fn acr(self) -> &'static str {
        let wechat = [
            AuthMethod::WechatQr,
            AuthMethod::WechatWebsite,
            AuthMethod::WechatPage,
            AuthMethod::WechatMiniProgram,
        ];
        if self.has(AuthMethod::ConfirmNumber) {
            "urn:saoma:acr:number"
        } else if self.has(AuthMethod::ConfirmClick) {
            "urn:saoma:acr:confirmed"
        } else if self.has(AuthMethod::Sms) && !wechat.into_iter().any(|method| self.has(method)) {
            "urn:saoma:acr:sms"
        } else {
            "urn:saoma:acr:wechat"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strongest_proof_counts() {
        let scan = AuthMethods::from(AuthMethod::WechatQr);
        assert_eq!(scan.acr(), "urn:saoma:acr:wechat");
        assert_eq!(scan.and(AuthMethod::Sms).acr(), "urn:saoma:acr:wechat");
        assert_eq!(scan.and(AuthMethod::ConfirmClick).acr(), "urn:saoma:acr:confirmed");
        assert_eq!(scan.and(AuthMethod::ConfirmNumber).and(AuthMethod::Sms).acr(), "urn:saoma:acr:number");
        assert_eq!(AuthMethods::from(AuthMethod::Sms).acr(), "urn:saoma:acr:sms");
    }
}
