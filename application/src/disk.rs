//! The reserve of free disk space that uploads must not use, so that the database can continue to write.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use nix::sys::statvfs::statvfs;

use crate::files::FileStore;
use crate::problem::Problem;
use crate::problem_codes::Code;

/// The default reserve, in bytes. On a small disk, a tenth of the disk.
const USUAL_RESERVE: u64 = 1_073_741_824;
/// Seconds after which a client may retry an upload that found no space.
const RETRY_SECONDS: u64 = 60;

/// The file systems of a local folder of files, of the data directory and of an embedded database. Remote storage
/// uses none of them, and is never refused. Cheap to clone.
#[derive(Clone)]
pub struct Disk(Arc<DiskInner>);

struct DiskInner {
    /// The folder of files, if it is local.
    files: Option<PathBuf>,
    /// Folders that need the reserve, independent of what the current uploads write.
    others: Vec<PathBuf>,
    reserve: Option<u64>,
    /// Bytes claimed by the uploads in progress in this process, written or not.
    claimed: AtomicU64,
    measure: fn(&Path) -> Result<Space, Problem>,
}

/// The bytes of a file system.
#[derive(Clone, Copy)]
struct Space {
    free: u64,
    /// 0 if the file system does not report its size.
    total: u64,
}

/// Space for one upload. Released when dropped.
pub struct DiskClaim {
    disk: Disk,
    bytes: u64,
}

impl Disk {
    /// `others` are folders that need the reserve besides the files' folder; `reserve` is in bytes.
    pub fn new(others: impl IntoIterator<Item = PathBuf>, files: &FileStore, reserve: Option<u64>) -> Self {
        let others = others.into_iter().filter(|folder| folder.is_dir()).collect();
        let (files, claimed) = (files.folder.clone(), AtomicU64::new(0));
        Self(Arc::new(DiskInner { files, others, reserve, claimed, measure: space }))
    }

    /// Claims space for an upload of at most this many bytes, in addition to other claims of this process. Fails with
    /// 503 `storage_full` if it would use the reserve.
    pub async fn claim(&self, bytes: u64) -> Result<DiskClaim, Problem> {
        let disk = self.clone();
        run_blocking(move || {
            let most = disk.most_claims()?;
            let files = disk.0.files.as_deref().unwrap_or(Path::new(""));
            let add = |claimed: u64| claimed.checked_add(bytes).filter(|sum| *sum <= most);
            let added = disk.0.claimed.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
            added
                .map_err(|claimed| full(files, &format!("beyond={most} claimed={claimed} wanted={bytes}")))?;
            Ok(DiskClaim { disk, bytes })
        })
        .await
    }

    /// Requires that the reserve is still free, since other processes or the database may have filled the disk.
    pub async fn require_reserve(&self) -> Result<(), Problem> {
        let disk = self.clone();
        run_blocking(move || disk.most_claims().map(drop)).await
    }

    /// The bytes that all uploads in progress may claim together.
    fn most_claims(&self) -> Result<u64, Problem> {
        let Some(files) = &self.0.files else { return Ok(u64::MAX) };
        for folder in &self.0.others {
            self.beyond_reserve(folder)?;
        }
        self.beyond_reserve(files)
    }

    /// The free bytes of a folder, minus the reserve.
    fn beyond_reserve(&self, folder: &Path) -> Result<u64, Problem> {
        let Space { free, total } = (self.0.measure)(folder)?;
        if total == 0 {
            return Ok(u64::MAX);
        }
        let reserve = self.0.reserve.unwrap_or_else(|| USUAL_RESERVE.min(total / 10));
        let about = || format!("free={free} reserve={reserve}");
        free.checked_sub(reserve).ok_or_else(|| full(folder, &about()))
    }
}

impl Drop for DiskClaim {
    fn drop(&mut self) {
        self.disk.0.claimed.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

fn full(folder: &Path, about: &str) -> Problem {
    log::warn!("files.disk_reserve folder={} {about}", folder.display());
    let full = Problem::new(Code::StorageFull, "The server has no disk space left for files.");
    full.with_retry_after(RETRY_SECONDS)
}

/// Runs a call that may block, for example on a network file system.
async fn run_blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(Problem::internal()))
}

/// Measures the file system of a folder.
#[expect(clippy::useless_conversion, reason = "the sizes of the fields differ between systems")]
fn space(folder: &Path) -> Result<Space, Problem> {
    let found = statvfs(folder).map_err(|error| {
        log::error!("files.disk folder={} error={error}", folder.display());
        Problem::new(Code::Unavailable, "The file store is unavailable or full; try again.")
    })?;
    let unit = u64::from(found.fragment_size());
    let bytes = |blocks: u64| blocks.saturating_mul(unit);
    Ok(Space { free: bytes(found.blocks_available().into()), total: bytes(found.blocks().into()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block_on(test: impl Future<Output = ()>) {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test);
    }

    /// For tests: the folder's name says how many of 1,000 bytes are free.
    fn as_named(folder: &Path) -> Result<Space, Problem> {
        match folder.to_str().unwrap() {
            "unknown" => Ok(Space { free: 0, total: 0 }),
            free => Ok(Space { free: free.parse().unwrap(), total: 1_000 }),
        }
    }

    fn disk(files: Option<&str>, others: &[&str]) -> Disk {
        let (files, others) = (files.map(PathBuf::from), others.iter().map(PathBuf::from).collect());
        let (reserve, claimed) = (Some(100), AtomicU64::new(0));
        Disk(Arc::new(DiskInner { files, others, reserve, claimed, measure: as_named }))
    }

    fn claimed(disk: &Disk) -> u64 {
        disk.0.claimed.load(Ordering::Relaxed)
    }

    #[test]
    fn concurrent_uploads_are_added_up_and_released() {
        block_on(async {
            let disk = disk(Some("500"), &[]);
            let first = disk.claim(250).await.unwrap_or_else(|_| panic!("400 are beyond the reserve"));
            assert!(disk.claim(151).await.is_err(), "401 of 400");
            assert_eq!(claimed(&disk), 250, "a refusal claims nothing");
            drop(disk.claim(150).await.unwrap_or_else(|_| panic!("400 of 400")));
            drop(first);
            assert_eq!(claimed(&disk), 0);
            assert!(disk.claim(400).await.is_ok());
        });
    }

    #[test]
    fn uploads_reserve_space_on_their_own_file_system_only() {
        block_on(async {
            assert!(disk(Some("900"), &["100", "150"]).claim(800).await.is_ok());
            assert!(
                disk(Some("900"), &["150", "99"]).claim(1).await.is_err(),
                "the database needs the reserve"
            );
            assert!(disk(Some("900"), &["150", "99"]).require_reserve().await.is_err());
            assert!(disk(Some("99"), &["900"]).require_reserve().await.is_err());
        });
    }

    #[test]
    fn files_stored_remotely_are_not_refused_for_the_local_disk() {
        block_on(async {
            let disk = disk(None, &["0"]);
            assert!(disk.claim(1_000_000).await.is_ok());
            assert!(disk.require_reserve().await.is_ok());
        });
    }

    #[test]
    fn a_file_system_of_unknown_size_does_not_refuse() {
        block_on(async {
            let disk = disk(Some("unknown"), &["unknown"]);
            assert!(disk.claim(1_000_000).await.is_ok());
            assert!(disk.require_reserve().await.is_ok());
        });
    }

    #[test]
    fn a_real_file_system_is_measured() {
        let found = space(&std::env::temp_dir()).unwrap_or_else(|_| panic!("it has a size"));
        assert!(found.total >= found.free);
    }
}
