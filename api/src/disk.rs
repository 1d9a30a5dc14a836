//! The reserve of free disk space that uploads never touch, so that the database goes on writing.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use nix::sys::statvfs::statvfs;

use crate::config::Storage;
use crate::files::FileStore;
use crate::problem::{Code, Problem};

/// The reserve unless the operator sets it, in bytes; on a small disk a tenth of it.
const USUAL_RESERVE: u64 = 1_073_741_824;
/// Seconds after which an upload that found no space may be tried again.
const RETRY_SECONDS: u64 = 60;

/// The file systems of the files, of the data directory and of an embedded database. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Disk(Arc<Parts>);

struct Parts {
    folders: Vec<PathBuf>,
    reserve: Option<u64>,
    /// Bytes of uploads under way in this process, written or not.
    claimed: Mutex<u64>,
}

/// Space for one upload; given back when dropped.
pub(crate) struct DiskClaim {
    disk: Disk,
    bytes: u64,
}

impl Disk {
    /// `reserve` in bytes.
    pub(crate) fn new(storage: &Storage, files: &FileStore, reserve: Option<u64>) -> Self {
        let folders = [Some(storage.data_dir.clone()), storage.database_folder(), files.folder.clone()];
        let folders = folders.into_iter().flatten().filter(|folder| folder.is_dir()).collect();
        Self(Arc::new(Parts { folders, reserve, claimed: Mutex::new(0) }))
    }

    /// Takes space for an upload of up to so many bytes, beside what other uploads of this process have taken. Refused with
    /// 503 `storage_full` if it would not leave the reserve.
    pub(crate) async fn claim(&self, bytes: u64) -> Result<DiskClaim, Problem> {
        let disk = self.clone();
        off_the_async_threads(move || {
            let mut claimed = disk.0.claimed.lock().unwrap_or_else(PoisonError::into_inner);
            let wanted = claimed.saturating_add(bytes);
            disk.require_free(wanted)?;
            *claimed = wanted;
            drop(claimed);
            Ok(DiskClaim { disk, bytes })
        })
        .await
    }

    /// The reserve is still free, whatever else has filled the disk meanwhile: other processes, the database.
    pub(crate) async fn require_reserve(&self) -> Result<(), Problem> {
        let disk = self.clone();
        off_the_async_threads(move || disk.require_free(0)).await
    }

    fn require_free(&self, beside: u64) -> Result<(), Problem> {
        for folder in &self.0.folders {
            let (free, total) = space(folder)?;
            let reserve = self.0.reserve.unwrap_or_else(|| USUAL_RESERVE.min(total / 10));
            if free < reserve.saturating_add(beside) {
                log::warn!("files.disk_reserve folder={} free={free} reserve={reserve}", folder.display());
                let full = Problem::new(Code::StorageFull, "The server has no disk space left for files.");
                return Err(full.with_retry_after(RETRY_SECONDS));
            }
        }
        Ok(())
    }
}

impl Drop for DiskClaim {
    fn drop(&mut self) {
        let mut claimed = self.disk.0.claimed.lock().unwrap_or_else(PoisonError::into_inner);
        *claimed = claimed.saturating_sub(self.bytes);
    }
}

/// A network file system may take its time.
async fn off_the_async_threads<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(Problem::internal()))
}

/// Free and all bytes of the file system of a folder.
#[expect(clippy::useless_conversion, reason = "the sizes of the fields differ between systems")]
fn space(folder: &Path) -> Result<(u64, u64), Problem> {
    let found = statvfs(folder).map_err(|error| {
        log::error!("files.disk folder={} error={error}", folder.display());
        Problem::new(Code::Unavailable, "The file store is away or full; try again.")
    })?;
    let unit = u64::from(found.fragment_size());
    let bytes = |blocks: u64| blocks.saturating_mul(unit);
    Ok((bytes(found.blocks_available().into()), bytes(found.blocks().into())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn disk(reserve: u64) -> Disk {
        let folders = vec![std::env::temp_dir()];
        Disk(Arc::new(Parts { folders, reserve: Some(reserve), claimed: Mutex::new(0) }))
    }

    #[actix_web::test]
    async fn uploads_under_way_are_counted_together_and_given_back() {
        let (free, _) = space(&std::env::temp_dir()).unwrap();
        let disk = disk(free / 2);
        let first = disk.claim(free / 3).await.unwrap_or_else(|_| panic!("a third of the half is free"));
        let refused = disk.claim(free / 3).await;
        assert!(refused.is_err(), "two thirds of the whole don't fit into a half");
        drop(first);
        assert!(disk.claim(free / 3).await.is_ok());
    }
}
