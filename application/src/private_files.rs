//! Restricts stored files to the program's own user: folders 0700, files 0600, including existing ones.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use nix::sys::stat::{Mode, umask};
use nix::unistd::{Uid, geteuid};
use thiserror::Error;

/// The modes of stored folders and files.
const FOLDER: u32 = 0o700;
const FILE: u32 = 0o600;
/// All bits of group and others.
const OTHERS: u32 = 0o077;
/// A shared folder such as `/tmp`, whose mode must not be changed.
const STICKY: u32 = 0o1000;

/// Entries that identify a data directory.
const OURS: [&str; 3] = ["steward.db", "signing-key", "attachments"];
/// An entry of every new file system.
const NOTHING: &str = "lost+found";

/// Why stored data would be accessible to others.
#[derive(Debug, Error)]
#[expect(missing_docs, reason = "the message names the fields")]
pub enum Exposed {
    #[error("{} is open to other users (mode {mode:04o}) and belongs to user {owner}: {advice}", path.display())]
    NotOurs { path: PathBuf, mode: u32, owner: u32, advice: String },
    #[error(
        "{} is open to other users (mode {mode:04o}) and holds files of others: name a folder of its own below it, or run `chmod 700 {}` if it is for this program alone",
        path.display(), path.display()
    )]
    NotAlone { path: PathBuf, mode: u32 },
    #[error("{} is a folder that others use, too: name a folder of its own below it", .0.display())]
    Shared(PathBuf),
    #[error("{} can't be made, or closed to other users: {cause}", path.display())]
    Io { path: PathBuf, cause: io::Error },
}

/// Sets the umask: new files of this process are accessible to its user only.
pub fn close_new_files() {
    umask(Mode::from_bits_truncate(OTHERS));
}

/// Creates the data directory, or closes it to others. An open directory with foreign files only is refused.
/// `database` are the files of an embedded database.
pub fn data_folder(folder: &Path, database: &[PathBuf]) -> Result<(), Exposed> {
    let about = fs::metadata(folder).ok().filter(fs::Metadata::is_dir);
    let mode = about.as_ref().map_or(0, |about| about.permissions().mode() & 0o7777);
    let is_open = mode & OTHERS != 0 && mode & STICKY == 0;
    let is_owned = about.is_some_and(|about| about.uid() == geteuid().as_raw());
    if is_open && is_owned && is_used(folder) && !is_ours(folder, database) {
        return Err(Exposed::NotAlone { path: folder.to_owned(), mode });
    }
    private_folder(folder)
}

/// Creates a folder if it is missing, and closes it to others.
pub fn private_folder(folder: &Path) -> Result<(), Exposed> {
    let fault = |cause| Exposed::Io { path: folder.to_owned(), cause };
    fs::DirBuilder::new().recursive(true).mode(FOLDER).create(folder).map_err(fault)?;
    let whole = fs::canonicalize(folder).map_err(fault)?;
    let mode = fs::metadata(&whole).map_err(fault)?.permissions().mode();
    if mode & STICKY != 0 || whole.parent().is_none() {
        return Err(Exposed::Shared(folder.to_owned()));
    }
    close(folder, FOLDER)
}

/// Closes an existing file to others.
pub fn private_file(file: &Path) -> Result<(), Exposed> {
    close(file, FILE)
}

fn is_used(folder: &Path) -> bool {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name()).any(|name| name != NOTHING)
}

fn is_ours(folder: &Path, database: &[PathBuf]) -> bool {
    let database = database.iter().filter(|file| file.parent() == Some(folder)).cloned();
    OURS.iter().map(|name| folder.join(name)).chain(database).any(|path| path.exists())
}

fn close(path: &Path, wanted: u32) -> Result<(), Exposed> {
    let about = match fs::metadata(path) {
        Ok(about) => about,
        Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => return Ok(()),
        Err(cause) => return Err(Exposed::Io { path: path.to_owned(), cause }),
    };
    let mode = about.permissions().mode() & 0o7777;
    if mode & OTHERS == 0 {
        return Ok(());
    }
    let us = geteuid();
    if about.uid() != us.as_raw() {
        let (path, owner, advice) = (path.to_owned(), about.uid(), advice(path, us, wanted));
        return Err(Exposed::NotOurs { path, mode, owner, advice });
    }
    fs::set_permissions(path, Permissions::from_mode(wanted))
        .map_err(|cause| Exposed::Io { path: path.to_owned(), cause })?;
    log::warn!("files.closed path={} mode={mode:04o} now={wanted:04o}", path.display());
    Ok(())
}

/// How to give the program access to something that belongs to another user. After closing it to others, only root
/// could use it.
fn advice(path: &Path, us: Uid, wanted: u32) -> String {
    let path = path.display();
    match us.is_root() {
        true => format!("run `chmod {wanted:o} {path}`, or `chown {us} {path}` to let this program do it"),
        false if wanted == FOLDER => format!("run `chown {us} {path}`, or name a folder of its own below it"),
        false => format!("run `chown {us} {path}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_advice_never_locks_the_program_out() {
        let path = Path::new("/srv/data");
        let as_somebody = advice(path, Uid::from_raw(1_000), FOLDER);
        assert!(!as_somebody.contains("chmod"), "{as_somebody}");
        assert!(as_somebody.contains("chown 1000 /srv/data") && as_somebody.contains("below it"));
        let file = advice(path, Uid::from_raw(1_000), FILE);
        assert!(file.contains("chown 1000") && !file.contains("below"), "{file}");
        let as_root = advice(path, Uid::from_raw(0), FOLDER);
        assert!(as_root.contains("chmod 700 /srv/data") && as_root.contains("chown 0"), "{as_root}");
    }
}
