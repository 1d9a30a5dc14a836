use actix_web::get;
use application::accounts::managed_account::managed_account_on_platform;
use roles::PlatformPermission as P;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};

use super::body::UserPath;
use crate::accounts::access_log::profile::{ProfileQuery, SectionRights, read_profile};
use crate::accounts::access_log::profile_body::ProfileBody;

/// Reads sections of a person's profile
///
/// `personal` and `contact` need `view_user_profiles`, `log_ins` needs `view_user_log_ins`, `content` needs
/// `view_user_activity`. Private values are left out, unless the caller gives a reason and holds
/// `override_user_privacy`. Each reading is recorded with its purpose, and the person can see it.
#[utoipa::path(tag = "users", params(UserPath, ProfileQuery), extensions(("x-required-permission" = json!("view_users"))),
    responses((status = 200, description = "The requested sections of the profile.", body = ProfileBody)))]
#[get("/users/{user_id}/profile")]
pub(super) async fn get_user_profile(call: Call<UserPath, ProfileQuery>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let managed = managed_account_on_platform(ctx, input.path.user_id())?;
        let held = |permission: P| (permission.as_str(), ctx.caller.holds(permission));
        let rights = SectionRights {
            profiles: held(P::ViewUserProfiles),
            log_ins: held(P::ViewUserLogIns),
            activity: held(P::ViewUserActivity),
            privacy: held(P::OverrideUserPrivacy),
        };
        Answer::ok(&read_profile(ctx, &managed, &input.query, rights)?)
    })
    .await
}
