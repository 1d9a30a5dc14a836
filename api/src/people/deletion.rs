use chrono::TimeDelta;
use mail::MailKind;
use orgs::{Event, OrgId};
use persistence::{LogEntry, StoreError, Tx};
use roles::Membership;
use serde::{Deserialize, Serialize};
use users::{DeletionRequest, RETENTION_NOTICE, TokenPurpose, UserId};
use utoipa::ToSchema;

use super::managed_account::ManagedAccount;
use crate::clock::{new_id, now};
use crate::context::{Context, system_account_event};
use crate::index_requests::index_requests;
use crate::mail::OutgoingMail;
use crate::problem::Problem;
use crate::words::instant;

/// How the identity of the person was verified.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum IdentityMethod {
    CallBack,
    VideoCall,
    InPerson,
    Document,
}

impl From<IdentityMethod> for users::IdentityMethod {
    fn from(word: IdentityMethod) -> Self {
        match word {
            IdentityMethod::CallBack => Self::CallBack,
            IdentityMethod::VideoCall => Self::VideoCall,
            IdentityMethod::InPerson => Self::InPerson,
            IdentityMethod::Document => Self::Document,
        }
    }
}

/// What has to be settled before a deletion starts.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"identity_method": "call_back", "retention_notice_version": 1, "is_confirmed": true, "reason": "Asked for by the person."}))]
pub(crate) struct AskDeletion {
    /// How you made sure that the person asks. By whom and when is taken from this request.
    identity_method: IdentityMethod,
    /// The version of the retention notice that the person was given (`get_retention_notice`). It must be the one that applies.
    #[schema(minimum = 1, maximum = 1000000)]
    retention_notice_version: i32,
    /// That the person, having read it, wants the deletion.
    is_confirmed: bool,
    /// Why, for those who read the history and for who approves.
    #[schema(min_length = 1, max_length = 500, pattern = "<lines>")]
    pub(crate) reason: String,
}

/// Goes on only if the notice that applies was told and agreed to (S000-14).
pub(crate) fn require_notice(version: i32, is_confirmed: bool) -> Result<(), Problem> {
    if version != RETENTION_NOTICE.version {
        return Err(Problem::rule("#/retention_notice_version", &"another version of the notice applies"));
    }
    if !is_confirmed {
        return Err(Problem::rule("#/is_confirmed", &"the person has to confirm"));
    }
    Ok(())
}

impl AskDeletion {
    /// The request, by whoever is logged in.
    pub(crate) fn request<W>(&self, ctx: &Context<'_, '_, W>) -> Result<DeletionRequest, Problem> {
        require_notice(self.retention_notice_version, self.is_confirmed)?;
        Ok(DeletionRequest {
            method: self.identity_method.into(),
            verified_by: ctx.head.bearer.ok_or_else(Problem::internal)?.user_id,
            verified_at: ctx.now,
            notice_version: self.retention_notice_version,
        })
    }
}

/// Sets the day on which the account is deleted, and tells its owner how to keep it (S000-15).
pub(crate) fn plan_deletion<W>(
    ctx: &mut Context<'_, '_, W>,
    managed: &ManagedAccount,
    request: &DeletionRequest,
    reason: &str,
) -> Result<(), Problem> {
    ctx.require_remaining_owner(&managed.account)?;
    let grace_days = ctx.grace_days_of(managed.account.id)?;
    let due_at = ctx.now + TimeDelta::days(i64::from(grace_days));
    let planned = managed.account.as_of(ctx.now).schedule_deletion(due_at, ctx.now)?;
    // No link that is still out leads into an account that is about to go.
    TokenPurpose::ALL
        .into_iter()
        .try_for_each(|purpose| ctx.tx.remove_one_time_tokens(Some(planned.id), purpose))?;
    ctx.send_link(managed, &planned, TokenPurpose::CancelDeletion)?;
    let event = ctx
        .event_of("deletion_scheduled", managed, Some(reason))
        .changed("due_at", "", &instant(due_at))
        .changed("identity_method", "", request.method.as_str())
        .changed("identity_verified_by", "", &request.verified_by.0.to_string())
        .changed("identity_verified_at", "", &instant(request.verified_at))
        .changed("retention_notice_version", "", &request.notice_version.to_string());
    let kept = ctx.save_managed_account(managed, planned, &event)?;
    ctx.tx.remove_sessions_of(kept.account.id, None)?;
    Ok(())
}

impl<W> Context<'_, '_, W> {
    /// [`users::grace_days`] of an account.
    pub(crate) fn grace_days_of(&mut self, user: UserId) -> Result<i32, Problem> {
        let home = self.tx.home_of(user)?;
        let (home, orgs) = self.tx.for_platform(|tx| {
            let home = home.map(|id| tx.org(id)).transpose()?.flatten();
            Ok::<_, StoreError>((home, tx.orgs_of(user)?))
        })?;
        let is_known_elsewhere = home.as_ref().is_some_and(|home| orgs != [home.id]);
        let of_home = home.and_then(|home| home.grace_days);
        Ok(users::grace_days(of_home, is_known_elsewhere, self.tx.platform_settings()?.grace_days))
    }

    /// Goes on only if nothing but a second person's word is missing.
    pub(crate) fn may_be_deleted(&mut self, managed: &ManagedAccount) -> Result<(), Problem> {
        managed.authority.may_modify()?;
        self.require_remaining_owner(&managed.account)?;
        managed.account.as_of(self.now).schedule_deletion(self.now, self.now)?;
        Ok(())
    }

    /// Keeps the account after all (S000-15).
    pub(crate) fn cancel_deletion(
        &mut self,
        managed: &ManagedAccount,
        reason: &str,
    ) -> Result<ManagedAccount, Problem> {
        managed.authority.may_modify()?;
        let kept = managed.account.cancel_deletion(self.now)?;
        self.tx.remove_one_time_tokens(Some(kept.id), TokenPurpose::CancelDeletion)?;
        let event = self.event_of("deletion_cancelled", managed, Some(reason));
        // Whoever wished to be deleted is told that he is not.
        managed.outgoing_mail(MailKind::AccountReactivated).queue(self.tx, self.now)?;
        self.save_managed_account(managed, kept, &event)
    }
}

/// Deletes an account whose day has come: what is left is a tombstone, and everything that let its owner in is gone. Tells
/// whether another transaction has to go on with it. Nobody logs in or cancels it from the first one on, which removes nothing
/// yet and is refused if the last one would be.
///
/// Whoever comes second finds nothing to do.
pub(crate) fn carry_out_deletion(tx: &mut Tx<'_>, user: UserId) -> Result<bool, Problem> {
    let Some(account) = tx.account(user)? else { return Ok(false) };
    let Ok(started) = account.start_deletion(now()) else { return Ok(false) };
    if !account.is_deletion_started() {
        for org in tx.orgs_of(user)? {
            tx.enter(org)?;
            ended_membership(tx, org, user)?;
        }
        tx.save_account(&started)?;
        return Ok(true);
    }
    let gone = account.delete(now())?;
    if tx.remove_belongings(&account, &gone.email)? {
        return Ok(true);
    }
    tx.save_account(&gone)?;
    tx.remove_password(user)?;
    tx.end_rights_to_approve(user, now())?;
    for org in tx.orgs_of(user)? {
        tx.enter(org)?;
        let Some((membership, event)) = ended_membership(tx, org, user)? else { continue };
        tx.members(org).remove(&membership, now())?;
        tx.record(LogEntry { org, id: new_id(), actor: None, request_id: String::new(), at: now(), event });
    }
    // Requests stay with organizations that the person left long ago, too.
    let asked = tx.orgs_asked_by(user)?;
    index_requests(tx, &gone, &asked)?;
    tx.record_account(&system_account_event("account_deleted", user, None))?;
    // To the address, and not to the account, of which nothing is left that has one.
    OutgoingMail::to_address(account.email.clone(), &account.locale, MailKind::DeletionDone)
        .queue(tx, now())?;
    Ok(false)
}

/// A membership and what its end is in the log of the organization; refused if that would have no owner left.
fn ended_membership(
    tx: &mut Tx<'_>,
    org: OrgId,
    user: UserId,
) -> Result<Option<(Membership, Event)>, Problem> {
    tx.members(org).lock_memberships()?;
    let Some(member) = tx.members(org).find(user)? else { return Ok(None) };
    let others = tx.members(org).other_owners(user)?;
    let event = roles::end_membership(&member.membership, others)?;
    Ok(Some((member.membership, event)))
}
