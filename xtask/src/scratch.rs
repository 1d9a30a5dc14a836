//! A temporary folder that is removed when its owner is dropped.

use std::path::{Path, PathBuf};
use std::{env, fs, process};

use crate::outcome::Outcome;

/// Removed with its contents when dropped, also after a failure.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    /// Makes an empty folder.
    pub(crate) fn new(purpose: &str) -> Outcome<Self> {
        let path = env::temp_dir().join(format!("steward-{purpose}-{}", process::id()));
        // Left over from a killed process with the same number.
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Self(path))
    }

    /// The folder.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A leftover folder in the temporary directory is no reason to fail.
        let _ = fs::remove_dir_all(&self.0);
    }
}
