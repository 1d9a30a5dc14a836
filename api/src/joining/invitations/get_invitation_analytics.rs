use actix_web::get;
use web::answer::Answer;
use web::call::{Call, Reply};

use super::analytics::{AnalyticsQuery, InvitationAnalytics, analyse_invitations};
use crate::organizations::orgs::OrgPath;

/// Reads invitation analytics of an organization
///
/// How many are accepted, by inviter and by role, how those went that expired, whether the invitations of a call offer the
/// same, and which end soon. Up to 10,000 invitations, the latest first.
#[utoipa::path(tag = "invitations", params(OrgPath, AnalyticsQuery), extensions(("x-required-permission" = json!("invite_members"))),
    responses((status = 200, description = "The analytics.", body = InvitationAnalytics)))]
#[get("/orgs/{org_id}/invitation-analytics")]
pub(super) async fn get_invitation_analytics(call: Call<OrgPath, AnalyticsQuery>) -> Reply {
    call.read(|ctx, input| {
        let org = Some(ctx.caller.org_id);
        Answer::ok(&analyse_invitations(ctx, org, &input.query)?)
    })
    .await
}
