use std::collections::BTreeSet;

use application::context::Context;
use application::problem::Problem;
use application::problem_codes::Code;
use invitations::Offer;
use orgs::OrgId;
use serde::Serialize;
use users::{EmailAddress, UserId};
use utoipa::ToSchema;
use uuid::Uuid;
use web::problem::ProblemBody;

use super::body::{AddressText, EmailAndTerms, InvitationBody, InvitationTerms};
use super::invite::{find_invitation, invite, save_senders};

/// How one address of a call went.
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
    /// The invitation, when it was made.
    data: Option<InvitationBody>,
    /// Why it was not.
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
    emails: &[AddressText],
    terms: &InvitationTerms,
    by: UserId,
    batch: Uuid,
) -> Result<Vec<InvitationBatchRow>, Problem> {
    let mut seen = BTreeSet::new();
    let (mut results, mut created) = (Vec::new(), Vec::new());
    for (index, email) in emails.iter().enumerate() {
        let pointer = format!("#/emails/{index}");
        let sent = EmailAndTerms { email: &email.0, pointer: &pointer, terms };
        let is_twice = !seen.insert(email.0.to_ascii_lowercase());
        let made = match EmailAddress::parse(&email.0) {
            Err(wrong) => Err(Problem::rule(&pointer, &wrong)),
            Ok(_) if is_twice => Err(Problem::new(Code::AlreadyExists, "The address is in this call twice.")),
            Ok(_) => match invite(ctx, offer.clone(), &sent, by, Some(batch)) {
                // Invalid terms fail the whole call.
                Err(problem) if !concerns_one_address(&problem) => return Err(problem),
                made => made,
            },
        };
        created.extend(made.as_ref().ok().copied());
        let index = i32::try_from(index).unwrap_or(i32::MAX);
        results.push(match made {
            Ok(id) => InvitationBatchRow {
                index,
                status: BatchRowStatus::Created,
                data: Some(InvitationBody::of(&find_invitation(ctx, org, id.0)?, ctx.now)),
                problem: None,
            },
            Err(problem) => InvitationBatchRow {
                index,
                status: BatchRowStatus::Refused,
                data: None,
                problem: Some(ProblemBody::from(&problem.with_request_id(&ctx.origin.request_id))),
            },
        });
    }
    save_senders(ctx, &created, by)?;
    Ok(results)
}

/// Whether a refusal concerns only this address, instead of the terms.
fn concerns_one_address(refusal: &Problem) -> bool {
    matches!(refusal.code(), Code::AlreadyExists | Code::TooManyAttempts)
}
