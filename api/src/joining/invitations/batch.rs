use std::collections::{BTreeMap, BTreeSet};

use application::context::Context;
use application::invitations::mails::queue_mails;
use application::problem::Problem;
use application::problem_codes::Code;
use invitations::{InvitationId, Offer};
use mail::MailKind;
use orgs::OrgId;
use persistence::{InvitationFilter, InvitationSort, InvitationSortKey, Page};
use serde::Serialize;
use users::{EmailAddress, UserId};
use utoipa::ToSchema;
use uuid::Uuid;
use web::problem::ProblemBody;

use super::body::{EmailAndTerms, EmailInput, InvitationBody, InvitationTerms};
use super::invite::{invite, locale_for, save_senders};

/// The result for one address.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum BatchRowStatus {
    Created,
    Refused,
}

/// The result for one address.
#[derive(Serialize, ToSchema)]
pub(crate) struct InvitationBatchRow {
    /// Its place in `emails`, from 0.
    index: i32,
    status: BatchRowStatus,
    /// The invitation; null if it was not created.
    data: Option<InvitationBody>,
    /// Why it was not created; null if it was.
    problem: Option<ProblemBody>,
}

/// The results of a call.
#[derive(Serialize, ToSchema)]
pub(crate) struct InvitationBatch {
    /// What all invitations of the call share.
    pub(super) batch_id: Uuid,
    pub(super) results: Vec<InvitationBatchRow>,
}

/// Invites each address separately: a failure for one does not affect the others (S001-18).
pub(super) fn invite_all<W>(
    ctx: &mut Context<'_, '_, W>,
    org: Option<OrgId>,
    offer: &Offer,
    emails: &[EmailInput],
    terms: &InvitationTerms,
    by: UserId,
    batch: Uuid,
) -> Result<Vec<InvitationBatchRow>, Problem> {
    let locale = locale_for(ctx, org, terms)?;
    let mut seen = BTreeSet::new();
    let (mut made, mut created) = (Vec::new(), Vec::new());
    for (index, email) in emails.iter().enumerate() {
        let pointer = format!("#/emails/{index}");
        let sent = EmailAndTerms { email: &email.0, pointer: &pointer, terms, locale: &locale };
        let is_twice = !seen.insert(email.0.to_ascii_lowercase());
        let result = match EmailAddress::parse(&email.0) {
            Err(wrong) => Err(Problem::rule(&pointer, &wrong)),
            Ok(_) if is_twice => Err(Problem::new(Code::AlreadyExists, "The address is in this call twice.")),
            Ok(_) => match invite(ctx, offer.clone(), &sent, by, Some(batch)) {
                // Invalid terms fail the whole call.
                Err(problem) if !concerns_one_address(&problem) => return Err(problem),
                result => result,
            },
        };
        made.push(result.as_ref().map(|invitation| invitation.id).map_err(Clone::clone));
        created.extend(result);
    }
    queue_mails(ctx.tx, &created, MailKind::Invitation, ctx.now)?;
    let ids: Vec<_> = created.iter().map(|invitation| invitation.id).collect();
    save_senders(ctx, &ids, by)?;
    rows_of(ctx, org, batch, made)
}

/// The results with the invitations as they are now, all of them loaded at once.
fn rows_of<W>(
    ctx: &mut Context<'_, '_, W>,
    org: Option<OrgId>,
    batch: Uuid,
    made: Vec<Result<InvitationId, Problem>>,
) -> Result<Vec<InvitationBatchRow>, Problem> {
    let filter = InvitationFilter { org, batch: Some(batch), ..InvitationFilter::default() };
    let latest = InvitationSort { key: InvitationSortKey::CreatedAt, is_descending: true };
    // A page loads one row more than its limit. So the walk ends with the last of them, and looks for no other.
    let created = i64::try_from(made.iter().flatten().count()).unwrap_or(i64::MAX);
    let found = match created {
        0 => Vec::new(),
        _ => {
            ctx.tx.list_invitations(&filter, latest, ctx.now, Page { after: None, limit: created - 1 })?.rows
        }
    };
    let found: BTreeMap<_, _> = found.into_iter().map(|found| (found.invitation.id, found)).collect();
    let rows = made.into_iter().enumerate().map(|(index, result)| {
        let index = i32::try_from(index).unwrap_or(i32::MAX);
        Ok(match result {
            Ok(id) => InvitationBatchRow {
                index,
                status: BatchRowStatus::Created,
                data: Some(InvitationBody::of(found.get(&id).ok_or_else(Problem::internal)?, ctx.now)),
                problem: None,
            },
            Err(problem) => InvitationBatchRow {
                index,
                status: BatchRowStatus::Refused,
                data: None,
                problem: Some(ProblemBody::from(&problem.with_request_id(&ctx.origin.request_id))),
            },
        })
    });
    rows.collect()
}

/// Whether a refusal concerns only this address, instead of the terms.
fn concerns_one_address(refusal: &Problem) -> bool {
    matches!(refusal.code(), Code::AlreadyExists | Code::TooManyAttempts)
}
