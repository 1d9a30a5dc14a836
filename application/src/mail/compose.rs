//! A queued mail put into words, if it is still wanted.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use invitations::{InvitationId, InvitationStatus};
use mail::{
    Branding, MailKind, MailSecret, MailSettings, Recipient, Template, WITHHELD, Wanted, locales_to_try,
};
use persistence::{NewMail, Tx};
use serde_json::Value;
use users::Account;

use super::render::{Variables, Written, write};
use super::shipped::shipped;
use super::when::in_words;
use crate::app::App;
use crate::notifications::pending_decisions::may_still_decide;
use crate::problem::Problem;
use crate::{keys, one_time_links as one_time};

/// A mail in words, or why it is left unsent.
pub enum Composed {
    /// Ready to go.
    Ready(Box<Written>),
    /// Its cause is gone.
    Obsolete(&'static str),
    /// It waits until then.
    TooEarly(&'static str, DateTime<Utc>),
    /// It is told together with others then.
    ForDigest(&'static str, DateTime<Utc>),
}

/// Why a mail waits. When somebody sleeps is nobody's business, so the log does not tell one such time from another.
const ITS_TIME: &str = "it waits for the time that its recipient chose";
pub(super) const UNWANTED: &str = "its recipient wants no mails of this kind";

/// After how long it is looked at again whether the cause of a mail counts.
const NEXT_LOOK: TimeDelta = TimeDelta::hours(1);

/// Puts a mail into words, if it is wanted at this moment. Only here does its secret become a link.
pub fn compose(tx: &mut Tx<'_>, app: &App, mail: &NewMail, now: DateTime<Utc>) -> Result<Composed, Problem> {
    if let Some(why) = obsolete(tx, mail, now)? {
        return Ok(Composed::Obsolete(why));
    }
    let setting = Setting::of(tx, mail)?;
    if let Some(user) = mail.user {
        match tx.notification_preferences(user)?.wanted(mail.kind, setting.clock(), now) {
            Wanted::Now => {}
            Wanted::Later(at) => return Ok(Composed::TooEarly(ITS_TIME, at)),
            Wanted::InDigest(at) => return Ok(Composed::ForDigest(ITS_TIME, at)),
            Wanted::Never => return Ok(Composed::Obsolete(UNWANTED)),
        }
    }
    let opening = match mail.secret.map(|secret| secret_of(tx, app, secret, now)).transpose()? {
        None => None,
        Some(Secret::Works(opening)) => Some(opening),
        Some(Secret::Gone(why)) => return Ok(Composed::Obsolete(why)),
        Some(Secret::Waits(why)) => return Ok(Composed::TooEarly(why, now + NEXT_LOOK)),
    };
    Ok(Composed::Ready(Box::new(put_into_words(tx, app, mail, &setting, opening)?)))
}

/// Why a mail is not worth sending, or telling, any more.
pub(super) fn obsolete(
    tx: &mut Tx<'_>,
    mail: &NewMail,
    now: DateTime<Utc>,
) -> Result<Option<&'static str>, Problem> {
    if mail.kind.requires_membership() && !is_still_reachable(tx, mail, now)? {
        return Ok(Some("its recipient can no longer look at what it is about"));
    }
    if mail.kind == MailKind::DecisionPending && !may_still_decide(tx, mail, now)? {
        return Ok(Some("nothing waits for its recipient any more"));
    }
    if is_for_another_mailbox(tx, mail)? {
        return Ok(Some("its organization knows the recipient by another address"));
    }
    let Some(user) = mail.user.filter(|_| mail.kind.is_optional()) else { return Ok(None) };
    let shuns = tx.refusals_at(user, &mail.email)?.is_some_and(|refusals| refusals.is_suppressed(now));
    Ok(shuns.then_some("mail servers go on refusing mail to its address for good"))
}

/// In whose words a mail is written, by whose clock, and what is known of its recipient.
pub(super) struct Setting {
    settings: MailSettings,
    zone: String,
    recipient: Recipient,
}

impl Setting {
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

/// The words of a mail, with what its secret opens.
fn put_into_words(
    tx: &mut Tx<'_>,
    app: &App,
    mail: &NewMail,
    setting: &Setting,
    opening: Option<Opening>,
) -> Result<Written, Problem> {
    let Told { template, variables, locale } = told(tx, app, mail, setting, opening)?;
    let colour = setting.settings.branding.colour.as_str();
    write(&template, &variables, colour, &locale).map_err(|e| {
        log::error!("mail.render kind={} error={e}", mail.kind.as_str());
        Problem::internal()
    })
}

/// What a mail is made of.
pub(super) struct Told {
    pub(super) template: Template,
    pub(super) variables: Variables,
    locale: String,
}

/// The words of a mail and what they are filled in with, without a secret unless it was opened.
pub(super) fn told(
    tx: &mut Tx<'_>,
    app: &App,
    mail: &NewMail,
    Setting { settings, zone, recipient }: &Setting,
    opening: Option<Opening>,
) -> Result<Told, Problem> {
    let (template, locale) = words_for(tx, mail, settings)?;
    let mut variables = variables_of(mail, &app.public_url, zone, &locale);
    withhold(&mut variables, mail, *recipient);
    fill_common(&mut variables, app, &settings.branding);
    if let Some(Opening { link, code, until }) = opening {
        if mail.kind == MailKind::DeletionScheduled {
            variables.insert("cancel_link".to_owned(), link.clone());
        }
        variables.insert("link".to_owned(), link);
        variables.insert("code".to_owned(), code);
        variables.insert("valid_until".to_owned(), in_words(until, zone, &locale));
    }
    for name in mail.kind.variables() {
        variables.entry((*name).to_owned()).or_default();
    }
    Ok(Told { template, variables, locale })
}

/// Whether an organization that knows its member by an address alone would write to another one: a person who moved away
/// from a stranger's address takes no mail to that address along (R18).
fn is_for_another_mailbox(tx: &mut Tx<'_>, mail: &NewMail) -> Result<bool, Problem> {
    let (Some(org), Some(user)) = (mail.org, mail.user) else { return Ok(false) };
    let member = tx.members(org).find(user)?;
    let sent_to = member.and_then(|member| member.membership.introduction).map(|sent| sent.email);
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

/// What the cause told: texts, instants as `{"at": ...}`, told in the language of the words, and pages as `{"path": ...}`.
fn variables_of(mail: &NewMail, public_url: &str, zone: &str, locale: &str) -> Variables {
    let told = mail.variables.as_object().into_iter().flatten();
    let words = |value: &Value| match (value.get("at"), value.get("path")) {
        (Some(at), _) => Some(in_words(at.as_str()?.parse().ok()?, zone, locale)),
        (_, Some(path)) => Some(format!("{public_url}{}", path.as_str()?)),
        _ => value.as_str().map(str::to_owned),
    };
    told.filter_map(|(name, value)| Some((name.clone(), words(value)?))).collect()
}

/// Takes out what a mail must not hold, whatever its template uses: nobody sends their words to a mailbox that may be a
/// stranger's. Who is greeted is then the mailbox itself.
fn withhold(variables: &mut Variables, mail: &NewMail, recipient: Recipient) {
    for (name, text) in variables {
        if mail.kind.may_tell(name, recipient) {
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
        // What the cause tells counts more.
        variables.entry(name.to_owned()).or_insert(text);
    }
}

/// What a secret opens.
pub(super) struct Opening {
    link: String,
    code: String,
    until: DateTime<Utc>,
}

/// What the secret of a mail is worth.
enum Secret {
    /// It is as good as it was.
    Works(Opening),
    /// It opens nothing any more.
    Gone(&'static str),
    /// It opens nothing yet.
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
    let link = one_time::link(&app.public_url, token.purpose, &code);
    Ok(Secret::Works(Opening { link, code, until: token.expires_at }))
}

/// The link of an invitation that still waits.
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
        // It goes out once the inviter counts again.
        InvitationStatus::Suspended => {
            return Ok(Secret::Waits("whoever sent the invitation is shut off"));
        }
        _ => return Ok(Secret::Gone("its invitation waits no more")),
    }
    let secret = keys::Secret::Invitation(invitation.generation);
    let Some(code) = app.keys.code_hashing_to(secret, id.0, &hash) else {
        return Ok(Secret::Gone("the key that its code was made with is gone"));
    };
    let link = format!("{}/invitation#code={code}", app.public_url);
    Ok(Secret::Works(Opening { link, code, until: invitation.valid_until }))
}

/// The words in the first language that has them: the organization's own before those that Steward ships.
fn words_for(
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
