use actix_web::get;

use super::body::MemberPath;
use crate::answer::Answer;
use crate::call::{Call, Reply};
use crate::people::{AccessKind, DataDiagnosis, PurposeQuery};

/// Diagnoses why a member cannot see data
///
/// How many rows there are, how many of them the person sees under his own rights, and what that comes to. It shows no row. That somebody looked
/// is kept, for the person to see.
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
