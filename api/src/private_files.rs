//! What the program stores is for its own user alone: folders 0700, files 0600, also where they were there before.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use nix::sys::stat::{Mode, umask};
use thiserror::Error;

/// Others: everybody but the owner.
const OTHERS: u32 = 0o077;
/// Anybody may put files there: a folder such as `/tmp`, which is not ours to close.
const STICKY: u32 = 0o1000;

/// Why what is stored would not be for the program alone.
#[derive(Debug, Error)]
pub(crate) enum Exposed {
    #[error(
        "{} is open to other users (mode {mode:04o}) and belongs to user {owner}: run `chmod {wanted:o} {}` as that user, or `chown {us} {}` to let this program do it",
        path.display(), path.display(), path.display()
    )]
    NotOurs { path: PathBuf, mode: u32, owner: u32, us: u32, wanted: u32 },
    #[error("{} is a folder that others use, too: name a folder of its own below it", .0.display())]
    Shared(PathBuf),
    #[error("{} can't be made, or closed to other users: {cause}", path.display())]
    Io { path: PathBuf, cause: io::Error },
}

/// From here on, whatever this process makes is for its user alone.
pub(crate) fn close_new_files() {
    umask(Mode::from_bits_truncate(OTHERS));
}

/// Makes a folder if it is not there, and closes it to others.
pub(crate) fn private_folder(folder: &Path) -> Result<(), Exposed> {
    let fault = |cause| Exposed::Io { path: folder.to_owned(), cause };
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(fault)?;
    let whole = fs::canonicalize(folder).map_err(fault)?;
    let mode = fs::metadata(&whole).map_err(fault)?.permissions().mode();
    if mode & STICKY != 0 || whole.parent().is_none() {
        return Err(Exposed::Shared(folder.to_owned()));
    }
    close(folder, 0o700)
}

/// Closes a file to others, if it is there.
pub(crate) fn private_file(file: &Path) -> Result<(), Exposed> {
    close(file, 0o600)
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
    let us = nix::unistd::geteuid().as_raw();
    if about.uid() != us {
        return Err(Exposed::NotOurs { path: path.to_owned(), mode, owner: about.uid(), us, wanted });
    }
    fs::set_permissions(path, Permissions::from_mode(wanted))
        .map_err(|cause| Exposed::Io { path: path.to_owned(), cause })?;
    log::warn!("files.closed path={} mode={mode:04o} now={wanted:04o}", path.display());
    Ok(())
}
