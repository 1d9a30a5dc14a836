use crate::people::setup_link::SetupLink;
use actix_web::post;
use application::accounts::managed_account::managed_account_on_platform;
use application::accounts::setup_link::issue_setup_link;
use application::context::{Context, SignedIn};
use application::problem::Problem;
use application::problem_codes::Code;
use users::UserId;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};

use super::body::UserPath;
use crate::people::reason::ReasonBody;

/// Fetches a set-up link to hand over to the first owner of an organization
///
/// For owners who do not get the mail. Only while the account waits to be set up and the organization has no other owner;
/// afterwards the organization fetches links for its members (`create_member_setup_link`). The mailed link works on; a link fetched
/// before stops working. The fetch is recorded with its reason. An account set up this way has no proved address.
#[utoipa::path(tag = "users", params(UserPath), request_body = ReasonBody, extensions(("x-required-permission" = json!("manage_orgs")),
        ("x-problem-codes" = json!(["conflict", "invalid_transition"]))),
    responses((status = 200, description = "The link, shown only here.", body = SetupLink)))]
#[post("/users/{user_id}/setup-links")]
pub(super) async fn create_user_setup_link(call: Call<UserPath, (), ReasonBody>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let managed = managed_account_on_platform(ctx, input.path.user_id())?;
        require_first_owner(ctx, managed.account.id)?;
        Answer::ok(&SetupLink::from(issue_setup_link(ctx, &managed, &input.body.reason)?))
    })
    .await
}

/// Requires that the account was created for an owner of an organization that has no other owner.
fn require_first_owner(ctx: &mut Context<'_, '_, SignedIn>, user: UserId) -> Result<(), Problem> {
    let claimed = || {
        let detail =
            "The account does not belong to the first owner of an organization without other owners.";
        Problem::new(Code::Conflict, detail)
    };
    let home = ctx.tx.home_of(user)?.ok_or_else(claimed)?;
    ctx.tx.enter(home)?;
    let member = ctx.tx.members(home).find(user)?;
    let is_owner = member.is_some_and(|member| member.membership.is_owner());
    match is_owner && ctx.tx.members(home).other_owners(user)? == 0 {
        true => Ok(()),
        false => Err(claimed()),
    }
}
