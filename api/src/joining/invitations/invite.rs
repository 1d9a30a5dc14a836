//! Sending invitations, to an organization or to the platform.

use std::collections::BTreeMap;

use application::account_events::account_event;
use application::context::{Context, SignedIn, new_id};
use application::invitations::mails::queue_mail;
use application::keys::{Secret, hash_of};
use application::mail::shipped::shipped;
use application::problem::{Fault, Problem};
use application::problem_codes::Code;
use invitations::{Invitation, InvitationId, NewInvitation, Offer, require_pause};
use mail::MailKind;
use orgs::{Event, EventKind, EventSubject, OrgId};
use persistence::{InvitedBy, StoreError};
use roles::{PlatformRole, require_may_join};
use users::{AccountEventKind, EmailAddress, UserId};
use uuid::Uuid;
use web::answer::Answer;
use web::values::RoleKeyValue;

use super::body::{EmailAndTerms, InvitationBody, InvitationTerms, audience};
use crate::people::members::{find_locations, role_keys};

fn known(detail: &str, pointer: &str) -> Problem {
    Problem::new(Code::AlreadyExists, detail).with_errors(vec![Fault::at(pointer, "already_exists", detail)])
}

/// The invitation. Returns 404 if it does not exist.
pub(super) fn find_invitation<W>(
    ctx: &mut Context<'_, '_, W>,
    org: Option<OrgId>,
    id: Uuid,
) -> Result<InvitedBy, Problem> {
    ctx.tx.invitation(org, InvitationId(id))?.ok_or_else(Problem::not_found)
}

/// The current state of the invitation.
pub(super) fn show_invitation<W>(
    ctx: &mut Context<'_, '_, W>,
    org: Option<OrgId>,
    id: InvitationId,
) -> Result<Answer, Problem> {
    let found = find_invitation(ctx, org, id.0)?;
    let tag = audience(&found, ctx.now);
    Ok(Answer::ok(&InvitationBody::of(&found, ctx.now))?.tagged(found.invitation.version, &tag))
}

/// Creates an invitation to one address; its mail is the caller's to queue. Fails if the address has an open one.
pub(super) fn invite<W>(
    ctx: &mut Context<'_, '_, W>,
    offer: Offer,
    sent: &EmailAndTerms<'_>,
    by: UserId,
    batch: Option<Uuid>,
) -> Result<Invitation, Problem> {
    let email = EmailAddress::parse(sent.email).map_err(|e| Problem::rule(sent.pointer, &e))?;
    let org = match &offer {
        Offer::Platform(_) => None,
        Offer::Membership { org, .. } => Some(*org),
    };
    // With the lock, a concurrent join is either visible here, or finds the invitation.
    org.map_or(Ok(()), |org| ctx.tx.members(org).lock_memberships())?;
    if ctx.tx.open_invitation(org, &email, ctx.now)?.is_some() {
        return Err(known("This address has an open invitation already.", sent.pointer));
    }
    require_not_joined(ctx, org, &offer, &email, sent.pointer)?;
    require_mail_cooldown(ctx, &email, by)?;
    let extra = extra_of(sent.terms)?;
    let new = NewInvitation {
        email,
        offer,
        locale: sent.locale.to_owned(),
        valid_from: sent.terms.valid_from,
        valid_until: sent.terms.valid_until,
        greeting: sent.terms.greeting.clone(),
        purpose: sent.terms.purpose.clone(),
        extra,
    };
    let invitation = Invitation::new(InvitationId(new_id()), new, by, batch, ctx.now)?;
    let hash = hash_of_code(ctx, &invitation)?;
    ctx.tx.add_invitation(&invitation, &hash, ctx.now).map_err(|e| match e {
        // A concurrent transaction invited the same address; the next run finds it.
        StoreError::Unique(_) => StoreError::RunAgain,
        other => other,
    })?;
    record_invitation_event(ctx, &invitation, InvitationAct::Created, by)?;
    Ok(invitation)
}

/// Records who is responsible for the invitations that `by` has just created (S001-30).
pub(super) fn save_senders<W>(
    ctx: &mut Context<'_, '_, W>,
    ids: &[InvitationId],
    by: UserId,
) -> Result<(), Problem> {
    let through = ctx.tx.responsible_for(by, ctx.now)?;
    Ok(ctx.tx.save_senders(ids, &through)?)
}

/// Requires that this inviter has not mailed the address within the cooldown, and records that they do so now.
/// Independent of whether an earlier invitation was revoked or deleted.
pub(super) fn require_mail_cooldown<W>(
    ctx: &mut Context<'_, '_, W>,
    email: &EmailAddress,
    by: UserId,
) -> Result<(), Problem> {
    let key = hash_of(&format!("invitation by {} to {}", by.0, email.as_str()));
    let before = ctx.tx.mailed_at(&key)?;
    require_pause(before, ctx.now)?;
    Ok(ctx.tx.save_mailed_at(&key, before, ctx.now)?)
}

/// Refuses to invite members, and accounts to which the offer adds nothing. Guests can be invited to become members.
fn require_not_joined<W>(
    ctx: &mut Context<'_, '_, W>,
    org: Option<OrgId>,
    offer: &Offer,
    email: &EmailAddress,
    pointer: &str,
) -> Result<(), Problem> {
    match org {
        // Only members are looked up, so that the response time does not reveal other accounts.
        Some(org) => {
            let member = ctx.tx.members(org).find_by_email(email)?;
            require_may_join(member.map(|member| member.membership).as_ref())
                .map_err(|_| known("The owner of this address is a member already.", pointer))
        }
        None if *offer == Offer::Platform(None) && ctx.tx.account_by_email(email)?.is_some() => {
            Err(known("There is an account with this address.", pointer))
        }
        None => Ok(()),
    }
}

pub(super) fn locale_for<W>(
    ctx: &mut Context<'_, '_, W>,
    org: Option<OrgId>,
    terms: &InvitationTerms,
) -> Result<String, Problem> {
    let default = match org {
        Some(org) => ctx.tx.mail_of(org).settings()?.default_locale,
        None => ctx.tx.platform_settings()?.default_locale,
    };
    let Some(wanted) = &terms.locale else { return Ok(default) };
    let own = match org {
        Some(org) => ctx.tx.mail_of(org).template(MailKind::Invitation, &[&wanted.0])?,
        None => None,
    };
    let language = wanted.0.split('-').next().unwrap_or_default();
    if own.is_some() || shipped(MailKind::Invitation, language).is_some() {
        Ok(wanted.0.clone())
    } else {
        Err(Problem::rule("#/locale", &"there is no invitation template in this language"))
    }
}

/// The hash of the current code of the invitation.
pub(super) fn hash_of_code<W>(ctx: &Context<'_, '_, W>, invitation: &Invitation) -> Result<String, Problem> {
    let secret = Secret::Invitation(invitation.generation);
    Ok(hash_of(&ctx.app.keys.code(secret, invitation.id.0)?))
}

/// Queues the mail of an invitation.
pub(super) fn mail_invitation<W>(
    ctx: &mut Context<'_, '_, W>,
    invitation: &Invitation,
    kind: MailKind,
) -> Result<(), Problem> {
    queue_mail(ctx.tx, invitation, kind, ctx.now)
}

/// What somebody did with an invitation that they may send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InvitationAct {
    Created,
    Resent,
    UrlRead,
    Revoked,
    Deleted,
}

impl InvitationAct {
    fn in_org(self) -> EventKind {
        match self {
            Self::Created => EventKind::InvitationCreated,
            Self::Resent => EventKind::InvitationResent,
            Self::UrlRead => EventKind::InvitationUrlRead,
            Self::Revoked => EventKind::InvitationRevoked,
            Self::Deleted => EventKind::InvitationDeleted,
        }
    }

    fn on_platform(self) -> AccountEventKind {
        match self {
            Self::Created => AccountEventKind::InvitationCreated,
            Self::Resent => AccountEventKind::InvitationResent,
            Self::UrlRead => AccountEventKind::InvitationUrlRead,
            Self::Revoked => AccountEventKind::InvitationRevoked,
            Self::Deleted => AccountEventKind::InvitationDeleted,
        }
    }
}

/// Records what happened to an invitation, in the organization's log or in the history of the actor.
pub(super) fn record_invitation_event<W>(
    ctx: &mut Context<'_, '_, W>,
    invitation: &Invitation,
    act: InvitationAct,
    by: UserId,
) -> Result<(), Problem> {
    match invitation.org() {
        Some(org) => {
            let subject = EventSubject::Other("invitation", invitation.id.0);
            ctx.record_in(org, by, Event::new(act.in_org(), subject));
        }
        None => {
            let event = account_event(act.on_platform(), by, ctx.origin).changed(
                "invitation_id",
                "",
                &invitation.id.0.to_string(),
            );
            ctx.tx.record_account(&event)?;
        }
    }
    Ok(())
}

/// Saves a changed invitation, with the hash of its code if that is new.
pub(super) fn save_invitation_and_code<W>(
    ctx: &mut Context<'_, '_, W>,
    before: &Invitation,
    after: &Invitation,
) -> Result<(), Problem> {
    let hash = match before.generation == after.generation {
        true => None,
        false => Some(hash_of_code(ctx, after)?),
    };
    Ok(ctx.tx.save_invitation(after, hash.as_deref())?)
}

/// Limits on the number of extra values and on the length of their names.
const MAX_EXTRA_VALUES: usize = 20;
const MAX_EXTRA_NAME_CHARS: usize = 60;

fn extra_of(terms: &InvitationTerms) -> Result<BTreeMap<String, String>, Problem> {
    let extra: BTreeMap<String, String> =
        terms.extra.iter().flatten().map(|(name, text)| (name.trim().to_owned(), text.0.clone())).collect();
    let fits = |name: &String| {
        (1..=MAX_EXTRA_NAME_CHARS).contains(&name.chars().count()) && words::Form::Line.judge(name).is_ok()
    };
    // Names that differ only in surrounding blanks are duplicates.
    let is_each_once = terms.extra.as_ref().is_none_or(|sent| sent.len() == extra.len());
    if is_each_once && extra.len() <= MAX_EXTRA_VALUES && extra.keys().all(fits) {
        Ok(extra)
    } else {
        let limits = format!(
            "at most {MAX_EXTRA_VALUES} values, with names of 1 to {MAX_EXTRA_NAME_CHARS} characters on one line"
        );
        Err(Problem::rule("#/extra", &limits))
    }
}

/// A membership that the caller may offer: at most the caller's rights, and only locations within the caller's reach.
pub(super) fn offer_in_org(
    ctx: &mut Context<'_, '_>,
    keys: Option<&[RoleKeyValue]>,
    location_ids: Option<&[Uuid]>,
) -> Result<Offer, Problem> {
    let org = ctx.caller.org_id;
    let offer = Offer::Membership {
        org,
        roles: keys.map_or_else(|| Ok(roles::default_roles()), role_keys)?,
        locations: find_locations(ctx, location_ids.unwrap_or_default())?,
    };
    require_may_offer_in_org(ctx, &offer)?;
    Ok(offer)
}

/// Requires that the caller could send the same offer now. Applies to mailing an invitation again.
pub(super) fn require_may_offer_in_org(ctx: &mut Context<'_, '_>, offer: &Offer) -> Result<(), Problem> {
    let Offer::Membership { org, roles, locations } = offer else { return Err(Problem::not_found()) };
    let existing = ctx.tx.roles(*org).all()?;
    Ok(roles::may_invite(&ctx.caller, roles, locations, &existing)?)
}

/// Requires that the caller may show, revoke or delete an invitation with this offer.
pub(super) fn require_may_handle_in_org(ctx: &mut Context<'_, '_>, offer: &Offer) -> Result<(), Problem> {
    let Offer::Membership { org, roles, locations } = offer else { return Err(Problem::not_found()) };
    let existing = ctx.tx.roles(*org).all()?;
    Ok(roles::may_handle_invitation(&ctx.caller, roles, locations, &existing)?)
}

/// A membership of the platform that the caller may offer. A role only if the caller may grant it.
pub(super) fn offer_on_platform(
    ctx: &mut Context<'_, '_, SignedIn>,
    role: Option<PlatformRole>,
) -> Result<Offer, Problem> {
    let offer = Offer::Platform(role);
    require_may_offer_on_platform(ctx, &offer)?;
    Ok(offer)
}

/// Requires that the caller could send the same offer now. Applies to showing, mailing and revoking an invitation.
pub(super) fn require_may_offer_on_platform(
    ctx: &mut Context<'_, '_, SignedIn>,
    offer: &Offer,
) -> Result<(), Problem> {
    let Offer::Platform(role) = offer else { return Err(Problem::not_found()) };
    if PlatformRole::may_be_offered(*role, &ctx.caller.platform) {
        return Ok(());
    }
    let detail = "You cannot invite to a platform role with more rights than your own.";
    Err(Problem::new(Code::Forbidden, detail))
}
