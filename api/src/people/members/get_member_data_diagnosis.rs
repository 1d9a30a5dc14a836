use actix_web::get;
use application::accounts::managed_account::managed_account_in_org;
use web::answer::Answer;
use web::call::{Call, Reply};

use super::body::MemberPath;
use crate::accounts::access_log::diagnosis::{DataDiagnosis, diagnose_data};
use crate::accounts::access_log::reading::{AccessKind, PurposeQuery, record_access};

/// Diagnoses why a member cannot see data
///
/// Counts the rows that exist and those that the person can see, with a verdict. It returns no rows. Each reading
/// is recorded, and the person can see it.
#[utoipa::path(tag = "members", params(MemberPath, PurposeQuery), extensions(("x-required-permission" = json!("diagnose_members"))),
    responses((status = 200, description = "The diagnosis, with one entry per check.", body = DataDiagnosis)))]
#[get("/orgs/{org_id}/members/{user_id}/data-diagnosis")]
pub(super) async fn get_member_data_diagnosis(call: Call<MemberPath, PurposeQuery>) -> Reply {
    call.write(|ctx, input| {
        let managed = managed_account_in_org(ctx, input.path.user_id())?;
        record_access(ctx, &managed, AccessKind::DataDiagnosis, input.query.purpose.as_deref())?;
        Answer::ok(&diagnose_data(ctx, &managed)?)
    })
    .await
}
