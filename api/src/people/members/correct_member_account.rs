use crate::people::correct_account::CorrectAccount;
use actix_web::patch;
use application::accounts::corrections::correct_account;
use application::accounts::managed_account::managed_account_in_org;
use web::call::{Call, Reply};
use web::openapi::parameters::IfMatch;

use super::body::{MemberBody, MemberPath, audience, find_member, show_member};

/// Changes the details of a member's account
///
/// Name, address, language and time zone; password, consents and history cannot be edited. The person confirms another
/// address with the mailed link, logged in; asking for it alone takes their vote on critical changes. Returns 409 `account_shared` unless the account is managed by this organization alone.
/// Returns 403 `membership_unclaimed` while the membership is unclaimed.
#[utoipa::path(tag = "members", params(MemberPath, IfMatch), request_body(content = CorrectAccount, content_type = "application/merge-patch+json"),
    extensions(("x-required-permission" = json!("edit_member_profiles")),
        ("x-problem-codes" = json!(["account_shared", "already_exists", "membership_unclaimed", "rule_violated"]))), responses((status = 200, description = "The updated member.", body = MemberBody)))]
#[patch("/orgs/{org_id}/members/{user_id}/account")]
pub(super) async fn correct_member_account(call: Call<MemberPath, (), CorrectAccount>) -> Reply {
    call.write(|ctx, input| {
        let member = find_member(ctx, input.path.user_id())?;
        input.meta.require_match(member.membership.version, &audience(&member))?;
        let managed = managed_account_in_org(ctx, input.path.user_id())?;
        let may_redirect = ctx.caller.holds(roles::Permission::SetTemporaryPasswords);
        correct_account(ctx, &managed, || input.body.correction(), may_redirect)?;
        show_member(ctx, input.path.user_id())
    })
    .await
}
