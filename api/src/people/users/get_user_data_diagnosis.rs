use actix_web::get;
use application::accounts::managed_account::managed_account_on_platform;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};

use super::body::UserPath;
use crate::accounts::access_log::diagnosis::{DataDiagnosis, diagnose_data};
use crate::accounts::access_log::reading::{AccessKind, PurposeQuery, record_access};

/// Diagnoses why a person cannot see data
///
/// Counts the rows that exist and those that the person can see, with a verdict. It returns no rows. Each reading
/// is recorded, and the person can see it.
#[utoipa::path(tag = "users", params(UserPath, PurposeQuery), extensions(("x-required-permission" = json!("diagnose_users"))),
    responses((status = 200, description = "The diagnosis, with one entry per check.", body = DataDiagnosis)))]
#[get("/users/{user_id}/data-diagnosis")]
pub(super) async fn get_user_data_diagnosis(call: Call<UserPath, PurposeQuery>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let managed = managed_account_on_platform(ctx, input.path.user_id())?;
        record_access(ctx, &managed, AccessKind::DataDiagnosis, input.query.purpose.as_deref())?;
        Answer::ok(&diagnose_data(ctx, &managed)?)
    })
    .await
}
