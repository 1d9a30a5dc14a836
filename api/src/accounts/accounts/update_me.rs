use std::collections::BTreeSet;

use actix_web::patch;
use application::account_events::account_event;
use application::accounts::corrections::propagate_account_changes;
use application::problem::Problem;
use mail::NotificationPreferences;
use serde::Deserialize;
use users::{Account, AccountEventKind, PersonName};
use utoipa::ToSchema;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};
use web::values::{LocaleValue, TimeZoneValue, clearable};

use super::get_me::Me;
use super::optional_mail::{ClockTime, OptionalMail, SetQuietHours, in_history};

/// Changes of your account.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"locale": "es", "time_zone": "America/Chicago", "quiet_hours": {"from": "00:00", "until": "07:30"}, "digest_time": null}))]
pub(crate) struct UpdateMe {
    /// The person's name. One line; `://`, `www.` and `@` are refused.
    #[schema(min_length = 1, max_length = 120, pattern = "<person_name>", nullable = false)]
    name: Option<String>,
    /// The preferred language.
    #[schema(nullable = false)]
    locale: Option<LocaleValue>,
    /// The time zone for times in mail and for its delivery. While it is `UTC`, that of the organization that sends the mail
    /// applies; set `Etc/UTC` to get UTC.
    #[schema(nullable = false)]
    time_zone: Option<TimeZoneValue>,
    /// All kinds of mail to mute. Kinds that are not listed are sent again.
    #[schema(max_items = 4, nullable = false)]
    muted_mails: Option<BTreeSet<OptionalMail>>,
    /// The hours in which no optional mail is sent, replaced as a whole. Null: none.
    #[serde(default, deserialize_with = "clearable")]
    quiet_hours: Option<Option<SetQuietHours>>,
    /// The time of the daily digest, one mail per organization. Null: no digest, each mail is sent by itself.
    #[serde(default, deserialize_with = "clearable")]
    digest_time: Option<Option<ClockTime>>,
}

impl UpdateMe {
    /// The notification preferences after the change.
    fn preferences(&self, before: &NotificationPreferences) -> Result<NotificationPreferences, Problem> {
        let mut after = before.clone();
        if let Some(muted) = &self.muted_mails {
            after.muted = OptionalMail::kinds(muted);
        }
        if let Some(hours) = &self.quiet_hours {
            after.quiet_hours = hours.as_ref().map(SetQuietHours::hours).transpose()?;
        }
        if let Some(at) = &self.digest_time {
            after.digest_time = at.as_ref().map(ClockTime::time).transpose()?;
        }
        Ok(after)
    }
}

/// Changes your name, language, time zone or notification preferences
///
/// Optional mail is sent by your local time: never in quiet hours, which may end on the next day, or, whatever the hours,
/// once a day at `digest_time`. A change also applies to deferred mail. Quiet hours that end when they begin are refused.
#[utoipa::path(tag = "accounts", request_body(content = UpdateMe, content_type = "application/merge-patch+json"),
    extensions(("x-problem-codes" = json!(["rule_violated"]))),
    responses((status = 200, description = "The updated account.", body = Me)))]
#[patch("/me")]
pub(super) async fn update_me(call: Call<(), (), UpdateMe>) -> Reply {
    call.write_account(AccountScope::Own, |ctx, input| {
        let sent = &input.body;
        let before = ctx.tx.account(ctx.caller.user_id())?.ok_or_else(Problem::internal)?;
        let name = sent.name.as_deref().map(PersonName::parse).transpose();
        let name = name.map_err(|e| Problem::rule("#/name", &e))?.unwrap_or_else(|| before.name.clone());
        let after = Account {
            name,
            locale: sent.locale.as_ref().map_or_else(|| before.locale.clone(), |l| l.0.clone()),
            time_zone: TimeZoneValue::or_current(sent.time_zone.as_ref(), &before.time_zone)?,
            updated_at: ctx.now,
            ..before.clone()
        };
        let mut event = account_event(AccountEventKind::ProfileChanged, after.id, ctx.origin)
            .changed("name", before.name.as_str(), after.name.as_str())
            .changed("locale", &before.locale, &after.locale)
            .changed("time_zone", &before.time_zone, &after.time_zone);
        let current = ctx.tx.notification_preferences(after.id)?;
        let preferences = sent.preferences(&current)?;
        for ((field, from), (_, to)) in in_history(&current).into_iter().zip(in_history(&preferences)) {
            event = event.changed(field, &from, &to);
        }
        if event.changes.is_empty() {
            return Answer::ok(&Me::of(ctx)?);
        }
        ctx.tx.save_account(&after)?;
        if preferences != current {
            ctx.tx.save_notification_preferences(after.id, &preferences)?;
            ctx.tx.reschedule_queued_mails(&after, ctx.now)?;
        }
        ctx.tx.record_account(&event)?;
        propagate_account_changes(ctx.tx, &before, &after)?;
        Answer::ok(&Me::of(ctx)?)
    })
    .await
}
