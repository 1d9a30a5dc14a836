//! Storage reserved for one upload: claimed before its bytes are read, and released unless the file completes.

use std::time::Duration;

use application::app::App;
use application::clock::{new_secret, now};
use application::context::new_id;
use application::disk::DiskClaim;
use application::problem::Problem;
use application::tickets::stored_files;
use chrono::{DateTime, TimeDelta, Utc};
use orgs::OrgId;
use persistence::{Reservation, Scope};
use roles::is_guest;
use tickets::{AttachmentId, UPLOAD_MINUTES};
use web::call::Call;

use crate::organizations::orgs::OrgPath;

/// How long a write to a local disk may continue after its request has ended.
const AFTER_A_CUT: Duration = Duration::from_secs(2);

/// Storage reserved for one upload. If it is dropped because the client disconnected, its file is removed and its bytes are
/// released. If the process ends before that, the sweep does it.
pub(super) struct UploadReservation {
    app: App,
    org: OrgId,
    pub(super) id: AttachmentId,
    pub(super) key: String,
    pub(super) until: DateTime<Utc>,
    is_settled: bool,
    /// None until the row exists.
    disk: Option<DiskClaim>,
}

impl UploadReservation {
    /// Reserves storage for this many bytes, if the caller may upload. None if the request was answered before under its
    /// `Idempotency-Key`, since then there is nothing to store.
    pub(super) async fn claim(
        call: &Call<OrgPath>,
        bytes: Result<u64, Problem>,
    ) -> Result<Option<Self>, Problem> {
        let (id, key) = (AttachmentId(new_id()), new_secret().map_err(|_| Problem::internal())?);
        let until = now() + TimeDelta::minutes(UPLOAD_MINUTES);
        let wrong = bytes.as_ref().err().cloned();
        let disk_bytes = bytes.unwrap_or_default();
        let size_bytes = i64::try_from(disk_bytes).unwrap_or(i64::MAX);
        // Created before the row, so that a row whose request is interrupted is removed as well.
        let mut reservation = call.meta.org.filter(|_| wrong.is_none()).map(|org| {
            let (app, key) = (call.app.clone(), key.clone());
            Self { app, org, id, key, until, is_settled: false, disk: None }
        });
        let is_taken = call.prepare(move |ctx, input| {
            wrong.clone().map_or(Ok(()), Err)?;
            // The key is compared with the file later, after reading it.
            if let Some(claim) = input.meta.claim("")
                && ctx.tx.is_key_used(&claim)?
            {
                return Ok(false);
            }
            let (org, uploader_id) = (ctx.caller.org_id, ctx.caller.user_id);
            let reservation = Reservation { id, uploader_id, storage_key: key.clone(), size_bytes, until };
            let with_it = ctx.tx.attachments(org).reserve(&reservation, ctx.now)?;
            let member = ctx.tx.members(org).find(uploader_id)?;
            let is_guest = member.is_some_and(|member| is_guest(&member.membership.roles));
            ctx.app.upload_limits.admit(&with_it, is_guest)?;
            Ok(true)
        });
        let is_taken = is_taken.await;
        // After a refusal there is no row; after a database error there may be one.
        let has_no_row = match &is_taken {
            Ok(is_taken) => !is_taken,
            Err(problem) => problem.code().status() < 500,
        };
        if has_no_row {
            reservation.take().into_iter().for_each(Self::settle);
        }
        is_taken?;
        match reservation {
            Some(reservation) => reservation.on_disk(disk_bytes).await.map(Some),
            None => Ok(None),
        }
    }

    /// Claims the disk space after the row exists, so that callers without a reservation claim nothing.
    async fn on_disk(mut self, bytes: u64) -> Result<Self, Problem> {
        match self.app.disk.claim(bytes).await {
            Ok(claim) => {
                self.disk = Some(claim);
                Ok(self)
            }
            Err(full) => {
                self.cancel().await;
                Err(full)
            }
        }
    }

    /// Removes the row before any byte was read. If it fails, the sweep does it.
    async fn cancel(mut self) {
        self.is_settled = true;
        let (org, id, until) = (self.org, self.id, self.until);
        let cancel = move |tx: &mut persistence::Tx<'_>| {
            Ok::<_, Problem>(tx.attachments(org).cancel_reservation(id, until)?)
        };
        if let Err(problem) = self.app.db.write(Scope::PLATFORM, cancel).await {
            log::warn!("files.release error={problem}");
        }
    }

    /// Completes the upload: there is nothing to release.
    pub(super) fn settle(mut self) {
        self.is_settled = true;
    }

    /// Removes what was stored, and releases the reservation. If it fails, the sweep does it.
    pub(super) async fn release(mut self) {
        self.is_settled = true;
        if let Err(problem) = stored_files::release(&self.app, self.org, self.id, &self.key, self.until).await
        {
            log::warn!("files.release error={problem}");
        }
    }
}

impl Drop for UploadReservation {
    fn drop(&mut self) {
        if self.is_settled {
            return;
        }
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let (app, org, id, until) = (self.app.clone(), self.org, self.id, self.until);
        let key = std::mem::take(&mut self.key);
        runtime.spawn(async move {
            tokio::time::sleep(AFTER_A_CUT).await;
            if let Err(problem) = stored_files::release(&app, org, id, &key, until).await {
                log::warn!("files.release error={problem}");
            }
        });
    }
}
