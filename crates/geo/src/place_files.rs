//! The files of a configuration.

use std::{
    fs::File,
    io::{self, Read},
    net::IpAddr,
    path::{Path, PathBuf},
};

use saoma_domain::{place::Place, ports::Places};

use crate::{Family, Xdb, XdbError};

/// A larger file is not read: it is kept in memory. ip2region's own are 11 MB (IPv4) and 36 MB (IPv6).
const FILE_BYTES: u64 = 256 << 20;

/// Why files of places cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PlaceFileError {
    /// It cannot be read.
    #[error("{}: {error}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// It is too large.
    #[error("{}: it is larger than {} MiB, and would have to be kept in memory", path.display(), FILE_BYTES >> 20)]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// It is no ip2region file.
    #[error("{}: {error}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        error: XdbError,
    },
    /// There is another one of its family.
    #[error("{}: there is another file for {}; one of IPv4 and one of IPv6 are used", path.display(), match family { Family::Ipv4 => "IPv4", Family::Ipv6 => "IPv6" })]
    Twice {
        /// The file.
        path: PathBuf,
        /// The addresses that both know.
        family: Family,
    },
}

/// Knows where addresses are from ip2region files, which are kept in memory: at most one of IPv4 and one of IPv6.
#[derive(Clone, Debug, Default)]
pub struct PlaceFiles {
    files: Vec<Xdb>,
}

impl PlaceFiles {
    /// Reads files and checks every entry. Blocks for as long as that takes, some tenths of a second.
    ///
    /// # Errors
    /// [`PlaceFileError`] naming the file.
    pub fn open(paths: &[PathBuf]) -> Result<Self, PlaceFileError> {
        let mut places = Self::default();
        for path in paths {
            let path = path.clone();
            let file = match Xdb::parse(read(&path)?) {
                Ok(file) => file,
                Err(error) => return Err(PlaceFileError::Malformed { path, error }),
            };
            let family = file.family();
            if places.files.iter().any(|other| other.family() == family) {
                return Err(PlaceFileError::Twice { path, family });
            }
            places.files.push(file);
        }
        Ok(places)
    }

    /// Returns the files, in the order in which they were named.
    pub fn files(&self) -> &[Xdb] {
        &self.files
    }
}

impl Places for PlaceFiles {
    fn place(&self, ip: IpAddr) -> Option<Place> {
        let ip = ip.to_canonical();
        self.files.iter().find_map(|file| file.place(ip))
    }
}

fn read(path: &Path) -> Result<Vec<u8>, PlaceFileError> {
    let unreadable = |error| PlaceFileError::Unreadable { path: path.to_owned(), error };
    // Opening a pipe would wait for its other end.
    let known = path.metadata().map_err(unreadable)?;
    if !known.is_file() {
        return Err(unreadable(io::Error::new(io::ErrorKind::InvalidInput, "it is no file")));
    }
    let too_large = || PlaceFileError::TooLarge { path: path.to_owned() };
    if known.len() > FILE_BYTES {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    let read = file.take(FILE_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    // It may have grown meanwhile.
    if u64::try_from(read).is_ok_and(|read| read <= FILE_BYTES) { Ok(bytes) } else { Err(too_large()) }
}
