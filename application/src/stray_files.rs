//! The stored files, read a few at a time in search of those without a row.

use std::fs::ReadDir;
use std::path::PathBuf;
use std::time::SystemTime;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use object_store::ObjectMeta;

use crate::clock::now;
use crate::files::{FileStore, STAGED, store_unavailable};
use crate::problem::Problem;

/// Names read in one step, so that its cost does not depend on the number of files.
const AT_MOST: usize = 1_000;
/// Younger files are ignored.
const STRAY_AGE: TimeDelta = TimeDelta::hours(24);

/// Looks for stored files without a row, a few at a time. A database restored from a backup lacks rows of newer
/// files, and an early version stored files without rows. All other files are found by their row (`sweep`).
#[derive(Default)]
pub struct StrayFiles {
    /// Where the last step stopped. None before the first step and after the last name.
    place: Option<ListingPosition>,
}

enum ListingPosition {
    Folder(PathBuf, ReadDir),
    Store(BoxStream<'static, object_store::Result<ObjectMeta>>),
}

/// An old file: its name, and the key that its row would have.
pub struct OldFile {
    /// Its name in the store.
    pub name: String,
    /// The storage key that its row would have.
    pub key: String,
}

impl StrayFiles {
    /// Old files among the next names, from where the last call stopped.
    ///
    /// # Errors
    ///
    /// `unavailable` if the store can't be read; the next call starts from the beginning.
    pub async fn next(&mut self, files: &FileStore) -> Result<Vec<OldFile>, Problem> {
        let place = match self.place.take() {
            Some(place) => place,
            None => ListingPosition::start(files)?,
        };
        let (found, place) = place.next_names().await?;
        self.place = place;
        Ok(found)
    }
}

impl ListingPosition {
    fn start(files: &FileStore) -> Result<Self, Problem> {
        Ok(match &files.folder {
            Some(folder) => {
                Self::Folder(folder.clone(), std::fs::read_dir(folder).map_err(|e| store_unavailable(&e))?)
            }
            None => Self::Store(files.store.list(None)),
        })
    }

    /// The old files among the next names, and where to continue.
    async fn next_names(self) -> Result<(Vec<OldFile>, Option<Self>), Problem> {
        match self {
            Self::Folder(folder, mut entries) => {
                let read = move || {
                    let (mut found, mut seen) = (Vec::new(), 0);
                    for entry in entries.by_ref().take(AT_MOST) {
                        seen += 1;
                        let Ok(entry) = entry else { continue };
                        let is_old =
                            entry.metadata().is_ok_and(|m| m.is_file() && m.modified().is_ok_and(is_old));
                        if is_old && let Ok(name) = entry.file_name().into_string() {
                            found.push(OldFile::of(name));
                        }
                    }
                    (found, (seen == AT_MOST).then_some(Self::Folder(folder, entries)))
                };
                tokio::task::spawn_blocking(read).await.map_err(|_| Problem::internal())
            }
            Self::Store(mut objects) => {
                let (mut found, mut seen) = (Vec::new(), 0);
                while seen < AT_MOST
                    && let Some(object) = objects.next().await
                {
                    seen += 1;
                    let object = object.map_err(|e| store_unavailable(&e))?;
                    if is_old(object.last_modified.into()) {
                        found.push(OldFile::of(object.location.to_string()));
                    }
                }
                Ok((found, (seen == AT_MOST).then_some(Self::Store(objects))))
            }
        }
    }
}

impl OldFile {
    fn of(name: String) -> Self {
        let key = name.split(STAGED).next().unwrap_or_default().to_owned();
        Self { name, key }
    }
}

fn is_old(modified: SystemTime) -> bool {
    now() - DateTime::<Utc>::from(modified) > STRAY_AGE
}
