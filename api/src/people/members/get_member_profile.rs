use actix_web::get;
use application::accounts::managed_account::managed_account_in_org;
use roles::Permission as P;
use web::answer::Answer;
use web::call::{Call, Reply};

use super::body::MemberPath;
use crate::accounts::access_log::profile::{ProfileQuery, SectionRights, read_profile};
use crate::accounts::access_log::profile_body::ProfileBody;

/// Reads sections of a member's profile
///
/// `personal` and `contact` need `view_member_profiles`, `log_ins` needs `view_member_log_ins`, `content` needs
/// `view_member_activity`. Private values are left out, unless the caller gives a reason and holds
/// `override_member_privacy`. Each reading is recorded with its purpose, and the person can see it.
/// Returns 403 `membership_unclaimed` while the membership is unclaimed.
#[utoipa::path(tag = "members", params(MemberPath, ProfileQuery), extensions(("x-required-permission" = json!("view_members")),
        ("x-problem-codes" = json!(["membership_unclaimed"]))),
    responses((status = 200, description = "The requested sections of the profile.", body = ProfileBody)))]
#[get("/orgs/{org_id}/members/{user_id}/profile")]
pub(super) async fn get_member_profile(call: Call<MemberPath, ProfileQuery>) -> Reply {
    call.write(|ctx, input| {
        let managed = managed_account_in_org(ctx, input.path.user_id())?;
        let held = |permission: P| (permission.as_str(), ctx.caller.holds(permission));
        let rights = SectionRights {
            profiles: held(P::ViewMemberProfiles),
            log_ins: held(P::ViewMemberLogIns),
            activity: held(P::ViewMemberActivity),
            privacy: held(P::OverrideMemberPrivacy),
        };
        Answer::ok(&read_profile(ctx, &managed, &input.query, rights)?)
    })
    .await
}
