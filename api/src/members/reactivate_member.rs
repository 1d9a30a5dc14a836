use actix_web::post;
use mail::MailKind;

use super::body::{MemberBody, MemberPath};
use crate::call::{Call, Reply};
use crate::openapi::IdempotencyKey;
use crate::people::WithReason;

/// Lets a suspended member in again
///
/// The person is told. A member who is not suspended is 409.
#[utoipa::path(tag = "members", params(MemberPath, IdempotencyKey), request_body = WithReason, extensions(("x-required-permission" = json!("suspend_members"))),
    responses((status = 200, description = "The member as it is now.", body = MemberBody)))]
#[post("/orgs/{org_id}/members/{user_id}/reactivate")]
pub(super) async fn reactivate_member(call: Call<MemberPath, (), WithReason>) -> Reply {
    call.write(|work, input| {
        let org = work.who.org_id;
        work.tx.members(org).one_at_a_time()?;
        let member = work.member(input.path.user_id())?;
        let roles = work.tx.roles(org).all()?;
        let (active, event) = member.membership.reactivate(&work.who, &roles, work.now)?;
        work.tx.members(org).save(&active)?;
        work.record(event);
        let case = work.case(input.path.user_id())?;
        let noted = work.noted("member_reactivated", &case, Some(&input.body.reason));
        work.tx.record_account(&noted)?;
        case.letter(MailKind::AccountReactivated).queue(work.tx, work.now)?;
        work.show_member(input.path.user_id())
    })
    .await
}
