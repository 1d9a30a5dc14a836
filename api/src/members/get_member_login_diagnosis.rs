use actix_web::get;

use super::body::MemberPath;
use crate::answer::Answer;
use crate::call::{Call, Reply};
use crate::people::LogInDiagnosis;

/// Finds out why a member can't log in
///
/// Account, organization, password and session, in the order in which they count. The person is never told; this is for who helps.
#[utoipa::path(tag = "members", params(MemberPath), extensions(("x-required-permission" = json!("diagnose_members"))),
    responses((status = 200, description = "Line by line.", body = LogInDiagnosis)))]
#[get("/orgs/{org_id}/members/{user_id}/login-diagnosis")]
pub(super) async fn get_member_login_diagnosis(call: Call<MemberPath>) -> Reply {
    call.read(|work, input| {
        let case = work.case(input.path.user_id())?;
        Answer::ok(&work.diagnose_log_in(&case)?)
    })
    .await
}
