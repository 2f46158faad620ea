//! What the error codes of SMS providers mean, and what has to be done.
//!
//! Source: the lists of return codes of Alibaba Cloud (Dysmsapi, Dypnsapi) and Tencent Cloud (SMS 2021-01-11).

/// Why a provider did not take a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// The signature is not filed, or not approved.
    Signature,
    /// The template is unknown, not approved, or its variables differ.
    Template,
    /// There is no money left.
    Balance,
    /// The number does not want messages, or the provider has blocked it.
    NumberBlocked,
    /// It is no number that the provider sends to.
    NumberInvalid,
    /// The number got too many messages.
    NumberRate,
    /// The account sends too many messages.
    AccountRate,
    /// The key is wrong, or has no right to send.
    Credentials,
    /// Calls from this server's address are refused.
    Address,
    /// The clock of this server is wrong.
    Clock,
    /// The provider did not do its work; the message may be on its way.
    MayBeSent,
    /// A code that this version does not know.
    Unknown,
}

/// A sentence in the two languages that operators read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What it means and what to do, in English.
    pub en: [&'static str; 2],
    /// The same in Chinese.
    pub zh: [&'static str; 2],
}

impl Meaning {
    /// Returns the word by which metrics count it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Signature => "signature",
            Self::Template => "template",
            Self::Balance => "balance",
            Self::NumberBlocked => "number_blocked",
            Self::NumberInvalid => "number_invalid",
            Self::NumberRate => "number_rate",
            Self::AccountRate => "account_rate",
            Self::Credentials => "credentials",
            Self::Address => "address",
            Self::Clock => "clock",
            Self::MayBeSent => "may_be_sent",
            Self::Unknown => "unknown",
        }
    }

    /// Returns cause and remedy in both languages.
    pub const fn explanation(self) -> Explanation {
        let (en, zh) = match self {
            Self::Signature => (
                [
                    "the signature is not filed or not approved",
                    "compare sms.sign_name with the provider's console, and wait until it is approved; `aliyun_pnvs` needs none of your own",
                ],
                [
                    "短信签名没有报备，或者没有通过审核",
                    "把 sms.sign_name 和控制台里的逐字核对，等审核通过；没有资质可以用 aliyun_pnvs，它自带签名",
                ],
            ),
            Self::Template => (
                [
                    "the template is unknown, not approved, or has other variables",
                    "compare sms.template_code and sms.template_param with the template in the provider's console",
                ],
                [
                    "短信模板不存在、没有通过审核，或者变量不一致",
                    "把 sms.template_code、sms.template_param 和控制台里的模板核对",
                ],
            ),
            Self::Balance => (
                [
                    "the account has no money or no messages left",
                    "top it up, and set an alarm on the balance",
                ],
                ["余额不足或套餐用完", "充值或购买套餐，并设置余额告警"],
            ),
            Self::NumberBlocked => (
                [
                    "the number is on the provider's block list",
                    "nothing: its owner can ask the provider to be taken off",
                ],
                ["该号码在服务商的黑名单里", "不用处理；机主可以向服务商申请移出"],
            ),
            Self::NumberInvalid => (
                [
                    "the provider does not send to this number",
                    "see whether the account may send to its country; else take the country out of sms.countries",
                ],
                [
                    "号码不对，或者服务商不支持发送到该国家（地区）",
                    "确认账号是否开通了国际（港澳台）短信；没有开通就从 sms.countries 里去掉",
                ],
            ),
            Self::NumberRate => (
                [
                    "the number got as many messages as the provider allows",
                    "nothing where it is rare; else make [limits] stricter than the provider's",
                ],
                [
                    "该号码达到了服务商的发送频率上限",
                    "偶尔出现不用管；经常出现就把 [limits] 调得比服务商更严",
                ],
            ),
            Self::AccountRate => (
                [
                    "the account has sent as many messages as its own limit allows",
                    "raise the limit in the provider's console, and look at saoma_sms_unused_share_exceeded: it may be pumping",
                ],
                [
                    "账号达到了自己设置的发送上限",
                    "到控制台提高上限；同时看 saoma_sms_unused_share_exceeded，可能有人在盗刷短信",
                ],
            ),
            Self::Credentials => (
                [
                    "the access key is wrong, disabled, or may not send",
                    "compare sms.access_key_id and sms.access_key_secret, and give the key the right to send SMS",
                ],
                [
                    "AccessKey 不对、已停用，或者没有发短信的权限",
                    "核对 sms.access_key_id 和 sms.access_key_secret，并给这个 AccessKey 授权发送短信",
                ],
            ),
            Self::Address => (
                [
                    "calls from this server's address are refused",
                    "add the address to the list in the provider's console",
                ],
                ["服务商拒绝了本服务器 IP 的调用", "在控制台的 IP 白名单里加上本服务器的出口 IP"],
            ),
            Self::Clock => (
                ["the clock of this server is wrong", "set it by NTP"],
                ["服务器时间不准", "用 NTP 校准服务器时间"],
            ),
            Self::MayBeSent => (
                [
                    "the provider did not finish in time, and may have sent the message",
                    "nothing where it is rare",
                ],
                ["服务商内部超时，短信可能已经发出", "偶尔出现不用管"],
            ),
            Self::Unknown => (
                [
                    "a code that this version does not know",
                    "look it up in the provider's list of return codes",
                ],
                ["本版本不认识的错误码", "查阅服务商的错误码文档"],
            ),
        };
        Explanation { en, zh }
    }
}

/// The codes that are known, in the providers' own spelling.
const CODES: &[(&str, Meaning)] = &[
    // Alibaba Cloud
    ("isv.SMS_SIGNATURE_ILLEGAL", Meaning::Signature),
    ("isv.SMS_SIGN_ILLEGAL", Meaning::Signature),
    ("isv.SIGN_NAME_ILLEGAL", Meaning::Signature),
    ("isv.SMS_SIGNATURE_SCENE_ILLEGAL", Meaning::Signature),
    ("isv.SIGN_STATE_ILLEGAL", Meaning::Signature),
    ("isv.SMS_TEMPLATE_ILLEGAL", Meaning::Template),
    ("isv.TEMPLATE_MISSING_PARAMETERS", Meaning::Template),
    ("isv.TEMPLATE_PARAMS_ILLEGAL", Meaning::Template),
    ("isv.INVALID_JSON_PARAM", Meaning::Template),
    ("isv.INVALID_PARAMETERS", Meaning::Template),
    ("isv.PARAM_LENGTH_LIMIT", Meaning::Template),
    ("isv.AMOUNT_NOT_ENOUGH", Meaning::Balance),
    ("isv.OUT_OF_SERVICE", Meaning::Balance),
    ("isv.BLACK_KEY_CONTROL_LIMIT", Meaning::NumberBlocked),
    ("isv.MOBILE_NUMBER_ILLEGAL", Meaning::NumberInvalid),
    ("isv.BUSINESS_LIMIT_CONTROL", Meaning::NumberRate),
    ("isv.DAY_LIMIT_CONTROL", Meaning::AccountRate),
    ("isv.MONTH_LIMIT_CONTROL", Meaning::AccountRate),
    ("Throttling.User", Meaning::AccountRate),
    ("isv.DENY_IP_RANGE", Meaning::Address),
    ("isv.ACCOUNT_NOT_EXISTS", Meaning::Credentials),
    ("isv.ACCOUNT_ABNORMAL", Meaning::Credentials),
    ("isv.PRODUCT_UN_SUBSCRIPT", Meaning::Credentials),
    ("isp.RAM_PERMISSION_DENY", Meaning::Credentials),
    ("Forbidden.RAM", Meaning::Credentials),
    ("NoPermission", Meaning::Credentials),
    ("SignatureDoesNotMatch", Meaning::Credentials),
    ("InvalidAccessKeyId.NotFound", Meaning::Credentials),
    ("InvalidAccessKeyId.Inactive", Meaning::Credentials),
    ("InvalidTimeStamp.Expired", Meaning::Clock),
    ("isp.SYSTEM_ERROR", Meaning::MayBeSent),
    // Tencent Cloud
    ("FailedOperation.SignatureIncorrectOrUnapproved", Meaning::Signature),
    ("FailedOperation.MissingSignature", Meaning::Signature),
    ("FailedOperation.TemplateIncorrectOrUnapproved", Meaning::Template),
    ("FailedOperation.TemplateUnapprovedOrNotExist", Meaning::Template),
    ("FailedOperation.TemplateParamSetNotMatchApprovedTemplate", Meaning::Template),
    ("InvalidParameterValue.TemplateParameterFormatError", Meaning::Template),
    ("InvalidParameterValue.TemplateParameterLengthLimit", Meaning::Template),
    ("FailedOperation.InsufficientBalanceInSmsPackage", Meaning::Balance),
    ("UnauthorizedOperation.ServiceSuspendDueToArrears", Meaning::Balance),
    ("FailedOperation.PhoneNumberInBlacklist", Meaning::NumberBlocked),
    ("InvalidParameterValue.IncorrectPhoneNumber", Meaning::NumberInvalid),
    ("FailedOperation.PhoneNumberParseFail", Meaning::NumberInvalid),
    ("UnsupportedOperation.UnsupportedRegion", Meaning::NumberInvalid),
    ("LimitExceeded.PhoneNumberThirtySecondLimit", Meaning::NumberRate),
    ("LimitExceeded.PhoneNumberOneHourLimit", Meaning::NumberRate),
    ("LimitExceeded.PhoneNumberDailyLimit", Meaning::NumberRate),
    ("LimitExceeded.PhoneNumberSameContentDailyLimit", Meaning::NumberRate),
    ("LimitExceeded.DeliveryFrequencyLimit", Meaning::AccountRate),
    ("LimitExceeded.AppGlobalSmsSendingRateLimit", Meaning::AccountRate),
    ("LimitExceeded.AppDailyLimit", Meaning::AccountRate),
    ("LimitExceeded.AppMainlandChinaDailyLimit", Meaning::AccountRate),
    ("LimitExceeded.DailyLimit", Meaning::AccountRate),
    ("RequestLimitExceeded", Meaning::AccountRate),
    ("UnauthorizedOperation.RequestIpNotInWhitelist", Meaning::Address),
    ("UnauthorizedOperation.SmsSdkAppIdVerifyFail", Meaning::Credentials),
    ("UnauthorizedOperation.SdkAppIdIsDisabled", Meaning::Credentials),
    ("AuthFailure.SignatureFailure", Meaning::Credentials),
    ("AuthFailure.SecretIdNotFound", Meaning::Credentials),
    ("AuthFailure.UnauthorizedOperation", Meaning::Credentials),
    ("AuthFailure.SignatureExpire", Meaning::Clock),
    ("InternalError.Timeout", Meaning::MayBeSent),
];

/// Returns what a provider's code means.
pub fn meaning_of(code: &str) -> Meaning {
    CODES.iter().find(|(known, _)| *known == code).map_or(Meaning::Unknown, |(_, meaning)| *meaning)
}

/// Returns the codes that are known, with what they mean.
pub fn codes() -> impl Iterator<Item = (&'static str, Meaning)> {
    CODES.iter().copied()
}

/// Returns a code as it can stand in a log: what is longer or has other characters is no code, and may hold a number.
pub(crate) fn shown(code: &str) -> &str {
    let is_code = |byte: u8| byte.is_ascii_alphabetic() || matches!(byte, b'.' | b'_');
    if !code.is_empty() && code.len() <= 80 && code.bytes().all(is_code) {
        code
    } else {
        "an unreadable code"
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_code_is_known_once_and_can_be_shown() {
        let known: BTreeSet<_> = codes().map(|(code, _)| code).collect();
        assert_eq!(known.len(), CODES.len());
        for (code, meaning) in codes() {
            assert_eq!((shown(code), meaning_of(code)), (code, meaning));
        }
        assert_eq!(meaning_of("isv.NEW"), Meaning::Unknown);
        assert_eq!(shown("13800138000"), "an unreadable code");
    }
}
