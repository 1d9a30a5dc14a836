use actix_web::get;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};

use super::analytics::{AnalyticsQuery, InvitationAnalytics, analyse_invitations};

/// Reads invitation analytics of the platform
///
/// How many are accepted, by inviter and by role, how those went that expired, whether the invitations of a call offer the
/// same, and which end soon. Up to 10,000 invitations, the latest first.
#[utoipa::path(tag = "platform_invitations", params(AnalyticsQuery), extensions(("x-required-permission" = json!("invite_users"))),
    responses((status = 200, description = "The analytics.", body = InvitationAnalytics)))]
#[get("/invitation-analytics")]
pub(super) async fn get_platform_invitation_analytics(call: Call<(), AnalyticsQuery>) -> Reply {
    call.read_account(AccountScope::Platform, |ctx, input| {
        let org = None;
        Answer::ok(&analyse_invitations(ctx, org, &input.query)?)
    })
    .await
}
