use actix_web::post;
use application::invitations::follow_up::open_follow_up;
use application::problem::Problem;
use application::problem_codes::Code;
use invitations::{Decision, Difference};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use web::answer::Answer;
use web::call::{Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::body::OrgInvitationPath;
use super::invite::find_invitation;

/// The kind of difference between a membership and its invitation.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum InvitationDifferenceKind {
    NoMembership,
    MissingRole,
    ExtraRole,
    MissingLocation,
}

/// One difference.
#[derive(Serialize, ToSchema)]
pub(crate) struct InvitationDifference {
    kind: InvitationDifferenceKind,
    /// The role key or location; null when there is no membership.
    what: Option<String>,
}

/// Whether a membership is what was offered.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"is_match": false, "differences": [{"kind": "missing_role", "what": "rbt"}], "follow_up_ticket_id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a31"}))]
pub(crate) struct InvitationCheck {
    is_match: bool,
    differences: Vec<InvitationDifference>,
    /// The request that was opened because of them, for the organization's staff; null when all is well, or when the
    /// organization has no location, and so takes no requests.
    follow_up_ticket_id: Option<Uuid>,
}

impl From<Difference> for InvitationDifference {
    fn from(difference: Difference) -> Self {
        let (kind, what) = match difference {
            Difference::NoMembership => (InvitationDifferenceKind::NoMembership, None),
            Difference::MissingRole(key) => {
                (InvitationDifferenceKind::MissingRole, Some(key.as_str().to_owned()))
            }
            Difference::ExtraRole(key) => {
                (InvitationDifferenceKind::ExtraRole, Some(key.as_str().to_owned()))
            }
            Difference::MissingLocation(id) => {
                (InvitationDifferenceKind::MissingLocation, Some(id.0.to_string()))
            }
        };
        Self { kind, what }
    }
}

/// Checks a membership against the invitation that led to it
///
/// The same check runs when a person joins; this repeats it. If they differ, a request for the organization's staff is opened,
/// once. Returns 409 if the invitation was not accepted.
#[utoipa::path(tag = "invitations", params(OrgInvitationPath, IdempotencyKey), extensions(("x-required-permission" = json!("invite_members")),
        ("x-problem-codes" = json!(["conflict"]))),
    responses((status = 200, description = "The result of the check.", body = InvitationCheck)))]
#[post("/orgs/{org_id}/invitations/{invitation_id}/check")]
pub(super) async fn check_invitation(call: Call<OrgInvitationPath>) -> Reply {
    call.write(|ctx, input| {
        let org = ctx.caller.org_id;
        let found = find_invitation(ctx, Some(org), input.path.invitation_id)?;
        let Some(Decision::Accepted(user, _)) = found.invitation.decision else {
            return Err(Problem::new(Code::Conflict, "The invitation was not accepted."));
        };
        let member = ctx.tx.members(org).find(user)?;
        let differences = found.invitation.differences(member.as_ref().map(|m| &m.membership));
        let mut follow_up = found.invitation.follow_up;
        if !differences.is_empty() && follow_up.is_none() {
            let by = ctx.caller.user_id;
            follow_up = open_follow_up(ctx.tx, ctx.origin, &found.invitation, (by, user), &differences)?;
        }
        Answer::ok(&InvitationCheck {
            is_match: differences.is_empty(),
            differences: differences.into_iter().map(Into::into).collect(),
            follow_up_ticket_id: follow_up,
        })
    })
    .await
}
