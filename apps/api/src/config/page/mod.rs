//! The section `[page]`: whose login it is, in the operator's colours and under the operator's terms.

mod color;
mod consent;
mod files;
mod languages;
mod links;

pub use color::{Color, MalformedColor, PageColors};
pub use files::SiteFile;
pub(super) use files::picture;
pub use languages::PageLanguage;
pub use links::FooterEntry;

use saoma_domain::consent::ConsentTerms;

use super::section::Section;

/// The longest name of a site, in characters.
const LONGEST_NAME: usize = 40;

/// How the login page, the account page and the component look, and what they lead to.
#[derive(Clone, Debug)]
pub struct PageConfig {
    /// What people call the site.
    pub site_name: Option<String>,
    /// The picture of the site.
    pub logo: Option<SiteFile>,
    /// The picture of the site on dark ground, where it is another one.
    pub logo_dark: Option<SiteFile>,
    /// The picture in the browser's tab.
    pub favicon: Option<SiteFile>,
    /// The colours.
    pub colors: PageColors,
    /// Styles that come after those of the page.
    pub css: Option<SiteFile>,
    /// The terms of use.
    pub terms_url: Option<String>,
    /// What is done with what is known of people.
    pub privacy_url: Option<String>,
    /// The terms, if people are asked to agree to them.
    pub terms: Option<ConsentTerms>,
    /// What stands at the foot of the page, such as the number of the registration of the site.
    pub footer: Vec<FooterEntry>,
    /// Where people find help.
    pub help_url: Option<String>,
    /// The languages that the page may be shown in, English or else the first one where none fits.
    pub languages: Vec<PageLanguage>,
}

pub(super) fn read(section: &mut Section<'_>) -> PageConfig {
    PageConfig {
        site_name: site_name(section),
        logo: files::picture(section, "logo"),
        logo_dark: files::picture(section, "logo_dark"),
        favicon: files::icon(section, "favicon"),
        colors: color::read(section),
        css: files::style(section, "css"),
        terms_url: links::page(section, "terms_url"),
        privacy_url: links::page(section, "privacy_url"),
        terms: consent::read(section),
        footer: links::footer(section),
        help_url: links::help(section, "help_url"),
        languages: languages::read(section),
    }
}

fn site_name(section: &mut Section<'_>) -> Option<String> {
    let name = section.text("site_name")?.trim().to_owned();
    if name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        section.problem("site_name", format!("has to be 1 to {LONGEST_NAME} characters in one line"));
    }
    Some(name)
}

#[cfg(test)]
mod tests;
