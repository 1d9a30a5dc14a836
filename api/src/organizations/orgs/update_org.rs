use actix_web::patch;
use application::problem::Problem;
use application::problem_codes::Code;
use orgs::{Name, OrgChange, OrgId};
use roles::{Forbidden, Permission};
use serde::Deserialize;
use utoipa::ToSchema;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};
use web::openapi::parameters::IfMatch;
use web::values::{JoiningMode, TicketOpeners, clearable};

use super::body::{OrgBody, OrgPath, admins_of, audience};
use super::get_org::rights_in;

/// Changes of an organization.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"name": "Sunrise Therapy Group"}))]
pub(crate) struct UpdateOrg {
    /// A new name. One line; `://` is refused.
    #[schema(min_length = 1, max_length = 120, pattern = "<name>", nullable = false)]
    name: Option<String>,
    /// How people join it from now on.
    #[schema(nullable = false)]
    joining_mode: Option<JoiningMode>,
    /// Whose requests go to staff at once from now on. Requests that are pending approval stay pending.
    #[schema(nullable = false)]
    ticket_openers: Option<TicketOpeners>,
    /// Days between scheduling and deletion of an account that it manages, for deletions scheduled from now on. Null: those
    /// of the platform.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<i32>, minimum = 0, maximum = 90)]
    grace_days: Option<Option<i32>>,
    /// Deactivates or reactivates it. Only for platform administrators.
    #[schema(nullable = false)]
    is_active: Option<bool>,
}

/// Changes an organization's settings
///
/// Settings are its name, who can join, who can open requests, the grace period of deletions, and whether it is active. Owners can change them; `is_active` requires `manage_orgs`, which also renames. While it is inactive, no member can open it, and all data is retained.
#[utoipa::path(tag = "orgs", params(OrgPath, IfMatch), request_body(content = UpdateOrg, content_type = "application/merge-patch+json"),
    extensions(("x-required-permission" = json!("manage_org")), ("x-platform-permission" = json!("manage_orgs")),
        ("x-problem-codes" = json!(["rule_violated"]))),
    responses((status = 200, description = "The updated organization.", body = OrgBody)))]
#[patch("/orgs/{org_id}")]
pub(super) async fn update_org(call: Call<OrgPath, (), UpdateOrg>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let id = OrgId(input.path.org_id);
        let rights = rights_in(ctx, id)?;
        // Platform administrators must not open requests to more people or shorten the time to cancel a deletion.
        let sent = &input.body;
        let is_for_owners =
            sent.joining_mode.is_some() || sent.ticket_openers.is_some() || sent.grace_days.is_some();
        let may_rename = rights.manages_orgs && !is_for_owners;
        if !may_rename && !rights.permissions.contains(&Permission::ManageOrg) {
            return Err(Forbidden { missing: Permission::ManageOrg }.into());
        }
        if !rights.manages_orgs && input.body.is_active.is_some() {
            return Err(Problem::new(Code::Forbidden, "This needs the permission `manage_orgs`."));
        }
        let mut org = ctx.tx.org(id)?.ok_or_else(Problem::not_found)?;
        let admins = admins_of(ctx, id)?;
        input.meta.require_match(org.version, &audience(&admins))?;
        let name = input
            .body
            .name
            .as_deref()
            .map(Name::parse)
            .transpose()
            .map_err(|e| Problem::rule("#/name", &e))?;
        let change = OrgChange {
            name,
            is_active: input.body.is_active,
            joining_mode: input.body.joining_mode.map(Into::into),
            ticket_openers: input.body.ticket_openers.map(Into::into),
            grace_days: input.body.grace_days,
        };
        if let Some((changed, event)) = org.update(change, ctx.now) {
            ctx.tx.save_org(&changed)?;
            ctx.record_in(id, ctx.caller.user_id(), event);
            org = orgs::Organization { version: changed.version + 1, ..changed };
        }
        let audience = audience(&admins);
        Ok(Answer::ok(&OrgBody::of(&org, admins))?.tagged(org.version, &audience))
    })
    .await
}
