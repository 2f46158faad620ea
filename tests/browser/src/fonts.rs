//! The fonts that Chromium draws with: the same files and settings on every machine, whatever else is installed.

use std::{
    env, fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use crate::folders;

/// The files, and the Debian packages that bring them.
const FONTS: [(&str, &str); 5] = [
    ("DejaVuSans.ttf", "fonts-dejavu-core"),
    ("DejaVuSans-Bold.ttf", "fonts-dejavu-core"),
    ("DejaVuSansMono.ttf", "fonts-dejavu-core"),
    ("DejaVuSansMono-Bold.ttf", "fonts-dejavu-core"),
    ("wqy-zenhei.ttc", "fonts-wqy-zenhei"),
];

/// Where systems keep their fonts.
const INSTALLED: [&str; 2] = ["/usr/share/fonts", "/usr/local/share/fonts"];

/// Names one more folder with fonts, those below it included.
const MORE: &str = "SAOMA_TEST_FONTS";

/// How the edges of letters are smoothed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Smoothing {
    /// By greys, as the stored screenshots have it.
    #[default]
    Greys,
    /// By the colours that a pixel is made of, as another machine or version of the browser may do it.
    Subpixels,
}

impl Smoothing {
    fn file(self) -> &'static str {
        match self {
            Self::Greys => "fonts.conf",
            Self::Subpixels => "fonts-subpixels.conf",
        }
    }

    fn order(self) -> &'static str {
        match self {
            Self::Greys => "none",
            Self::Subpixels => "rgb",
        }
    }
}

/// Returns the file with fontconfig's settings, to be named by `FONTCONFIG_FILE`.
///
/// Folder and file are made by the first caller. Others may make them at the same time, with the same content.
pub(crate) fn settings(smoothing: Smoothing) -> PathBuf {
    let folder = folders::target().join("browser-fonts");
    fs::create_dir_all(folder.join("fonts")).unwrap();
    let folder = folder.canonicalize().unwrap();
    let fonts = folder.join("fonts");
    for (name, package) in FONTS {
        let link = fonts.join(name);
        if !link.is_file() {
            let font = find(name).unwrap_or_else(|| panic!("no font {name}: install the package {package}"));
            // A link of an earlier run leads to where the font is no more.
            let _ = fs::remove_file(&link);
            let made = symlink(font, &link);
            assert!(made.is_ok() || link.is_file(), "the link {}: {made:?}", link.display());
        }
    }
    let settings = folder.join(smoothing.file());
    let text = include_str!("fonts.conf").replace("{folder}", folder.to_str().unwrap());
    let text = text.replace("{order}", smoothing.order());
    if fs::read_to_string(&settings).ok().as_ref() != Some(&text) {
        let written = tempfile::NamedTempFile::new_in(&folder).unwrap();
        fs::write(written.path(), text).unwrap();
        written.persist(&settings).unwrap();
    }
    settings
}

fn find(name: &str) -> Option<PathBuf> {
    let more = env::var_os(MORE).map(PathBuf::from);
    let folders = INSTALLED.iter().map(PathBuf::from).chain(more);
    folders.into_iter().find_map(|folder| find_below(&folder, name))
}

fn find_below(folder: &Path, name: &str) -> Option<PathBuf> {
    let here = folder.join(name);
    if here.is_file() {
        return Some(here);
    }
    let mut inner = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    inner.find_map(|path| if path.is_dir() { find_below(&path, name) } else { None })
}
