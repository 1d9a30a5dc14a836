use std::collections::BTreeSet;

use invitations::Offer;
use orgs::OrgId;
use serde::Serialize;
use users::{EmailAddress, UserId};
use utoipa::ToSchema;
use uuid::Uuid;

use super::body::{AddressText, EmailAndTerms, InvitationBody, InvitationTerms};
use crate::context::Context;
use crate::problem::{Code, Problem, ProblemBody};

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

/// What became of a call.
#[derive(Serialize, ToSchema)]
pub(crate) struct InvitationBatch {
    /// What all invitations of the call share.
    pub(super) batch_id: Uuid,
    pub(super) results: Vec<InvitationBatchRow>,
}

impl<W> Context<'_, '_, W> {
    /// Invites each address by itself: what keeps one from being invited keeps no other (S001-18).
    pub(super) fn invite_all(
        &mut self,
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
                Ok(_) if is_twice => {
                    Err(Problem::new(Code::AlreadyExists, "The address is in this call twice."))
                }
                Ok(_) => match self.invite(offer.clone(), &sent, by, Some(batch)) {
                    // Wrong terms are wrong for all.
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
                    data: Some(InvitationBody::of(&self.invitation(org, id.0)?, self.now)),
                    problem: None,
                },
                Err(problem) => InvitationBatchRow {
                    index,
                    status: BatchRowStatus::Refused,
                    data: None,
                    problem: Some(problem.with_request_id(&self.head.request_id).body()),
                },
            });
        }
        self.save_senders(&created, by)?;
        Ok(results)
    }
}

/// Whether a refusal is about the address, not about the terms.
fn concerns_one_address(refusal: &Problem) -> bool {
    matches!(refusal.code(), Code::AlreadyExists | Code::TooManyAttempts)
}
