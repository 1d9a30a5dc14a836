use actix_web::get;
use application::context::{Context, SignedIn};
use application::problem::Problem;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};

use super::optional_mail::{ClockTime, OptionalMail, QuietHoursBody};

/// The caller's account, memberships and permissions.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1b", "email": "rbt@sunrise.example", "is_address_proved": true, "name": "Riley Ortiz", "locale": "en", "time_zone": "America/Chicago", "muted_mails": [], "quiet_hours": {"from": "00:00", "until": "07:30"}, "digest_time": null,
    "memberships": [{"org_id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1c", "org_slug": "sunrise", "org_name": "Sunrise Therapy", "roles": ["rbt"],
        "permissions": ["create_tickets"], "location_ids": ["0198c1f2-b7a0-7c3f-8d5e-6f7081920a1d"], "needs_two_factor": false}],
    "platform_permissions": [], "needs_two_factor": false, "restrictions": []
}))]
pub(crate) struct Me {
    id: Uuid,
    email: String,
    /// Whether you have used a link that went only to the mailbox of `email`. While it is false, memberships that other
    /// organizations gave you are not listed and not usable; see `create_my_address_proof`.
    is_address_proved: bool,
    name: String,
    /// The preferred language, a BCP 47 tag.
    locale: String,
    /// IANA name of the time zone for times in mail and for its delivery. While it is `UTC`, that of the
    /// organization that sends the mail applies.
    time_zone: String,
    /// The kinds of optional mail that the person has muted.
    muted_mails: Vec<OptionalMail>,
    /// The hours in which no optional mail is sent.
    quiet_hours: Option<QuietHoursBody>,
    /// The time of the daily digest, one mail per organization. Null: no digest, each mail is sent by itself.
    digest_time: Option<ClockTime>,
    /// The effective memberships: not suspended, and the organization is active.
    memberships: Vec<MyMembership>,
    /// The permissions that platform roles grant.
    platform_permissions: Vec<String>,
    /// Whether platform roles grant nothing until two-factor log-in is set up.
    needs_two_factor: bool,
    /// What the session requires before anything else: `change_password`, `accept_agreements`.
    restrictions: Vec<String>,
}

/// One of your memberships.
#[derive(Serialize, ToSchema)]
pub(crate) struct MyMembership {
    org_id: Uuid,
    org_slug: String,
    org_name: String,
    /// Role keys.
    roles: Vec<String>,
    /// The permissions that the roles grant together.
    permissions: Vec<String>,
    /// The locations that you may file requests for.
    location_ids: Vec<Uuid>,
    /// Whether the roles grant nothing here until two-factor log-in is set up.
    needs_two_factor: bool,
}

/// Reads your account, memberships and permissions
#[utoipa::path(tag = "accounts", extensions(("x-open-to-restricted-sessions" = json!(true))), responses((status = 200, description = "The account, its memberships and permissions.", body = Me)))]
#[get("/me")]
pub(super) async fn get_me(call: Call) -> Reply {
    call.read_account(AccountScope::Own, |ctx, _| Answer::ok(&Me::of(ctx)?)).await
}

impl Me {
    /// The logged-in user, with the rights of this moment.
    pub(super) fn of(ctx: &mut Context<'_, '_, SignedIn>) -> Result<Self, Problem> {
        let user = ctx.caller.user_id();
        let account = ctx.tx.account(user)?.ok_or_else(Problem::internal)?;
        let preferences = ctx.tx.notification_preferences(user)?;
        let memberships = ctx.tx.memberships_of(user, ctx.now)?;
        let memberships = memberships.into_iter().map(|m| MyMembership {
            needs_two_factor: m.lacks_two_factor,
            org_id: m.org.id.0,
            org_slug: m.org.slug.as_str().to_owned(),
            org_name: m.org.name.as_str().to_owned(),
            roles: m.roles,
            permissions: m.permissions.into_iter().map(|p| p.as_str().to_owned()).collect(),
            location_ids: m.locations.into_iter().map(|l| l.0).collect(),
        });
        Ok(Self {
            id: user.0,
            email: account.email.as_str().to_owned(),
            is_address_proved: account.is_address_proved(),
            name: account.name.as_str().to_owned(),
            locale: account.locale,
            time_zone: account.time_zone,
            muted_mails: OptionalMail::among(&preferences.muted),
            quiet_hours: preferences.quiet_hours.map(QuietHoursBody::of),
            digest_time: preferences.digest_time.map(ClockTime::of),
            memberships: memberships.collect(),
            platform_permissions: ctx.caller.platform.iter().map(|p| p.as_str().to_owned()).collect(),
            needs_two_factor: ctx.caller.lacks_two_factor,
            restrictions: ctx.caller.session.restrictions.iter().map(|r| r.as_str().to_owned()).collect(),
        })
    }
}
