use actix_web::get;
use roles::Permission as P;

use super::body::MemberPath;
use crate::answer::Answer;
use crate::call::{Call, Reply};
use crate::people::{ProfileBody, ProfileQuery, SectionRights};

/// Reads sections of a member's profile
///
/// `personal` and `contact` need `view_member_profiles`, `log_ins` needs `view_member_log_ins`, `content` needs
/// `view_member_activity`. Private values are left out, unless the caller gives a reason and holds
/// `override_member_privacy`. Each reading is recorded with its purpose, and the person can see it.
/// Returns 403 `membership_unclaimed` while the membership is unclaimed.
#[utoipa::path(tag = "members", params(MemberPath, ProfileQuery), extensions(("x-required-permission" = json!("view_members"))),
    responses((status = 200, description = "The parts.", body = ProfileBody)))]
#[get("/orgs/{org_id}/members/{user_id}/profile")]
pub(super) async fn get_member_profile(call: Call<MemberPath, ProfileQuery>) -> Reply {
    call.write(|ctx, input| {
        let managed = ctx.managed_account(input.path.user_id())?;
        let held = |permission: P| (permission.as_str(), ctx.caller.holds(permission));
        let rights = SectionRights {
            profiles: held(P::ViewMemberProfiles),
            log_ins: held(P::ViewMemberLogIns),
            activity: held(P::ViewMemberActivity),
            privacy: held(P::OverrideMemberPrivacy),
        };
        Answer::ok(&ctx.read_profile(&managed, &input.query, rights)?)
    })
    .await
}
