use actix_web::get;

use super::body::UserPath;
use crate::answer::Answer;
use crate::call::{AccountScope, Call, Reply};
use crate::people::{AccessKind, LogInDiagnosis, PurposeQuery};

/// Diagnoses why a person cannot log in
///
/// Checks account, organization, password and session, in this order. The person who logs in learns none of it.
/// Each reading is recorded, and the person can see it.
#[utoipa::path(tag = "users", params(UserPath, PurposeQuery), extensions(("x-required-permission" = json!("diagnose_users"))),
    responses((status = 200, description = "Line by line.", body = LogInDiagnosis)))]
#[get("/users/{user_id}/login-diagnosis")]
pub(super) async fn get_user_login_diagnosis(call: Call<UserPath, PurposeQuery>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let managed = ctx.managed_account(input.path.user_id())?;
        ctx.record_access(&managed, AccessKind::LogInDiagnosis, input.query.purpose.as_deref())?;
        Answer::ok(&ctx.diagnose_log_in(&managed)?)
    })
    .await
}
