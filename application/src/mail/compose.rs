//! Composes a queued mail, unless it is obsolete.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use invitations::{InvitationId, InvitationStatus};
use mail::{
    Branding, DeliveryTiming, MailKind, MailSecret, MailSettings, Recipient, Template, WITHHELD,
    locales_to_try,
};
use persistence::{NewMail, Tx};
use serde_json::Value;
use users::Account;

use super::render::{RenderedMail, Variables, write};
use super::shipped::shipped;
use super::when::format_instant;
use crate::app::App;
use crate::notifications::pending_decisions::may_still_decide;
use crate::problem::Problem;
use crate::{keys, one_time_links};

/// A composed mail, or why it is not sent now.
pub enum Composed {
    /// Ready to send.
    Ready(Box<RenderedMail>),
    /// The reason for the mail no longer applies.
    Obsolete(&'static str),
    /// Deferred until this time.
    TooEarly(&'static str, DateTime<Utc>),
    /// Part of the digest at this time.
    ForDigest(&'static str, DateTime<Utc>),
}

/// The log text for deferred mails. It does not distinguish quiet hours from other preferences, since a person's
/// sleeping hours are private.
const DEFERRED: &str = "it is deferred to a time that its recipient chose";
pub(super) const MUTED: &str = "its recipient has muted mails of this kind";

/// The interval at which the secret of a deferred mail is checked again.
const SECRET_CHECK_INTERVAL: TimeDelta = TimeDelta::hours(1);

/// Composes a mail if it is wanted at this moment. Only here does its secret become a link.
pub fn compose(tx: &mut Tx<'_>, app: &App, mail: &NewMail, now: DateTime<Utc>) -> Result<Composed, Problem> {
    if let Some(why) = obsolete(tx, mail, now)? {
        return Ok(Composed::Obsolete(why));
    }
    let setting = MailContext::of(tx, mail)?;
    if let Some(user) = mail.user {
        match tx.notification_preferences(user)?.wanted(mail.kind, setting.clock(), now) {
            DeliveryTiming::Now => {}
            DeliveryTiming::Later(at) => return Ok(Composed::TooEarly(DEFERRED, at)),
            DeliveryTiming::InDigest(at) => return Ok(Composed::ForDigest(DEFERRED, at)),
            DeliveryTiming::Never => return Ok(Composed::Obsolete(MUTED)),
        }
    }
    let opening = match mail.secret.map(|secret| secret_of(tx, app, secret, now)).transpose()? {
        None => None,
        Some(Secret::Works(opening)) => Some(opening),
        Some(Secret::Gone(why)) => return Ok(Composed::Obsolete(why)),
        Some(Secret::Waits(why)) => return Ok(Composed::TooEarly(why, now + SECRET_CHECK_INTERVAL)),
    };
    Ok(Composed::Ready(Box::new(render_mail(tx, app, mail, &setting, opening)?)))
}

/// Why a mail is no longer worth sending or listing in a digest.
pub(super) fn obsolete(
    tx: &mut Tx<'_>,
    mail: &NewMail,
    now: DateTime<Utc>,
) -> Result<Option<&'static str>, Problem> {
    if mail.kind.requires_membership() && !is_still_reachable(tx, mail, now)? {
        return Ok(Some("its recipient no longer has access"));
    }
    if mail.kind == MailKind::DecisionPending && !may_still_decide(tx, mail, now)? {
        return Ok(Some("no decision is pending for its recipient"));
    }
    if is_for_another_mailbox(tx, mail)? {
        return Ok(Some("its organization knows the recipient by another address"));
    }
    let Some(user) = mail.user.filter(|_| mail.kind.is_optional()) else { return Ok(None) };
    let suppressed = tx.refusals_at(user, &mail.email)?.is_some_and(|refusals| refusals.is_suppressed(now));
    Ok(suppressed.then_some("mail servers keep refusing mail to its address"))
}

/// The sender's templates, the time zone for instants, and what is known about the recipient.
pub(super) struct MailContext {
    settings: MailSettings,
    zone: String,
    recipient: Recipient,
}

impl MailContext {
    pub(super) fn of(tx: &mut Tx<'_>, mail: &NewMail) -> Result<Self, Problem> {
        let settings = match mail.org {
            Some(org) => tx.mail_of(org).settings()?,
            None => {
                let platform = tx.platform_settings()?;
                MailSettings::of("Steward", platform.default_locale, platform.time_zone)
            }
        };
        let account = mail.user.map(|user| tx.account(user)).transpose()?.flatten();
        let recipient = Recipient {
            is_address_proved: account.as_ref().is_some_and(Account::is_address_proved),
            is_named_by_staff: account.as_ref().is_some_and(Account::is_named_by_staff),
        };
        let own = account.map(|account| account.time_zone).filter(|zone| zone != "UTC");
        Ok(Self { zone: own.unwrap_or_else(|| settings.time_zone.clone()), settings, recipient })
    }

    pub(super) fn clock(&self) -> Tz {
        self.zone.parse().unwrap_or(Tz::UTC)
    }
}

/// Renders a mail, with the link of its secret.
fn render_mail(
    tx: &mut Tx<'_>,
    app: &App,
    mail: &NewMail,
    setting: &MailContext,
    opening: Option<SecretLink>,
) -> Result<RenderedMail, Problem> {
    let MailInputs { template, variables, locale } = told(tx, app, mail, setting, opening)?;
    let colour = setting.settings.branding.colour.as_str();
    write(&template, &variables, colour, &locale).map_err(|e| {
        log::error!("mail.render kind={} error={e}", mail.kind.as_str());
        Problem::internal()
    })
}

/// The inputs of a mail.
pub(super) struct MailInputs {
    pub(super) template: Template,
    pub(super) variables: Variables,
    locale: String,
}

/// The template of a mail and its variables. Without a secret unless one was opened.
pub(super) fn told(
    tx: &mut Tx<'_>,
    app: &App,
    mail: &NewMail,
    MailContext { settings, zone, recipient }: &MailContext,
    opening: Option<SecretLink>,
) -> Result<MailInputs, Problem> {
    let (template, locale) = find_template(tx, mail, settings)?;
    let mut variables = variables_of(mail, &app.public_url, zone, &locale);
    redact_untrusted_words(&mut variables, mail, *recipient);
    fill_common(&mut variables, app, &settings.branding);
    if let Some(SecretLink { link, code, until }) = opening {
        if mail.kind == MailKind::DeletionScheduled {
            variables.insert("cancel_link".to_owned(), link.clone());
        }
        variables.insert("link".to_owned(), link);
        variables.insert("code".to_owned(), code);
        variables.insert("valid_until".to_owned(), format_instant(until, zone, &locale));
    }
    for name in mail.kind.variables() {
        variables.entry((*name).to_owned()).or_default();
    }
    Ok(MailInputs { template, variables, locale })
}

/// Whether an organization that knows its member only by an address would write to a different one. When the person
/// changes that address, mails for it are not sent to the new one (R18).
fn is_for_another_mailbox(tx: &mut Tx<'_>, mail: &NewMail) -> Result<bool, Problem> {
    let (Some(org), Some(user)) = (mail.org, mail.user) else { return Ok(false) };
    let member = tx.members(org).find(user)?;
    let sent_to = member.and_then(|member| member.membership.unclaimed_identity).map(|sent| sent.email);
    Ok(sent_to.is_some_and(|email| email != mail.email))
}

fn is_still_reachable(tx: &mut Tx<'_>, mail: &NewMail, now: DateTime<Utc>) -> Result<bool, Problem> {
    let Some(user) = mail.user else { return Ok(false) };
    let account = match mail.org {
        Some(org) => tx.members(org).reachable(user)?,
        None => tx.account(user)?,
    };
    Ok(account.is_some_and(|account| account.as_of(now).may_log_in() && account.email == mail.email))
}

/// The variables of the event: texts, instants as `{"at": ...}` rendered in the template's language, and pages as
/// `{"path": ...}`.
fn variables_of(mail: &NewMail, public_url: &str, zone: &str, locale: &str) -> Variables {
    let told = mail.variables.as_object().into_iter().flatten();
    let words = |value: &Value| match (value.get("at"), value.get("path")) {
        (Some(at), _) => Some(format_instant(at.as_str()?.parse().ok()?, zone, locale)),
        (_, Some(path)) => Some(format!("{public_url}{}", path.as_str()?)),
        _ => value.as_str().map(str::to_owned),
    };
    told.filter_map(|(name, value)| Some((name.clone(), words(value)?))).collect()
}

/// Removes people's own words from mails to addresses that may be a stranger's, whatever the template uses. The
/// greeting then contains the address instead of the name.
fn redact_untrusted_words(variables: &mut Variables, mail: &NewMail, recipient: Recipient) {
    for (name, text) in variables {
        if mail.kind.may_contain(name, recipient) {
            continue;
        }
        *text = match name.as_str() {
            "recipient_name" => mail.email.as_str().to_owned(),
            _ => WITHHELD.to_owned(),
        };
    }
}

fn fill_common(variables: &mut Variables, app: &App, branding: &Branding) {
    let url = &app.public_url;
    let contact = branding.contact_address.clone().unwrap_or_default();
    for (name, text) in [
        ("brand_name", branding.name.clone()),
        ("signature", branding.signature.clone()),
        ("contact_address", contact),
        ("org_name", branding.name.clone()),
        ("login_link", format!("{url}/log-in")),
        ("reset_link", format!("{url}/forgot-password")),
        ("docs_link", format!("{url}/docs/")),
        ("cancel_link", format!("{url}/account")),
    ] {
        // Variables of the event take precedence.
        variables.entry(name.to_owned()).or_insert(text);
    }
}

/// The link, code and expiry of a secret.
pub(super) struct SecretLink {
    link: String,
    code: String,
    until: DateTime<Utc>,
}

/// The current state of a mail's secret.
enum Secret {
    /// The secret works.
    Works(SecretLink),
    /// The secret no longer works.
    Gone(&'static str),
    /// The secret does not work yet.
    Waits(&'static str),
}

fn secret_of(tx: &mut Tx<'_>, app: &App, secret: MailSecret, now: DateTime<Utc>) -> Result<Secret, Problem> {
    let id = match secret {
        MailSecret::OneTimeToken(id) => id,
        MailSecret::Invitation(id) => return invitation_link(tx, app, InvitationId(id), now),
    };
    let Some((token, hash)) = tx.one_time_token_by_id(id)? else {
        return Ok(Secret::Gone("its link was replaced by a newer one"));
    };
    if token.redeem(now).is_err() {
        return Ok(Secret::Gone("its link was used or has expired"));
    }
    let Some(code) = app.keys.code_hashing_to(keys::Secret::OneTimeToken, id, &hash) else {
        return Ok(Secret::Gone("the key that its link was made with is gone"));
    };
    let link = one_time_links::link(&app.public_url, token.purpose, &code);
    Ok(Secret::Works(SecretLink { link, code, until: token.expires_at }))
}

/// The link of a pending invitation.
fn invitation_link(
    tx: &mut Tx<'_>,
    app: &App,
    id: InvitationId,
    now: DateTime<Utc>,
) -> Result<Secret, Problem> {
    let Some((found, hash)) = tx.invitation_and_hash(id)? else {
        return Ok(Secret::Gone("its invitation is gone"));
    };
    let invitation = &found.invitation;
    match invitation.status(found.inviter_is_active, now) {
        InvitationStatus::Pending => {}
        // Sent when the inviter is active again.
        InvitationStatus::Suspended => {
            return Ok(Secret::Waits("the inviter is suspended"));
        }
        _ => return Ok(Secret::Gone("its invitation is no longer pending")),
    }
    let secret = keys::Secret::Invitation(invitation.generation);
    let Some(code) = app.keys.code_hashing_to(secret, id.0, &hash) else {
        return Ok(Secret::Gone("the key that its code was made with is gone"));
    };
    let link = format!("{}/invitation#code={code}", app.public_url);
    Ok(Secret::Works(SecretLink { link, code, until: invitation.valid_until }))
}

/// The template in the first locale that has one. The organization's own templates take precedence over those that
/// Steward ships.
fn find_template(
    tx: &mut Tx<'_>,
    mail: &NewMail,
    settings: &MailSettings,
) -> Result<(Template, String), Problem> {
    let locales = locales_to_try(&mail.locale, &settings.default_locale);
    let own = match mail.org.filter(|_| mail.kind.may_be_reworded()) {
        Some(org) => tx.mail_of(org).template(mail.kind, &locales)?,
        None => None,
    };
    for locale in locales {
        if let Some(own) = own.as_ref().filter(|own| own.locale == locale) {
            return Ok((own.template.clone(), locale.to_owned()));
        }
        if let Some(template) = shipped(mail.kind, locale) {
            return Ok((template, locale.to_owned()));
        }
    }
    Err(Problem::internal())
}
