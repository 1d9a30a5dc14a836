use actix_web::get;

use super::body::MemberPath;
use crate::answer::Answer;
use crate::call::{Call, Reply};
use crate::people::{AccessKind, LogInDiagnosis, PurposeQuery};

/// Diagnoses why a member cannot log in
///
/// Checks account, organization, password and session, in this order. The person who logs in learns none of it.
/// Each reading is recorded, and the person can see it.
/// Returns 403 `membership_unclaimed` while the membership is unclaimed.
#[utoipa::path(tag = "members", params(MemberPath, PurposeQuery), extensions(("x-required-permission" = json!("diagnose_members"))),
    responses((status = 200, description = "Line by line.", body = LogInDiagnosis)))]
#[get("/orgs/{org_id}/members/{user_id}/login-diagnosis")]
pub(super) async fn get_member_login_diagnosis(call: Call<MemberPath, PurposeQuery>) -> Reply {
    call.write(|ctx, input| {
        let managed = ctx.managed_account(input.path.user_id())?;
        ctx.record_access(&managed, AccessKind::LogInDiagnosis, input.query.purpose.as_deref())?;
        Answer::ok(&ctx.diagnose_log_in(&managed)?)
    })
    .await
}
