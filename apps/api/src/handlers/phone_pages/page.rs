//! The page for the phone.

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use ring::digest;
use saoma_domain::{
    login::{ExpiryReason, LoginState},
    nearness::Nearness,
    ports::Places,
    services::{LoginOnPhone, ScanReply, ServiceError, TakenBack},
};

use super::texts::Texts;
use crate::{
    chat_replies::{ChatSite, china_time, device_name},
    extract::Caller,
    problem::AnsweredItself,
};

const PAGE: &str = include_str!("../../../web/phone.html");
const STYLE: &str = include_str!("../../../web/phone.css");

/// The style, and the policy that allows it and nothing else but sending the form.
pub(crate) struct Style {
    policy: String,
}

impl Style {
    pub(crate) fn new() -> Self {
        let hash = STANDARD.encode(digest::digest(&digest::SHA256, STYLE.as_bytes()));
        let policy = format!(
            "default-src 'none'; style-src 'sha256-{hash}'; form-action 'self'; base-uri 'none'; \
             frame-ancestors 'none'"
        );
        Self { policy }
    }
}

/// What a page is for.
#[derive(Clone, Copy)]
enum Kind {
    /// It asks.
    Question,
    /// It says that the client is let in.
    Done,
    /// It says that the client is not.
    Stopped,
    /// It says something else.
    Told,
}

impl Kind {
    const fn classes(self) -> &'static str {
        match self {
            Self::Question => "asked",
            Self::Done => "told done",
            Self::Stopped => "told stopped",
            Self::Told => "told",
        }
    }
}

/// What a page is made of.
pub(super) struct Words<'a> {
    pub(super) texts: &'static Texts,
    pub(super) site: &'a ChatSite,
    pub(super) style: &'a Style,
    pub(super) places: &'a dyn Places,
}

/// A page.
pub(super) struct Page {
    status: StatusCode,
    policy: String,
    html: String,
}

impl Page {
    pub(super) fn answer(self) -> HttpResponse {
        let answer = HttpResponse::build(self.status)
            .content_type("text/html; charset=utf-8")
            .insert_header((header::CONTENT_SECURITY_POLICY, self.policy))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .body(self.html);
        AnsweredItself::mark(answer)
    }
}

impl Words<'_> {
    /// Asks whether the phone lets the client in, or says that this is over.
    pub(super) fn question(&self, seen: &LoginOnPhone, caller: &Caller) -> Page {
        match seen.question() {
            Some(question) => self.asking(seen, caller, question.number().is_some(), ""),
            None => self.answered_before(seen),
        }
    }

    /// Says how a login stands about which the phone is not asked any more.
    fn answered_before(&self, seen: &LoginOnPhone) -> Page {
        match &seen.login.state {
            LoginState::Unregistered { .. } | LoginState::Registered { .. } => {
                self.with_not_me(self.texts.let_in_before, &self.site.not_me(&seen.not_me))
            }
            LoginState::Expired { reason: ExpiryReason::Denied, .. } => {
                self.page(Kind::Stopped, self.texts.refused_before, "")
            }
            LoginState::Loop { .. }
            | LoginState::Scanned { .. }
            | LoginState::Expired { reason: ExpiryReason::Timeout | ExpiryReason::Cancelled, .. } => {
                self.note(self.texts.over)
            }
        }
    }

    /// Asks for the digits once more: others were entered, or none.
    pub(super) fn ask_again(&self, seen: &LoginOnPhone, caller: &Caller, tries_left: Option<u8>) -> Page {
        let why = match tries_left {
            Some(tries) => self.texts.wrong_digits.replace("{tries}", &tries.to_string()),
            None => self.texts.digits_first.to_owned(),
        };
        self.asking(seen, caller, true, &format!("<p class=\"wrong\" role=\"alert\">{why}</p>"))
    }

    fn asking(&self, seen: &LoginOnPhone, caller: &Caller, by_number: bool, wrong: &str) -> Page {
        let texts = self.texts;
        let focus = if wrong.is_empty() { "" } else { " autofocus" };
        let digits = match by_number {
            true => format!(
                "<label>{}<input name=\"number\" inputmode=\"numeric\" autocomplete=\"off\" maxlength=\"2\" \
                 pattern=\"[0-9]{{2}}\" required{focus}></label>",
                texts.digits
            ),
            false => String::new(),
        };
        let no = format!("<button name=\"answer\" value=\"no\" formnovalidate>{}</button>", texts.no);
        let yes = format!("<button class=\"yes\" name=\"answer\" value=\"yes\">{}</button>", texts.yes);
        // Enter in the field of the digits is a click on the first button.
        let buttons = if by_number { yes + &no } else { no + &yes };
        let nearness = self.nearness(&seen.client_info.ip, &caller.client_info.ip);
        let form = format!(
            "<form method=\"post\"><p>{}</p><p class=\"warning\">{}{}</p>{}{wrong}{digits}\
             <div class=\"choice\">{buttons}</div></form>",
            lines(texts.explained),
            self.distance(nearness),
            lines(texts.warning),
            self.facts(seen, nearness),
        );
        self.page(Kind::Question, texts.question, &form)
    }

    /// Asks whether the person did not mean to log in.
    pub(super) fn not_me_question(&self, seen: &LoginOnPhone, caller: &Caller) -> Page {
        let texts = self.texts;
        if let LoginState::Expired { reason: ExpiryReason::Denied, .. } = seen.login.state {
            return self.disowned(TakenBack::Login);
        }
        let nearness = self.nearness(&seen.client_info.ip, &caller.client_info.ip);
        let form = format!(
            "<form method=\"post\"><p>{}</p><p class=\"warning\">{}</p>{}\
             <div class=\"choice\"><button class=\"end\">{}</button></div></form>",
            lines(texts.not_me_explained),
            self.distance(nearness),
            self.facts(seen, nearness),
            texts.end_it,
        );
        self.page(Kind::Question, texts.not_me_question, &form)
    }

    /// Says what an answer led to.
    pub(super) fn outcome(&self, reply: &ScanReply) -> Page {
        let texts = self.texts;
        match reply {
            ScanReply::LoggedIn { not_me, .. } | ScanReply::Linked { not_me, .. } => {
                self.with_not_me(texts.let_in, &self.site.not_me(not_me))
            }
            ScanReply::GoOn { not_me, .. } => self.with_not_me(texts.go_on, &self.site.not_me(not_me)),
            ScanReply::Refused => self.page(Kind::Stopped, texts.refused, ""),
            ScanReply::Elsewhere => self.note(texts.refused_elsewhere),
            ScanReply::Over(ExpiryReason::Denied) => self.page(Kind::Stopped, texts.refused_before, ""),
            ScanReply::ByAnother => self.note(texts.taken),
            ScanReply::NotAdmitted { text } if !text.is_empty() => self.note(&escaped(text)),
            ScanReply::Disabled | ScanReply::NotAdmitted { .. } => self.note(texts.not_admitted),
            ScanReply::LinkRefused => self.note(texts.link_refused),
            ScanReply::RegistrationClosed => self.note(texts.registration_closed),
            ScanReply::Asked { .. }
            | ScanReply::Over(ExpiryReason::Timeout | ExpiryReason::Cancelled)
            | ScanReply::Foreign => self.note(texts.over),
        }
    }

    /// Says that the login is over, and what else was taken back.
    pub(super) fn disowned(&self, taken_back: TakenBack) -> Page {
        match taken_back {
            TakenBack::Login => self.page(Kind::Stopped, self.texts.disowned, ""),
            TakenBack::LoginAndLink => {
                let unlinked = format!("<p>{}</p>", lines(self.texts.unlinked));
                self.page(Kind::Stopped, self.texts.disowned, &unlinked)
            }
        }
    }

    /// Says that nothing was done.
    pub(super) fn failed(&self, error: &ServiceError) -> Page {
        // Only what a store could not tell may pass.
        match matches!(error, ServiceError::Store(_)) {
            true => Page { status: StatusCode::SERVICE_UNAVAILABLE, ..self.note(self.texts.unavailable) },
            false => Page { status: StatusCode::NOT_FOUND, ..self.note(self.texts.no_link) },
        }
    }

    fn with_not_me(&self, text: &str, link: &str) -> Page {
        let more = format!("<p><a href=\"{}\">{}</a></p>", escaped(link), self.texts.not_me);
        self.page(Kind::Done, text, &more)
    }

    fn note(&self, text: &str) -> Page {
        self.page(Kind::Told, text, "")
    }

    /// Lists what is known of the client.
    fn facts(&self, seen: &LoginOnPhone, nearness: Option<Nearness>) -> String {
        let texts = self.texts;
        let device = device_name(&seen.client_info.user_agent);
        let address = Some(seen.client_info.ip.as_str()).filter(|ip| !ip.is_empty());
        let located = address.map_or_else(|| texts.unknown.to_owned(), |address| self.located(address));
        let is_near = nearness == Some(Nearness::SameNetwork);
        let facts = [
            Some((texts.device, device.unwrap_or_else(|| texts.unknown.to_owned()))),
            Some((texts.address, located)),
            is_near.then(|| (texts.network, texts.near.to_owned())),
            Some((texts.time, china_time(seen.scanned_at))),
            // The title has the name alone.
            (self.site.name != self.site.host).then(|| (texts.site, self.named_site())),
        ];
        let rows = facts.iter().flatten();
        let rows = rows.map(|(name, fact)| format!("<div><dt>{name}<dd>{}</div>", escaped(fact)));
        format!("<dl>{}</dl>", rows.collect::<String>())
    }

    /// Says first that the client is not where the phone is, if so.
    fn distance(&self, nearness: Option<Nearness>) -> String {
        let said = |class: &str, said| format!("<strong{class}>{said}</strong> ");
        match nearness {
            Some(Nearness::Elsewhere) => said(" class=\"far\"", self.texts.elsewhere),
            Some(Nearness::SamePlace | Nearness::Unknown) => said("", self.texts.far),
            Some(Nearness::SameNetwork) | None => String::new(),
        }
    }

    /// Returns an address with its place, where that is known.
    fn located(&self, address: &str) -> String {
        let place = address.parse().ok().and_then(|ip| self.places.place(ip)).map(|place| place.to_string());
        match place.filter(|place| !place.is_empty()) {
            Some(place) => self.texts.located.replace("{address}", address).replace("{place}", &place),
            None => address.to_owned(),
        }
    }

    /// Returns the site's name with its host.
    fn named_site(&self) -> String {
        let ChatSite { name, host, .. } = self.site;
        self.texts.located.replace("{place}", name).replace("{address}", host)
    }

    /// Returns how near the phone seems to be, where both addresses are known.
    fn nearness(&self, client: &str, phone: &str) -> Option<Nearness> {
        Some(self.places.nearness(client.parse().ok()?, phone.parse().ok()?))
    }

    fn page(&self, kind: Kind, title: &str, rest: &str) -> Page {
        let site = escaped(&self.site.name);
        let (title, more) = title.split_once('\n').unwrap_or((title, ""));
        let title = title.replace("{site}", &site);
        let more = if more.is_empty() { String::new() } else { format!("<p>{}</p>", lines(more)) };
        let html = PAGE
            .replace("{lang}", self.texts.lang)
            .replace("{kind}", kind.classes())
            .replace("{style}", STYLE)
            .replace("{title}", &title)
            .replace("{rest}", &format!("{more}{rest}").replace("{site}", &site));
        Page { status: StatusCode::OK, policy: self.style.policy.clone(), html }
    }
}

/// Makes a line of each line of a text: so each is broken where it fits best.
fn lines(text: &str) -> String {
    text.lines().map(|line| format!("<span>{line}</span>")).collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use saoma_domain::place::Place;

    use super::{super::texts::CHINESE, *};

    /// Knows the addresses that begin with 192 and 198.
    struct TwoPlaces;

    impl Places for TwoPlaces {
        fn place(&self, ip: IpAddr) -> Option<Place> {
            let IpAddr::V4(ip) = ip else { return None };
            let province = match ip.octets()[0] {
                192 => "广东省",
                198 => "福建省",
                _ => return None,
            };
            let word = |word: &str| Some(word.to_owned());
            Some(Place { country: word("中国"), province: word(province), ..Place::default() })
        }
    }

    #[test]
    fn the_phone_is_told_where_the_client_is_and_how_near() {
        let style = Style::new();
        let site =
            ChatSite { name: "优品".into(), host: "shop.test".into(), base: "https://shop.test".into() };
        let words = Words { texts: &CHINESE, site: &site, style: &style, places: &TwoPlaces };
        assert_eq!(words.named_site(), "优品（shop.test）");
        assert_eq!(words.located("192.0.2.1"), "广东（192.0.2.1）");
        assert_eq!(words.located("203.0.113.1"), "203.0.113.1");
        assert_eq!(words.located("<b>"), "<b>");
        for (client, phone, said) in [
            ("192.0.2.1", "192.0.2.9", ""),
            ("192.0.2.1", "192.168.7.1", "<strong>这台设备与本手机不在同一网络。</strong> "),
            ("192.0.2.1", "203.0.113.1", "<strong>这台设备与本手机不在同一网络。</strong> "),
            (
                "192.0.2.1",
                "198.51.100.1",
                "<strong class=\"far\">这台设备与本手机不在同一网络，也不在同一地区！</strong> ",
            ),
        ] {
            assert_eq!(words.distance(words.nearness(client, phone)), said, "{client} {phone}");
        }
        assert_eq!(words.nearness("", "192.0.2.1"), None);
        assert_eq!(words.nearness("unknown", "192.0.2.1"), None);
    }
}
