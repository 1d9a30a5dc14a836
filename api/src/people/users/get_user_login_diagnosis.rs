use actix_web::get;
use application::accounts::managed_account::managed_account_on_platform;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};

use super::body::UserPath;
use crate::accounts::access_log::diagnosis::{LogInDiagnosis, diagnose_log_in};
use crate::accounts::access_log::reading::{AccessKind, PurposeQuery, record_access};

/// Diagnoses why a person cannot log in
///
/// Checks account, organization, password and session, in this order. The person who logs in learns none of it.
/// Each reading is recorded, and the person can see it.
#[utoipa::path(tag = "users", params(UserPath, PurposeQuery), extensions(("x-required-permission" = json!("diagnose_users"))),
    responses((status = 200, description = "The diagnosis, with one entry per check.", body = LogInDiagnosis)))]
#[get("/users/{user_id}/login-diagnosis")]
pub(super) async fn get_user_login_diagnosis(call: Call<UserPath, PurposeQuery>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let managed = managed_account_on_platform(ctx, input.path.user_id())?;
        record_access(ctx, &managed, AccessKind::LogInDiagnosis, input.query.purpose.as_deref())?;
        Answer::ok(&diagnose_log_in(ctx, &managed)?)
    })
    .await
}
