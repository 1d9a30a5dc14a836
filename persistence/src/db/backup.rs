use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use thiserror::Error;

use crate::StoreError;
use crate::db::connection::{AnyConnection, Target};

/// Why the backup failed.
#[derive(Debug, Error)]
pub enum BackupError {
    /// PostgreSQL has its own tool.
    #[error("only the embedded database is copied; for PostgreSQL use pg_dump (see docs/operating.md)")]
    NotEmbedded,
    /// There is nothing to copy.
    #[error("there is no database {0}")]
    NoDatabase(String),
    /// A copy never replaces anything.
    #[error("{0} is there already")]
    Exists(String),
    /// The folder can't be written, or is full.
    #[error("{0} can't be written: {1}")]
    File(String, std::io::Error),
    /// An error of the database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The copy is damaged, and so, most likely, is the database.
    #[error("the copy is damaged: {0}")]
    Damaged(String),
}

#[derive(QueryableByName)]
struct Verdict {
    #[diesel(sql_type = Text)]
    quick_check: String,
}

/// Copies an SQLite database to a file while it is in use: one state of it, with all that was committed
/// before.
///
/// The copy gets its name once it is checked and on the disk, and only its owner can read it. An existing
/// file with the name is never replaced.
pub fn backup(url: &str, to: &Path) -> Result<(), BackupError> {
    let target = Target::parse(url).filter(|t| t.sqlite_path().is_some()).ok_or(BackupError::NotEmbedded)?;
    let from = target.sqlite_path().unwrap_or(to);
    if !from.is_file() {
        return Err(BackupError::NoDatabase(from.display().to_string()));
    }
    if to.exists() {
        return Err(BackupError::Exists(to.display().to_string()));
    }
    let unwritable = |e| BackupError::File(to.display().to_string(), e);
    let part = Part::begin(to).map_err(unwritable)?;
    copy(&target, &part.0)?;
    check(&part.0)?;
    part.finish(to).map_err(unwritable)
}

fn copy(target: &Target, to: &Path) -> Result<(), BackupError> {
    let AnyConnection::Sqlite(mut conn) = target.connect()? else { return Err(BackupError::NotEmbedded) };
    diesel::sql_query("VACUUM INTO ?")
        .bind::<Text, _>(to.display().to_string())
        .execute(&mut conn)
        .map_err(StoreError::from)?;
    Ok(())
}

fn check(file: &Path) -> Result<(), BackupError> {
    let path = file.display().to_string();
    let mut conn = SqliteConnection::establish(&path).map_err(|e| StoreError::Unavailable(e.to_string()))?;
    conn.batch_execute("PRAGMA query_only = ON").map_err(StoreError::from)?;
    let verdicts: Vec<Verdict> =
        diesel::sql_query("PRAGMA quick_check").load(&mut conn).map_err(StoreError::from)?;
    match verdicts.first() {
        Some(verdict) if verdict.quick_check == "ok" => Ok(()),
        other => Err(BackupError::Damaged(other.map(|v| v.quick_check.clone()).unwrap_or_default())),
    }
}

/// An unfinished copy, which is removed when dropped.
struct Part(PathBuf);

impl Part {
    fn begin(of: &Path) -> std::io::Result<Self> {
        use std::os::unix::fs::OpenOptionsExt;
        let mut name = of.as_os_str().to_owned();
        name.push(format!(".{}.part", std::process::id()));
        let part = PathBuf::from(name);
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(&part)?;
        Ok(Self(part))
    }

    fn finish(self, name: &Path) -> std::io::Result<()> {
        File::open(&self.0)?.sync_all()?;
        // A link fails if the name is taken; renaming would not.
        fs::hard_link(&self.0, name)?;
        let folder = name.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}
