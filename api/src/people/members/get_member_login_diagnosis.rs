use actix_web::get;
use application::accounts::managed_account::managed_account_in_org;
use web::answer::Answer;
use web::call::{Call, Reply};

use super::body::MemberPath;
use crate::accounts::access_log::diagnosis::{LogInDiagnosis, diagnose_log_in};
use crate::accounts::access_log::reading::{AccessKind, PurposeQuery, record_access};

/// Diagnoses why a member cannot log in
///
/// Checks account, organization, password and session, in this order. The person who logs in learns none of it.
/// Each reading is recorded, and the person can see it.
/// Returns 403 `membership_unclaimed` while the membership is unclaimed.
#[utoipa::path(tag = "members", params(MemberPath, PurposeQuery), extensions(("x-required-permission" = json!("diagnose_members")),
        ("x-problem-codes" = json!(["membership_unclaimed"]))),
    responses((status = 200, description = "The diagnosis, with one entry per check.", body = LogInDiagnosis)))]
#[get("/orgs/{org_id}/members/{user_id}/login-diagnosis")]
pub(super) async fn get_member_login_diagnosis(call: Call<MemberPath, PurposeQuery>) -> Reply {
    call.write(|ctx, input| {
        let managed = managed_account_in_org(ctx, input.path.user_id())?;
        record_access(ctx, &managed, AccessKind::LogInDiagnosis, input.query.purpose.as_deref())?;
        Answer::ok(&diagnose_log_in(ctx, &managed)?)
    })
    .await
}
