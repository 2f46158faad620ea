//! The section `[geo]`.

use std::path::PathBuf;

use super::section::Section;

/// Where addresses are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GeoConfig {
    /// ip2region files, at most one of IPv4 and one of IPv6. Without one no place is known.
    pub files: Vec<PathBuf>,
}

pub(super) fn read(section: &mut Section<'_>) -> GeoConfig {
    let files: Vec<PathBuf> = section.list("file").into_iter().map(PathBuf::from).collect();
    if files.len() > 2 {
        section.problem("file", "expected one ip2region file (.xdb), or two: one of IPv4 and one of IPv6");
    }
    GeoConfig { files }
}
