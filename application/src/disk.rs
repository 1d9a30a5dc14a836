//! The reserve of free disk space that uploads never touch, so that the database goes on writing.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use nix::sys::statvfs::statvfs;

use crate::files::FileStore;
use crate::problem::Problem;
use crate::problem_codes::Code;

/// The reserve unless the operator sets it, in bytes; on a small disk a tenth of it.
const USUAL_RESERVE: u64 = 1_073_741_824;
/// Seconds after which an upload that found no space may be tried again.
const RETRY_SECONDS: u64 = 60;

/// The file systems of a local folder of files, of the data directory and of an embedded database. Files that are kept
/// elsewhere fill none of them, and are never refused. Cheap to clone.
#[derive(Clone)]
pub struct Disk(Arc<Parts>);

struct Parts {
    /// Where files are kept, if that is local.
    files: Option<PathBuf>,
    /// Folders that need the reserve, whatever the uploads under way will write.
    others: Vec<PathBuf>,
    reserve: Option<u64>,
    /// Bytes of uploads under way in this process, written or not.
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

/// Space for one upload; given back when dropped.
pub struct DiskClaim {
    disk: Disk,
    bytes: u64,
}

impl Disk {
    /// `others` are folders that need the reserve beside that of the files; `reserve` is in bytes.
    pub fn new(others: impl IntoIterator<Item = PathBuf>, files: &FileStore, reserve: Option<u64>) -> Self {
        let others = others.into_iter().filter(|folder| folder.is_dir()).collect();
        let (files, claimed) = (files.folder.clone(), AtomicU64::new(0));
        Self(Arc::new(Parts { files, others, reserve, claimed, measure: space }))
    }

    /// Takes space for an upload of up to so many bytes, beside what other uploads of this process have taken. Refused with
    /// 503 `storage_full` if it would not leave the reserve.
    pub async fn claim(&self, bytes: u64) -> Result<DiskClaim, Problem> {
        let disk = self.clone();
        off_the_async_threads(move || {
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

    /// The reserve is still free, whatever else has filled the disk meanwhile: other processes, the database.
    pub async fn require_reserve(&self) -> Result<(), Problem> {
        let disk = self.clone();
        off_the_async_threads(move || disk.most_claims().map(drop)).await
    }

    /// How many bytes the uploads under way may take together.
    fn most_claims(&self) -> Result<u64, Problem> {
        let Some(files) = &self.0.files else { return Ok(u64::MAX) };
        for folder in &self.0.others {
            self.beyond_reserve(folder)?;
        }
        self.beyond_reserve(files)
    }

    /// The free bytes of a folder without the reserve.
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

/// A network file system may take its time.
async fn off_the_async_threads<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(Problem::internal()))
}

/// Measures the file system of a folder.
#[expect(clippy::useless_conversion, reason = "the sizes of the fields differ between systems")]
fn space(folder: &Path) -> Result<Space, Problem> {
    let found = statvfs(folder).map_err(|error| {
        log::error!("files.disk folder={} error={error}", folder.display());
        Problem::new(Code::Unavailable, "The file store is away or full; try again.")
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

    /// Folders whose names say how much is free of 1,000 bytes.
    fn as_named(folder: &Path) -> Result<Space, Problem> {
        match folder.to_str().unwrap() {
            "unknown" => Ok(Space { free: 0, total: 0 }),
            free => Ok(Space { free: free.parse().unwrap(), total: 1_000 }),
        }
    }

    fn disk(files: Option<&str>, others: &[&str]) -> Disk {
        let (files, others) = (files.map(PathBuf::from), others.iter().map(PathBuf::from).collect());
        let (reserve, claimed) = (Some(100), AtomicU64::new(0));
        Disk(Arc::new(Parts { files, others, reserve, claimed, measure: as_named }))
    }

    fn claimed(disk: &Disk) -> u64 {
        disk.0.claimed.load(Ordering::Relaxed)
    }

    #[test]
    fn uploads_under_way_are_counted_together_and_given_back() {
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
    fn uploads_under_way_do_not_count_for_other_file_systems_than_theirs() {
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
    fn files_kept_elsewhere_are_not_refused_for_the_local_disk() {
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
