use ::orgs::OrgId;
use ::tickets::{Attachment, AttachmentId, DAILY_HOURS, PENDING_HOURS, REMOVAL_MINUTES, Uploaded};
use ::users::UserId;
use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;

use crate::db::guarded_update::one_row;
use crate::db::schema::{attachments, org_counters, unattached_files as f};
use crate::db::sql_types::{DbId, DbTime};
use crate::tickets::attachments::Attachments;
use crate::{StoreError, Tx};

/// Room for an upload, reserved before its first byte is read.
#[derive(Debug, Clone)]
pub struct Reservation {
    /// The id of the future file.
    pub id: AttachmentId,
    /// The uploader.
    pub uploader_id: UserId,
    /// The name that it is stored under.
    pub storage_key: String,
    /// The maximum number of bytes.
    pub size_bytes: i64,
    /// When the room is released unless the file has arrived.
    pub until: DateTime<Utc>,
}

/// A stored file that is no longer needed.
#[derive(Debug, Clone)]
pub struct FileToRemove {
    /// The organization.
    pub org: OrgId,
    /// The file.
    pub id: AttachmentId,
    /// The name that it is stored under.
    pub storage_key: String,
}

impl Attachments<'_, '_> {
    /// Reserves room for an upload, and returns what its uploader and the organization store, including it.
    /// Checks no limits: a caller that finds it too much lets the transaction fail.
    pub fn reserve(&mut self, room: &Reservation, now: DateTime<Utc>) -> Result<Uploaded, StoreError> {
        let cutoff = now - TimeDelta::hours(DAILY_HOURS);
        let (daily_bytes, since) = self.tx.count_sent(room.uploader_id, room.size_bytes, (now, cutoff))?;
        let row = (
            f::org_id.eq(DbId(self.org.0)),
            f::id.eq(DbId(room.id.0)),
            f::uploader_id.eq(DbId(room.uploader_id.0)),
            f::storage_key.eq(&room.storage_key),
            f::size_bytes.eq(room.size_bytes),
            f::due_at.eq(DbTime(room.until)),
        );
        diesel::insert_into(f::table).values(row).execute(self.tx.conn)?;
        // No more rows than the limit of files and one.
        let sizes: Vec<i64> = f::table
            .filter(f::uploader_id.eq(DbId(room.uploader_id.0)))
            .select(f::size_bytes)
            .load(self.tx.conn)?;
        Ok(Uploaded {
            pending_files: i64::try_from(sizes.len()).unwrap_or(i64::MAX),
            pending_bytes: sizes.iter().sum(),
            daily_bytes,
            daily_until: since + TimeDelta::hours(DAILY_HOURS),
            org_bytes: self.count_bytes(room.size_bytes)?,
        })
    }

    /// Turns the reservation into the row of a pending file, with its real size. Returns false if it has
    /// ended.
    pub(crate) fn end_reservation(
        &mut self,
        file: &Attachment,
        reserved_until: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let room =
            f::table.find((DbId(self.org.0), DbId(file.id.0))).filter(f::due_at.eq(DbTime(reserved_until)));
        let Some(reserved) = room.select(f::size_bytes).first::<i64>(self.tx.conn).optional()? else {
            return Ok(false);
        };
        let pending = (
            f::size_bytes.eq(file.size_bytes),
            f::due_at.eq(DbTime(file.created_at + TimeDelta::hours(PENDING_HOURS))),
        );
        if diesel::update(room).set(pending).execute(self.tx.conn)? == 0 {
            return Ok(false);
        }
        self.tx.correct_sent(file.uploader_id, file.size_bytes - reserved)?;
        self.count_bytes(file.size_bytes - reserved)?;
        Ok(true)
    }

    /// Cancels a reservation before the first byte: nothing of it is counted. Does nothing if it has ended.
    pub fn cancel_reservation(
        &mut self,
        id: AttachmentId,
        reserved_until: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let row = f::table.find((DbId(self.org.0), DbId(id.0))).filter(f::due_at.eq(DbTime(reserved_until)));
        let reserved: Option<(DbId, i64)> = diesel::delete(row)
            .returning((f::uploader_id, f::size_bytes))
            .get_result(self.tx.conn)
            .optional()?;
        let Some((uploader, bytes)) = reserved else { return Ok(()) };
        self.tx.correct_sent(UserId(uploader.0), -bytes)?;
        self.count_bytes(-bytes).map(drop)
    }

    /// An attached file is no longer counted for its uploader. Returns `Stale` if it is not pending.
    pub(crate) fn end_pending(&mut self, id: AttachmentId) -> Result<(), StoreError> {
        let row = f::table.find((DbId(self.org.0), DbId(id.0)));
        one_row(diesel::delete(row).execute(self.tx.conn)?)
    }

    /// Marks a pending file as due for removal now; if that fails, the sweep removes it later. Returns
    /// `Stale` if it is not pending.
    pub(crate) fn mark_removed(&mut self, id: AttachmentId, now: DateTime<Utc>) -> Result<(), StoreError> {
        let row = f::table.find((DbId(self.org.0), DbId(id.0)));
        one_row(diesel::update(row).set(f::due_at.eq(lease(now))).execute(self.tx.conn)?)
    }

    /// Removes the row of a file whose bytes are removed, so that they are no longer counted. A missing row
    /// is no error.
    pub fn forget(&mut self, id: AttachmentId) -> Result<(), StoreError> {
        let row = f::table.find((DbId(self.org.0), DbId(id.0)));
        let freed: Option<i64> =
            diesel::delete(row).returning(f::size_bytes).get_result(self.tx.conn).optional()?;
        freed.map_or(Ok(()), |bytes| self.count_bytes(-bytes).map(drop))
    }

    /// Adds to the bytes that the organization stores, and returns their sum.
    pub(crate) fn count_bytes(&mut self, bytes: i64) -> Result<i64, StoreError> {
        let counter = org_counters::table.find(DbId(self.org.0));
        let stored = diesel::update(counter)
            .set(org_counters::stored_bytes.eq(org_counters::stored_bytes + bytes))
            .returning(org_counters::stored_bytes)
            .get_result(self.tx.conn)?;
        Ok(stored)
    }

    /// Claims a file whose row was due at this time, to be removed and then forgotten. Returns false if the
    /// row has changed since: the upload has completed after all, or another process removes the file.
    pub fn take_to_remove(
        &mut self,
        id: AttachmentId,
        seen_due: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let seen = f::table.find((DbId(self.org.0), DbId(id.0))).filter(f::due_at.eq(DbTime(seen_due)));
        Ok(diesel::update(seen).set(f::due_at.eq(lease(now))).execute(self.tx.conn)? == 1)
    }
}

/// The end of the lease of the process that claims a file.
fn lease(now: DateTime<Utc>) -> DbTime {
    DbTime(now + TimeDelta::minutes(REMOVAL_MINUTES))
}

impl Tx<'_> {
    /// Claims up to `at_most` due files of any organization: interrupted uploads, pending files that were not
    /// attached in time, and failed removals. Their rows as attachments are removed; each file is to be
    /// removed, and then forgotten. If the file belongs to a ticket, only its row here is deleted.
    pub fn take_files_due(
        &mut self,
        now: DateTime<Utc>,
        at_most: i64,
    ) -> Result<Vec<FileToRemove>, StoreError> {
        let due: Vec<(DbId, DbId, String, DbTime)> = f::table
            .filter(f::due_at.le(DbTime(now)))
            .order(f::due_at)
            .limit(at_most)
            .select((f::org_id, f::id, f::storage_key, f::due_at))
            .load(self.conn)?;
        let mut taken = Vec::new();
        for (org, id, storage_key, due_at) in due {
            let file = FileToRemove { org: OrgId(org.0), id: AttachmentId(id.0), storage_key };
            let mut files = self.attachments(file.org);
            if !files.take_to_remove(file.id, due_at.0, now)? {
                continue;
            }
            if files.remove_pending(file.id)? == 0 && files.is_attached(file.id)? {
                // A program that doesn't know these rows has attached it. Its bytes are still counted for the
                // organization.
                log::warn!("files.attached_row_due org={} file={}", file.org.0, file.id.0);
                files.end_pending(file.id)?;
            } else {
                taken.push(file);
            }
        }
        Ok(taken)
    }

    /// Which of these stored files have a row, in any organization.
    pub fn known_storage_keys(&mut self, keys: &[String]) -> Result<Vec<String>, StoreError> {
        use attachments::dsl as a;
        // Unattached ones first: one that is attached meanwhile is then found as an attachment.
        let mut known: Vec<String> =
            f::table.filter(f::storage_key.eq_any(keys.to_vec())).select(f::storage_key).load(self.conn)?;
        let attached: Vec<String> = a::attachments
            .filter(a::storage_key.eq_any(keys.to_vec()))
            .select(a::storage_key)
            .load(self.conn)?;
        known.extend(attached);
        Ok(known)
    }
}
