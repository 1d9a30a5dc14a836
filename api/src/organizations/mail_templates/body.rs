use application::clock::instant;
use application::context::Context;
use application::mail::shipped::shipped;
use application::problem::Problem;
use mail::{Branding, MailKind, MailSettings, Template, TemplateOverride};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use web::answer::content_digest;

/// All readers of mail templates get the same representation.
pub(super) const AUDIENCE: &str = "all";

/// A digest of the platform's defaults, which apply until the settings are first changed, and change independently of
/// them.
pub(super) fn audience_of(settings: &MailSettings) -> String {
    let MailSettings { default_locale, time_zone, branding, .. } = settings;
    content_digest(&format!("{default_locale}|{time_zone}|{}|{}", branding.name, branding.signature))
}

/// Path parameters of a mail template.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct MailTemplatePath {
    /// The organization.
    #[expect(dead_code, reason = "read from the request itself")]
    org_id: Uuid,
    /// What the mail is about, as `list_mail_templates` names it.
    #[param(min_length = 1, max_length = 63, pattern = "^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
    kind: String,
    /// The language, a BCP 47 tag such as `en` or `es-MX`.
    #[param(min_length = 2, max_length = 35, pattern = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
    pub(super) locale: String,
}

impl MailTemplatePath {
    /// The kind. Returns 404 if it does not exist.
    pub(super) fn kind(&self) -> Result<MailKind, Problem> {
        MailKind::parse(&self.kind).ok_or_else(Problem::not_found)
    }
}

/// How an organization's mail is written.
#[derive(Serialize, ToSchema)]
#[schema(as = MailSettings, example = json!({"default_locale": "en", "time_zone": "America/Chicago", "brand_name": "Sunrise Therapy", "brand_colour": "#1f5f8b",
    "signature": "Your Sunrise team", "contact_address": "help@sunrise.example", "updated_at": "2026-03-02T09:15:00.000000Z"}))]
pub(crate) struct MailSettingsBody {
    /// The language for people without one that has templates. Until these settings are first changed, that of the platform.
    default_locale: String,
    /// The time zone for people who have set none. Until these settings are first changed, that of the platform.
    time_zone: String,
    /// The name at the top; that of the organization until it is changed.
    brand_name: String,
    /// The colour of buttons, `#rrggbb`.
    brand_colour: String,
    /// The last paragraph.
    signature: String,
    /// Where people write to when something is wrong.
    contact_address: Option<String>,
    /// When it last changed; null: never.
    #[schema(value_type = Option<DateTime<Utc>>)]
    updated_at: Option<String>,
}

impl From<&MailSettings> for MailSettingsBody {
    fn from(settings: &MailSettings) -> Self {
        let Branding { name, colour, signature, contact_address } = settings.branding.clone();
        Self {
            default_locale: settings.default_locale.clone(),
            time_zone: settings.time_zone.clone(),
            brand_name: name,
            brand_colour: colour.as_str().to_owned(),
            signature,
            contact_address,
            updated_at: settings.updated_at.map(instant),
        }
    }
}

/// The template of one kind of mail in one language.
#[derive(Serialize, ToSchema)]
#[schema(as = MailTemplate, example = json!({"kind": "reset_password", "locale": "en", "subject": "Choose a new password", "text": "Hello {{ recipient_name }},\n\n{{ link }}\n\n{{ signature }}",
    "variables": ["recipient_name", "brand_name", "signature", "contact_address", "link", "valid_until"], "is_own": true, "is_outdated": false, "updated_at": "2026-03-02T09:15:00.000000Z"}))]
pub(crate) struct MailTemplateBody {
    /// What the mail is about. More kinds may come.
    kind: String,
    /// Its language.
    locale: String,
    /// Its subject.
    subject: String,
    /// Its text. In HTML, a paragraph that contains only a link becomes a button.
    text: String,
    /// What the words may use, as `{{ name }}`.
    variables: Vec<String>,
    /// Whether the organization wrote it; otherwise it ships with Steward.
    is_own: bool,
    /// Whether another language's words were changed later.
    is_outdated: bool,
    /// When the organization last changed it; null: it ships with Steward.
    #[schema(value_type = Option<DateTime<Utc>>)]
    updated_at: Option<String>,
}

/// A template: the organization's own, or the one that ships with Steward.
pub(super) enum Words {
    Own(TemplateOverride),
    Shipped(MailKind, String, Template),
}

impl Words {
    pub(super) fn kind(&self) -> MailKind {
        match self {
            Self::Own(own) => own.kind,
            Self::Shipped(kind, ..) => *kind,
        }
    }

    pub(super) fn locale(&self) -> &str {
        match self {
            Self::Own(own) => &own.locale,
            Self::Shipped(_, locale, _) => locale,
        }
    }

    pub(super) fn template(&self) -> &Template {
        match self {
            Self::Own(own) => &own.template,
            Self::Shipped(_, _, template) => template,
        }
    }

    /// The version of the organization's template. 0 for a template that ships with Steward.
    pub(super) fn version(&self) -> i64 {
        match self {
            Self::Own(own) => own.version,
            Self::Shipped(..) => 0,
        }
    }
}

impl From<&Words> for MailTemplateBody {
    fn from(words: &Words) -> Self {
        let own = match words {
            Words::Own(own) => Some(own),
            Words::Shipped(..) => None,
        };
        let Template { subject, text } = words.template().clone();
        let variables = words.kind().usable_variables();
        Self {
            kind: words.kind().as_str().to_owned(),
            locale: words.locale().to_owned(),
            subject,
            text,
            variables: variables.map(str::to_owned).collect(),
            is_own: own.is_some(),
            is_outdated: own.is_some_and(|own| own.is_outdated),
            updated_at: own.map(|own| instant(own.updated_at)),
        }
    }
}

/// The template of a kind in exactly this language, if any.
pub(super) fn mail_wording(
    ctx: &mut Context<'_, '_>,
    kind: MailKind,
    locale: &str,
) -> Result<Option<Words>, Problem> {
    let own = ctx.tx.mail_of(ctx.caller.org_id).template(kind, &[locale])?;
    Ok(match own {
        Some(own) => Some(Words::Own(own)),
        None => shipped(kind, locale).map(|words| Words::Shipped(kind, locale.to_owned(), words)),
    })
}
