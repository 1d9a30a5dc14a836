use actix_web::patch;

use super::body::{MemberBody, MemberPath, audience};
use crate::call::{Call, Reply};
use crate::openapi::IfMatch;
use crate::people::CorrectAccount;

/// Changes the details of a member's account
///
/// Name, address, language and time zone; password, consents and history cannot be edited. The person confirms another
/// address with the mailed link, logged in; asking for it alone takes their vote on critical changes. Returns 409 `account_shared` unless the account is managed by this organization alone.
/// Returns 403 `membership_unclaimed` while the membership is unclaimed.
#[utoipa::path(tag = "members", params(MemberPath, IfMatch), request_body(content = CorrectAccount, content_type = "application/merge-patch+json"),
    extensions(("x-required-permission" = json!("edit_member_profiles"))), responses((status = 200, description = "The member as it is now.", body = MemberBody)))]
#[patch("/orgs/{org_id}/members/{user_id}/account")]
pub(super) async fn correct_member_account(call: Call<MemberPath, (), CorrectAccount>) -> Reply {
    call.write(|ctx, input| {
        let member = ctx.member(input.path.user_id())?;
        ctx.require_match(member.membership.version, &audience(&member))?;
        let managed = ctx.managed_account(input.path.user_id())?;
        let may_redirect = ctx.caller.holds(roles::Permission::SetTemporaryPasswords);
        ctx.correct_account(&managed, &input.body, may_redirect)?;
        ctx.show_member(input.path.user_id())
    })
    .await
}
