use actix_web::get;

use super::body::UserPath;
use crate::answer::Answer;
use crate::call::{AccountScope, Call, Reply};
use crate::people::{AccessKind, DataDiagnosis, PurposeQuery};

/// Diagnoses why a person cannot see data
///
/// Counts the rows that exist and those that the person can see, with a verdict. It returns no rows. Each reading
/// is recorded, and the person can see it.
#[utoipa::path(tag = "users", params(UserPath, PurposeQuery), extensions(("x-required-permission" = json!("diagnose_users"))),
    responses((status = 200, description = "Line by line.", body = DataDiagnosis)))]
#[get("/users/{user_id}/data-diagnosis")]
pub(super) async fn get_user_data_diagnosis(call: Call<UserPath, PurposeQuery>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let managed = ctx.managed_account(input.path.user_id())?;
        ctx.record_access(&managed, AccessKind::DataDiagnosis, input.query.purpose.as_deref())?;
        Answer::ok(&ctx.diagnose_data(&managed)?)
    })
    .await
}
