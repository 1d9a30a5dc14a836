use actix_web::post;
use application::accounts::log_in_help::renew_unproved_access;
use application::accounts::managed_account::{managed_account_event, managed_account_on_platform};
use application::approvals::votes::record_takeover;
use application::members::membership_changes::close_open_invitation;
use application::problem::{Fault, Problem};
use application::problem_codes::Code;
use mail::MailKind;
use orgs::OrgId;
use persistence::{Constraint, StoreError};
use roles::{RoleKey, TakeoverAct};
use serde::Deserialize;
use users::AccountEventKind;
use utoipa::ToSchema;
use uuid::Uuid;
use web::call::{AccountScope, Call, Reply};
use web::openapi::parameters::IdempotencyKey;
use web::values::RoleKeyValue;

use super::body::{UserBody, UserPath, show_user};
use crate::people::members::body::role_keys;

/// The transfer: both organizations, and the new roles.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"from_org_id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1c", "to_org_id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a2c", "roles": ["rbt"], "reason": "Changed clinics."}))]
pub(crate) struct TransferUser {
    /// The organization that the person leaves.
    from_org_id: Uuid,
    /// The organization to transfer the person to.
    to_org_id: Uuid,
    /// Role keys of the new organization, of those that grant no more than filing requests: it makes its staff itself.
    #[schema(min_items = 1, max_items = 20)]
    roles: Vec<RoleKeyValue>,
    /// Why, for readers of the history.
    #[schema(min_length = 1, max_length = 500, pattern = "<lines>")]
    reason: String,
}

/// Transfers a person to another organization
///
/// The membership ends in the one and begins in the other, all sessions end, and what the person wrote stays where it was
/// written. The new organization manages the account from then on. If the address is not proved, the password stops
/// working and a link goes to the address. An owner cannot be moved.
#[utoipa::path(tag = "users", params(UserPath, IdempotencyKey), request_body = TransferUser, extensions(("x-required-permission" = json!("transfer_users")),
        ("x-problem-codes" = json!(["already_exists", "conflict", "reference_not_found", "rule_violated"]))),
    responses((status = 200, description = "The updated account.", body = UserBody)))]
#[post("/users/{user_id}/transfer")]
pub(super) async fn transfer_user(call: Call<UserPath, (), TransferUser>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let managed = managed_account_on_platform(ctx, input.path.user_id())?;
        managed.authority.may_modify()?;
        record_takeover(ctx, &managed, TakeoverAct::Transfer)?;
        let (user, actor) = (managed.account.id, ctx.caller.user_id());
        let (from, to) = (OrgId(input.body.from_org_id), OrgId(input.body.to_org_id));
        let unknown = |pointer: &str| Problem::no_such_reference(pointer, "member or organization");
        ctx.tx.enter(from)?;
        ctx.tx.members(from).lock_memberships()?;
        let member = ctx.tx.members(from).find(user)?.ok_or_else(|| unknown("#/from_org_id"))?;
        let org = ctx.tx.org(to)?.ok_or_else(|| unknown("#/to_org_id"))?;
        ctx.tx.enter(to)?;
        ctx.tx.members(to).lock_memberships()?;
        let keys = role_keys(&input.body.roles)?;
        let words = keys.iter().map(RoleKey::as_str).collect::<Vec<_>>().join(", ");
        let transfer =
            roles::transfer(&member.membership, from, to, keys, &ctx.tx.roles(to).all()?, ctx.now)?;
        ctx.tx.enter(from)?;
        ctx.tx.members(from).remove(&member.membership, ctx.now)?;
        ctx.record_in(from, actor, transfer.left);
        close_open_invitation(
            ctx.tx,
            ctx.origin,
            (from, member.membership.shown_member(&member.account).email()),
        )?;
        ctx.tx.enter(to)?;
        ctx.tx.members(to).add(&transfer.membership).map_err(already_a_member)?;
        ctx.record_in(to, actor, transfer.joined);
        close_open_invitation(ctx.tx, ctx.origin, (to, &managed.account.email))?;
        ctx.tx.set_home(user, to, ctx.now)?;
        ctx.tx.remove_sessions_of(user, None)?;
        if !managed.account.is_address_proved() {
            // Staff of the previous organization may have entered the account.
            renew_unproved_access(ctx, &managed)?;
        }
        let event = managed_account_event(
            ctx,
            AccountEventKind::AccountTransferred,
            &managed,
            Some(&input.body.reason),
        )
        .changed("org_id", &from.0.to_string(), &to.0.to_string());
        ctx.tx.record_account(&event)?;
        application::mail::queue::OutgoingMail::to(&managed.account, MailKind::RolesChanged)
            .from(to)
            .variable("org_name", org.name.as_str())
            .variable("roles", words)
            .queue(ctx.tx, ctx.now)?;
        let moved = managed_account_on_platform(ctx, user)?;
        show_user(ctx, &moved)
    })
    .await
}

fn already_a_member(error: StoreError) -> Problem {
    match error {
        StoreError::Unique(Constraint::Membership) => {
            let fault = Fault::at("#/to_org_id", "already_exists", "The person is already a member of it.");
            Problem::new(Code::AlreadyExists, "The person is already a member of it.")
                .with_errors(vec![fault])
        }
        other => other.into(),
    }
}
