use actix_web::patch;
use application::account_events::account_event;
use serde::Deserialize;
use users::{AccountEventKind, PlatformSettings};
use utoipa::ToSchema;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};
use web::openapi::parameters::IfMatch;
use web::values::{LocaleValue, TimeZoneValue};

use super::body::PlatformBody;
use crate::accounts::two_factor::require_own;

/// Changes of the platform's settings.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"requires_invitation": false}))]
pub(crate) struct UpdatePlatformSettings {
    /// Whether registration requires an invitation. Applies from the next registration on.
    #[schema(nullable = false)]
    requires_invitation: Option<bool>,
    /// The default language.
    #[schema(nullable = false)]
    default_locale: Option<LocaleValue>,
    /// The default time zone.
    #[schema(nullable = false)]
    time_zone: Option<TimeZoneValue>,
    /// Days between scheduling a deletion and the deletion.
    #[schema(minimum = 0, maximum = 90, nullable = false)]
    grace_days: Option<i32>,
    /// Whether holders of platform roles must use two-factor log-in to act. Applies immediately.
    #[schema(nullable = false)]
    requires_two_factor: Option<bool>,
}

/// Changes the settings of the platform
///
/// Changes are recorded in the account history of the caller. Returns 409 if you require two-factor log-in without using it
/// yourself.
#[utoipa::path(tag = "platform", params(IfMatch), request_body(content = UpdatePlatformSettings, content_type = "application/merge-patch+json"),
    extensions(("x-required-permission" = json!("manage_platform")),
        ("x-problem-codes" = json!(["conflict", "rule_violated"]))),
    responses((status = 200, description = "The updated settings.", body = PlatformBody)))]
#[patch("/platform-settings")]
pub(super) async fn update_platform_settings(call: Call<(), (), UpdatePlatformSettings>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let sent = &input.body;
        let before = ctx.tx.platform_settings()?;
        input.meta.require_match(before.version, "all")?;
        if sent.requires_two_factor == Some(true) {
            require_own(ctx.tx, ctx.caller.user_id())?;
        }
        let after = PlatformSettings {
            requires_invitation: sent.requires_invitation.unwrap_or(before.requires_invitation),
            default_locale: sent
                .default_locale
                .as_ref()
                .map_or_else(|| before.default_locale.clone(), |l| l.0.clone()),
            time_zone: TimeZoneValue::or_current(sent.time_zone.as_ref(), &before.time_zone)?,
            grace_days: sent.grace_days.unwrap_or(before.grace_days),
            requires_two_factor: sent.requires_two_factor.unwrap_or(before.requires_two_factor),
            updated_at: ctx.now,
            version: before.version,
        };
        ctx.tx.save_platform_settings(&after, ctx.now)?;
        let event = account_event(AccountEventKind::PlatformChanged, ctx.caller.user_id(), ctx.origin)
            .changed(
                "requires_invitation",
                &before.requires_invitation.to_string(),
                &after.requires_invitation.to_string(),
            )
            .changed(
                "requires_two_factor",
                &before.requires_two_factor.to_string(),
                &after.requires_two_factor.to_string(),
            )
            .changed("default_locale", &before.default_locale, &after.default_locale)
            .changed("time_zone", &before.time_zone, &after.time_zone)
            .changed("grace_days", &before.grace_days.to_string(), &after.grace_days.to_string());
        ctx.tx.record_account(&event)?;
        let version = before.version + 1;
        Ok(Answer::ok(&PlatformBody::from(&after))?.tagged(version, "all"))
    })
    .await
}
