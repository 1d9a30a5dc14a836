use actix_web::post;
use application::accounts::account_tasks::{AccountTask, Registration};
use application::clock::now;
use application::invitations::code;
use application::passwords::require_strong;
use application::problem::Problem;
use invitations::InvitationId;
use persistence::{Scope, Tx};
use serde::Deserialize;
use users::{EmailAddress, PersonName, open_agreements};
use utoipa::ToSchema;
use web::call::{Call, Reply};
use web::values::{AgreementVersion, EmailValue, LocaleValue, TimeZoneValue};

use super::accepted::{Accepted, accept};

/// A registration.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"email": "sam@example.org", "name": "Sam Field", "password": "a long and quiet afternoon", "accepted_agreements": []}))]
pub(crate) struct CreateRegistration {
    /// The address of the person; a mail is sent there.
    email: EmailValue,
    /// The person's name. One line; `://`, `www.` and `@` are refused.
    #[schema(min_length = 1, max_length = 120, pattern = "<person_name>")]
    name: String,
    /// At least 12 characters of any kind. Returns 422 `weak_password`, with the reason, if it is too easy to guess.
    #[schema(min_length = 1, max_length = 128)]
    password: String,
    /// The preferred language. Default: the language of the platform.
    locale: Option<LocaleValue>,
    /// The time zone. Default: the time zone of the platform.
    time_zone: Option<TimeZoneValue>,
    /// Every agreement in force, in its version in force (`list_agreements`).
    #[schema(max_items = 50)]
    accepted_agreements: Vec<AgreementVersion>,
    /// The code of an invitation of this address; needed where accounts are made by invitation only. The invitation is
    /// accepted when the address is confirmed.
    #[schema(min_length = 1, max_length = 200)]
    invitation_code: Option<String>,
}

/// Registers an account
///
/// The answer is the same whether the address has an account or not, and comes before the lookup. Only the mail
/// differs: a new address gets a link to confirm it, and the owner of an account is notified of the attempt.
#[utoipa::path(tag = "accounts", security(()), request_body = CreateRegistration, extensions(("x-problem-codes" = json!(["rule_violated", "weak_password"]))),
    responses((status = 202, description = "The request is accepted; a mail follows.", body = Accepted)))]
#[post("/registrations")]
pub(super) async fn create_registration(call: Call<(), (), CreateRegistration>) -> Reply {
    let input = call.input()?;
    let sent = &input.body;
    let email = EmailAddress::parse(&sent.email.0).map_err(|e| Problem::rule("#/email", &e))?;
    let name = PersonName::parse(&sent.name).map_err(|e| Problem::rule("#/name", &e))?;
    let zone = sent.time_zone.as_ref().map(TimeZoneValue::require_existing).transpose()?;
    let (code, invited) = (sent.invitation_code.clone(), email.clone());
    let (in_force, platform, invitation) = call
        .app
        .db
        .read(Scope::PLATFORM, move |tx| {
            let invitation = code.map(|code| invitation_of(tx, &code, &invited)).transpose()?;
            Ok::<_, Problem>((tx.agreements()?, tx.platform_settings()?, invitation))
        })
        .await?;
    if platform.requires_invitation && invitation.is_none() {
        return Err(Problem::rule("#/invitation_code", &"registration requires an invitation").into());
    }
    let accepted: Vec<_> = sent.accepted_agreements.iter().map(|a| a.accepted(now())).collect();
    if let Some(open) = open_agreements(&in_force, &accepted).first() {
        let what = format!("version {} of `{}` must be accepted", open.version, open.key);
        return Err(Problem::rule("#/accepted_agreements", &what).into());
    }
    let words = name.as_str().split_whitespace().chain([email.local_part()]).map(str::to_owned).collect();
    require_strong(&sent.password, words)?;
    let allowed = call.state.limits.count_mail(call.meta.origin.client_address())?;
    let password_hash = call.app.passwords.enter()?.hash(sent.password.clone()).await?;
    let registration = Registration {
        name: name.as_str().to_owned(),
        password_hash,
        locale: sent.locale.as_ref().map_or(&platform.default_locale, |locale| &locale.0).clone(),
        time_zone: zone.unwrap_or(platform.time_zone),
        invitation_id: invitation.map(|id| id.0),
        accepted: in_force.iter().map(|agreement| (agreement.key.clone(), agreement.version)).collect(),
    };
    let client = call.meta.origin.client_address().to_string();
    let request = AccountTask::Register(registration).for_address(email, client);
    accept(&call.app, allowed, request).await
}

/// The invitation of a code, if it was sent to this address. Only a holder of the code learns whether it was.
fn invitation_of(tx: &mut Tx<'_>, code: &str, email: &EmailAddress) -> Result<InvitationId, Problem> {
    let refused = || Problem::rule("#/invitation_code", &"the code does not work for this address");
    let found = code::find(tx, code, now()).map_err(|_| refused())?;
    if found.invitation.email == *email { Ok(found.invitation.id) } else { Err(refused()) }
}
