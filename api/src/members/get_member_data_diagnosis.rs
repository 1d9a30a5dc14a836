use actix_web::get;

use super::body::MemberPath;
use crate::answer::Answer;
use crate::call::{Call, Reply};
use crate::people::{AccessKind, DataDiagnosis, PurposeQuery};

/// Diagnoses why a member cannot see data
///
/// Counts the rows that exist and those that the person can see, with a verdict. It returns no rows. Each reading
/// is recorded, and the person can see it.
#[utoipa::path(tag = "members", params(MemberPath, PurposeQuery), extensions(("x-required-permission" = json!("diagnose_members"))),
    responses((status = 200, description = "Line by line.", body = DataDiagnosis)))]
#[get("/orgs/{org_id}/members/{user_id}/data-diagnosis")]
pub(super) async fn get_member_data_diagnosis(call: Call<MemberPath, PurposeQuery>) -> Reply {
    call.write(|ctx, input| {
        let managed = ctx.managed_account(input.path.user_id())?;
        ctx.record_access(&managed, AccessKind::DataDiagnosis, input.query.purpose.as_deref())?;
        Answer::ok(&ctx.diagnose_data(&managed)?)
    })
    .await
}
