//! The server key of the demo, which is kept from one start to the next.

use std::{fs, io, path::Path};

use crate::cli::key::new_server_key;

/// Returns the server key of an earlier start, or makes one and keeps it for the next.
pub(super) fn server_key(data: &Path) -> io::Result<String> {
    fs::create_dir_all(data)?;
    let path = data.join("server.key");
    match fs::read_to_string(&path) {
        Ok(key) => Ok(key.trim().to_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let key = new_server_key();
            write_private(&path, &key)?;
            Ok(key)
        }
        Err(error) => Err(error),
    }
}

/// Writes a file that only its owner can read.
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    use std::{io::Write, os::unix::fs::OpenOptionsExt};
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    writeln!(file, "{text}")
}
