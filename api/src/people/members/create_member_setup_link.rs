use crate::people::setup_link::SetupLink;
use actix_web::post;
use application::accounts::managed_account::managed_account_in_org;
use application::accounts::setup_link::issue_setup_link;
use application::problem::Problem;
use application::problem_codes::Code;
use web::answer::Answer;
use web::call::{Call, Reply};

use super::body::MemberPath;
use crate::people::reason::ReasonBody;

/// Fetches a set-up link to hand over to a new member
///
/// For people who do not get the mail. Only the organization that made the account can fetch it, and only until somebody
/// has set the account up. The mailed link works on; a link fetched before stops working. The fetch is recorded with its
/// reason. An account set up this way has no proved address: what other organizations give it stays unclaimed until its
/// owner proves the address (`create_my_address_proof`).
#[utoipa::path(tag = "members", params(MemberPath), request_body = ReasonBody, extensions(("x-required-permission" = json!("manage_members")),
        ("x-problem-codes" = json!(["membership_unclaimed", "invalid_transition", "account_shared"]))),
    responses((status = 200, description = "The link, shown only here.", body = SetupLink)))]
#[post("/orgs/{org_id}/members/{user_id}/setup-links")]
pub(super) async fn create_member_setup_link(call: Call<MemberPath, (), ReasonBody>) -> Reply {
    call.write(|ctx, input| {
        let managed = managed_account_in_org(ctx, input.path.user_id())?;
        managed.authority.may_assist()?;
        if ctx.tx.home_of(managed.account.id)? != Some(ctx.caller.org_id) {
            let detail = "This organization did not create the account.";
            return Err(Problem::new(Code::AccountShared, detail));
        }
        Answer::ok(&SetupLink::from(issue_setup_link(ctx, &managed, &input.body.reason)?))
    })
    .await
}
