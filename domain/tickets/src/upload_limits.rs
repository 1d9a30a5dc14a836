use chrono::{DateTime, Utc};
use thiserror::Error;

/// Minutes after which an unfinished upload is abandoned. The slowest one that is accepted needs 11.
pub const UPLOAD_MINUTES: i64 = 30;
/// Minutes for which one process has the exclusive lease to remove a file.
pub const REMOVAL_MINUTES: i64 = 5;
/// Hours in which the daily bytes of a person are counted.
pub const DAILY_HOURS: i64 = 24;

/// Upload limits. A limit may be reached exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UploadLimits {
    /// Number of pending files of one person, over all organizations.
    pub pending_files: i64,
    /// Bytes of these files.
    pub pending_bytes: i64,
    /// Bytes that one person uploads within 24 hours, over all organizations.
    pub daily_bytes: i64,
    /// Bytes that one organization stores.
    pub org_bytes: i64,
}

/// What is stored and uploaded, including the upload that is about to begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Uploaded {
    /// Number of pending files of the uploader.
    pub pending_files: i64,
    /// Bytes of these files.
    pub pending_bytes: i64,
    /// Bytes that the uploader sent in their current 24 hours.
    pub daily_bytes: i64,
    /// End of these hours.
    pub daily_until: DateTime<Utc>,
    /// Bytes that the organization stores.
    pub org_bytes: i64,
}

/// Why an upload is refused before its bytes are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum UploadRefused {
    /// Too many pending files.
    #[error("you have reached the limit of {0} pending uploads: attach or delete some")]
    PendingFiles(i64),
    /// Too many bytes of pending files.
    #[error("your pending uploads may have {0} bytes in total: attach or delete some")]
    PendingBytes(i64),
    /// Too many bytes within 24 hours.
    #[error("you may upload {limit} bytes within 24 hours")]
    DailyBytes {
        /// The limit, in bytes.
        limit: i64,
        /// Time at which the count starts again.
        until: DateTime<Utc>,
    },
    /// The organization's storage is full.
    #[error("the organization's storage is full")]
    Organization,
    /// The organization's storage that guests may use is full.
    #[error("the organization's storage has no room left for files of guests")]
    Guests,
}

impl UploadLimits {
    /// Checks an upload against the limits. The last quarter of an organization's storage is for members, so
    /// that guests, who join by themselves, cannot fill it.
    pub fn admit(&self, with_it: &Uploaded, is_guest: bool) -> Result<(), UploadRefused> {
        if with_it.pending_files > self.pending_files {
            return Err(UploadRefused::PendingFiles(self.pending_files));
        }
        if with_it.pending_bytes > self.pending_bytes {
            return Err(UploadRefused::PendingBytes(self.pending_bytes));
        }
        if with_it.daily_bytes > self.daily_bytes {
            return Err(UploadRefused::DailyBytes { limit: self.daily_bytes, until: with_it.daily_until });
        }
        if with_it.org_bytes > self.org_bytes {
            return Err(UploadRefused::Organization);
        }
        if is_guest && with_it.org_bytes > self.org_bytes - self.org_bytes / 4 {
            return Err(UploadRefused::Guests);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: UploadLimits =
        UploadLimits { pending_files: 3, pending_bytes: 30, daily_bytes: 60, org_bytes: 100 };

    fn uploaded(pending_files: i64, pending_bytes: i64, daily_bytes: i64, org_bytes: i64) -> Uploaded {
        let daily_until = DateTime::UNIX_EPOCH;
        Uploaded { pending_files, pending_bytes, daily_bytes, daily_until, org_bytes }
    }

    #[test]
    fn each_limit_may_be_reached_exactly() {
        let judged = |with_it| LIMITS.admit(&with_it, false);
        assert_eq!(judged(uploaded(3, 30, 60, 100)), Ok(()));
        assert_eq!(judged(uploaded(4, 30, 60, 100)), Err(UploadRefused::PendingFiles(3)));
        assert_eq!(judged(uploaded(3, 31, 60, 100)), Err(UploadRefused::PendingBytes(30)));
        let daily = UploadRefused::DailyBytes { limit: 60, until: DateTime::UNIX_EPOCH };
        assert_eq!(judged(uploaded(3, 30, 61, 100)), Err(daily));
        assert_eq!(judged(uploaded(3, 30, 60, 101)), Err(UploadRefused::Organization));
    }

    #[test]
    fn a_quarter_of_the_storage_is_reserved_for_members() {
        assert_eq!(LIMITS.admit(&uploaded(1, 1, 1, 75), true), Ok(()));
        assert_eq!(LIMITS.admit(&uploaded(1, 1, 1, 76), true), Err(UploadRefused::Guests));
        assert_eq!(LIMITS.admit(&uploaded(1, 1, 1, 76), false), Ok(()));
        assert_eq!(LIMITS.admit(&uploaded(1, 1, 1, 101), true), Err(UploadRefused::Organization));
    }
}
