//! A disk that is soon full.

use std::{
    io,
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

/// A disk of a few MiB in memory. It is unmounted when it is dropped.
#[derive(Debug)]
pub struct SmallDisk(TempDir);

impl SmallDisk {
    /// Mounts one; `None` where this user may not, since only root may.
    ///
    /// # Errors
    /// When there is no temporary directory.
    pub fn mount(mebibytes: u32) -> io::Result<Option<Self>> {
        let disk = Self(tempfile::tempdir()?);
        let size = format!("size={mebibytes}m");
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(disk.path()).output();
        Ok(mounted.is_ok_and(|mounted| mounted.status.success()).then_some(disk))
    }

    /// Returns where it is.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes until there is no room left.
    pub fn fill(&self) {
        while std::fs::OpenOptions::new()
            .append(true)
            .create(true)
            .open(self.ballast())
            .and_then(|mut file| io::Write::write_all(&mut file, &[1; 1 << 16]))
            .is_ok()
        {}
    }

    /// Gives the room back.
    ///
    /// # Errors
    /// When it was not filled.
    pub fn empty(&self) -> io::Result<()> {
        std::fs::remove_file(self.ballast())
    }

    fn ballast(&self) -> PathBuf {
        self.path().join("ballast")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.path()).status();
    }
}
