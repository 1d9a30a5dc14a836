use application::accounts::corrections::Correction;
use application::problem::Problem;
use serde::Deserialize;
use users::{EmailAddress, PersonName};
use utoipa::ToSchema;
use web::values::{EmailValue, LocaleValue, TimeZoneValue};

/// A correction of an account by staff.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"name": "Sam Field", "reason": "Misspelt in the invitation."}))]
pub(crate) struct CorrectAccount {
    /// The person's name. One line; `://`, `www.` and `@` are refused.
    #[schema(min_length = 1, max_length = 120, pattern = "<person_name>", nullable = false)]
    name: Option<String>,
    /// The person's address. It takes effect when the person, logged in, uses the mailed link; the address until
    /// then is notified at once, and again when it changes. Needs the permission to set temporary passwords as well. For an
    /// account that is not confirmed yet it takes effect immediately, unproved, and the link is mailed there.
    #[schema(nullable = false)]
    email: Option<EmailValue>,
    /// The preferred language.
    #[schema(nullable = false)]
    locale: Option<LocaleValue>,
    /// The time zone of times in mail.
    #[schema(nullable = false)]
    time_zone: Option<TimeZoneValue>,
    /// Why, for readers of the history.
    #[schema(min_length = 1, max_length = 500, pattern = "<lines>")]
    reason: String,
}

impl CorrectAccount {
    /// The correction, if name, address and time zone are valid.
    pub(crate) fn correction(&self) -> Result<Correction, Problem> {
        let name = self.name.as_deref().map(PersonName::parse).transpose();
        let name = name.map_err(|e| Problem::rule("#/name", &e))?;
        let time_zone = self.time_zone.as_ref().map(TimeZoneValue::require_existing).transpose()?;
        let email = self.email.as_ref().map(|sent| EmailAddress::parse(&sent.0)).transpose();
        Ok(Correction {
            name,
            email: email.map_err(|e| Problem::rule("#/email", &e))?,
            locale: self.locale.as_ref().map(|sent| sent.0.clone()),
            time_zone,
            reason: self.reason.clone(),
        })
    }
}
