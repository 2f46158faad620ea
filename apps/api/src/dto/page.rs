//! What a page needs to draw itself.

use serde::Serialize;
use utoipa::ToSchema;

use super::page_channels::{PageChannel, page_channels};
use crate::config::{Config, FooterEntry, PageConfig};
use saoma_domain::services::{PhoneRule, Registration, SmsLogin};
use saoma_domain::sms::SmsCountries;

/// What a page needs to draw itself. Addresses that begin with `/` are of this service.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PageBody {
    /// What people call the site.
    #[serde(skip_serializing_if = "Option::is_none")]
    site_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    logo: Option<String>,
    /// The logo on dark ground, where it is another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    logo_dark: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    favicon: Option<String>,
    /// Styles that come after those of the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    css: Option<String>,
    colors: PageColorsBody,
    #[serde(skip_serializing_if = "Option::is_none")]
    terms_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    privacy_url: Option<String>,
    consent: PageConsent,
    footer: Vec<PageLink>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help_url: Option<String>,
    /// The languages that the page may be shown in, English or else the first one where none fits.
    languages: Vec<PageLanguageBody>,
    login: PageLogin,
    /// The ways in that a page can offer, in the order in which they are offered.
    channels: Vec<PageChannel>,
    check: PageCheck,
}

/// The colours that the operator has chosen, as `#rrggbb`; those of the page where there are none.
#[derive(Debug, Serialize, ToSchema)]
struct PageColorsBody {
    /// The ground of the main button; white text on it can be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    accent: Option<String>,
    /// The accent on the dark card, light enough to be seen there; white text on it can be read, too.
    #[serde(skip_serializing_if = "Option::is_none")]
    accent_dark: Option<String>,
    /// What is behind the card in the light theme.
    #[serde(skip_serializing_if = "Option::is_none")]
    background: Option<String>,
    /// The text that can be read on `background`.
    #[serde(skip_serializing_if = "Option::is_none")]
    background_text: Option<String>,
}

/// Whether people have to agree to the terms.
#[derive(Debug, Serialize, ToSchema)]
struct PageConsent {
    /// Whether a login needs `consent` before its phone steps.
    required: bool,
    /// What `consent` has to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
}

/// An entry of the foot.
#[derive(Debug, Serialize, ToSchema)]
struct PageLink {
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

/// A language of the page.
#[derive(Debug, Serialize, ToSchema)]
struct PageLanguageBody {
    /// Its tag (BCP 47).
    tag: String,
    /// A JSON object with the operator's own texts.
    #[serde(skip_serializing_if = "Option::is_none")]
    texts: Option<String>,
}

/// What logins ask for.
#[derive(Debug, Serialize, ToSchema)]
struct PageLogin {
    #[schema(value_type = String, pattern = "^(off|existing|on)$")]
    sms: &'static str,
    #[schema(value_type = String, pattern = "^(required|optional|off)$")]
    phone: &'static str,
    #[schema(value_type = String, pattern = "^(open|closed)$")]
    registration: &'static str,
    /// Where a login leads that names no other place.
    #[serde(skip_serializing_if = "Option::is_none")]
    default_return_to: Option<String>,
    /// The calling codes of the countries that SMS are sent to; `*` is everywhere.
    sms_countries: Vec<String>,
}

/// The check against machines.
#[derive(Debug, Serialize, ToSchema)]
struct PageCheck {
    #[schema(value_type = String, pattern = "^(none|pow|aliyun)$")]
    kind: &'static str,
}

impl PageBody {
    /// Describes the page; `path` finds the operator's files.
    pub(crate) fn new(config: &Config, path: &dyn Fn(&str) -> Option<String>) -> Self {
        let page = &config.page;
        let colors = page.colors;
        let languages = page.languages.iter().map(|language| PageLanguageBody {
            tag: language.tag.clone(),
            texts: path(&format!("texts-{}", language.tag)),
        });
        Self {
            site_name: page.site_name.clone(),
            logo: path("logo"),
            logo_dark: path("logo-dark"),
            favicon: path("favicon"),
            css: path("style"),
            colors: PageColorsBody {
                accent: colors.accent.map(|color| color.to_string()),
                accent_dark: colors.accent.map(|color| color.on_dark().to_string()),
                background: colors.background.map(|color| color.to_string()),
                background_text: colors.background.map(|color| color.text_on().to_string()),
            },
            terms_url: page.terms_url.clone(),
            privacy_url: page.privacy_url.clone(),
            consent: PageConsent::of(page),
            footer: page.footer.iter().map(PageLink::of).collect(),
            help_url: page.help_url.clone(),
            languages: languages.collect(),
            login: PageLogin::of(config),
            channels: page_channels(config, path),
            check: PageCheck { kind: config.check.kind() },
        }
    }
}

impl PageConsent {
    fn of(page: &PageConfig) -> Self {
        let terms = page.terms.as_ref();
        Self {
            required: terms.is_some_and(|terms| terms.required),
            version: terms.map(|terms| terms.version.to_string()),
        }
    }
}

impl PageLink {
    fn of(entry: &FooterEntry) -> Self {
        Self { text: entry.text.clone(), url: entry.url.clone() }
    }
}

impl PageLogin {
    fn of(config: &Config) -> Self {
        Self {
            sms: match config.login.sms {
                SmsLogin::Off => "off",
                SmsLogin::Existing => "existing",
                SmsLogin::On => "on",
            },
            phone: match config.login.phone {
                PhoneRule::Required => "required",
                PhoneRule::Optional => "optional",
                PhoneRule::Off => "off",
            },
            registration: match config.login.registration {
                Registration::Open => "open",
                Registration::Closed => "closed",
            },
            default_return_to: config.login.default_return_to.clone(),
            sms_countries: match &config.sms.countries {
                SmsCountries::Everywhere => vec!["*".to_owned()],
                SmsCountries::Only(codes) => codes.iter().map(|code| code.as_str().to_owned()).collect(),
            },
        }
    }
}
