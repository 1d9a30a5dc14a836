use actix_web::patch;
use application::problem::Problem;
use mail::{Branding, Colour, MailSettings, settings_changed};
use orgs::Name;
use serde::Deserialize;
use users::EmailAddress;
use utoipa::ToSchema;
use web::answer::Answer;
use web::call::{Call, Reply};
use web::openapi::parameters::IfMatch;
use web::values::{EmailValue, LocaleValue, TimeZoneValue, clearable};

use super::body::{MailSettingsBody, audience_of};
use crate::organizations::orgs::OrgPath;

/// Changes of the mail settings.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"brand_colour": "#7a3b1d", "contact_address": "help@sunrise.example"}))]
pub(crate) struct UpdateMailSettings {
    /// The language for people without one that has templates.
    #[schema(nullable = false)]
    default_locale: Option<LocaleValue>,
    /// The time zone for people who have set none.
    #[schema(nullable = false)]
    time_zone: Option<TimeZoneValue>,
    /// The name at the top. One line; `://` is refused.
    #[schema(min_length = 1, max_length = 120, pattern = "<name>", nullable = false)]
    brand_name: Option<String>,
    /// The colour of buttons, `#rrggbb`.
    #[schema(pattern = "^#[0-9a-f]{6}$", max_length = 7, nullable = false)]
    brand_colour: Option<String>,
    /// The last paragraph.
    #[schema(min_length = 1, max_length = 500, pattern = "<lines>", nullable = false)]
    signature: Option<String>,
    /// The contact address shown in mail. Null: none.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<EmailValue>)]
    contact_address: Option<Option<EmailValue>>,
}

/// Changes an organization's mail settings
///
/// It applies to all mail sent from now on, including queued mail.
#[utoipa::path(tag = "mail_templates", params(OrgPath, IfMatch), request_body(content = UpdateMailSettings, content_type = "application/merge-patch+json"),
    extensions(("x-required-permission" = json!("manage_mail")),
        ("x-problem-codes" = json!(["rule_violated"]))),
    responses((status = 200, description = "The updated settings.", body = MailSettingsBody)))]
#[patch("/orgs/{org_id}/mail-settings")]
pub(super) async fn update_mail_settings(call: Call<OrgPath, (), UpdateMailSettings>) -> Reply {
    call.write(|ctx, input| {
        let org = ctx.caller.org_id;
        let before = ctx.tx.mail_of(org).settings()?;
        input.meta.require_match(before.version, &audience_of(&before))?;
        let after = input.body.applied_to(&before)?;
        ctx.tx.mail_of(org).save_settings(&after, ctx.now)?;
        ctx.record(settings_changed(org, &before, &after));
        let now = MailSettings { version: before.version + 1, updated_at: Some(ctx.now), ..after };
        let audience = audience_of(&now);
        Ok(Answer::ok(&MailSettingsBody::from(&now))?.tagged(now.version, &audience))
    })
    .await
}

impl UpdateMailSettings {
    fn applied_to(&self, before: &MailSettings) -> Result<MailSettings, Problem> {
        let contact = match &self.contact_address {
            Some(Some(sent)) => {
                let address =
                    EmailAddress::parse(&sent.0).map_err(|e| Problem::rule("#/contact_address", &e))?;
                Some(address.as_str().to_owned())
            }
            Some(None) => None,
            None => before.branding.contact_address.clone(),
        };
        let name = self.brand_name.as_deref().map(Name::parse).transpose();
        let name = name.map_err(|e| Problem::rule("#/brand_name", &e))?;
        let colour = self.brand_colour.as_deref().and_then(Colour::parse);
        let branding = Branding {
            name: name.map_or_else(|| before.branding.name.clone(), |name| name.as_str().to_owned()),
            colour: colour.unwrap_or_else(|| before.branding.colour.clone()),
            signature: self.signature.clone().unwrap_or_else(|| before.branding.signature.clone()),
            contact_address: contact,
        };
        Ok(MailSettings {
            default_locale: self
                .default_locale
                .as_ref()
                .map_or_else(|| before.default_locale.clone(), |l| l.0.clone()),
            time_zone: TimeZoneValue::or_current(self.time_zone.as_ref(), &before.time_zone)?,
            branding,
            ..before.clone()
        })
    }
}
