//! Inviting, for organizations and the platform alike.

use std::collections::BTreeMap;

use invitations::{Invitation, InvitationId, InvitationRefused, NewInvitation, Offer, require_pause};
use mail::{MailKind, MailSecret};
use orgs::{Event, EventSubject, OrgId};
use persistence::{InvitedBy, StoreError};
use roles::{Actor, PlatformRole, may_join};
use users::{EmailAddress, UserId};
use uuid::Uuid;

use super::body::{EmailAndTerms, InvitationBody, InvitationTerms, audience};
use crate::answer::Answer;
use crate::context::{Context, SignedIn, account_event, new_id};
use crate::keys::{Secret, hash_of};
use crate::mail::{OutgoingMail, shipped};
use crate::problem::{Code, Fault, Problem, sentence};
use crate::words::RoleKeyWord;

impl From<InvitationRefused> for Problem {
    fn from(refused: InvitationRefused) -> Self {
        let detail = sentence(&refused);
        match refused {
            InvitationRefused::Not(_) => Self::new(Code::InvalidTransition, detail),
            InvitationRefused::NotYet => Self::new(Code::Conflict, detail),
            InvitationRefused::AnotherAddress => Self::new(Code::Forbidden, detail),
            InvitationRefused::TooSoon(left) => {
                let seconds = u64::try_from(left.num_seconds() + 1).unwrap_or(1);
                Self::new(Code::TooManyAttempts, detail).with_retry_after(seconds)
            }
            InvitationRefused::EndsBeforeItBegins | InvitationRefused::TooFar => {
                Self::rule("#/valid_until", &refused)
            }
        }
    }
}

fn known(detail: &str, pointer: &str) -> Problem {
    Problem::new(Code::AlreadyExists, detail).with_errors(vec![Fault::at(pointer, "already_exists", detail)])
}

impl<W> Context<'_, '_, W> {
    /// The invitation, or 404.
    pub(super) fn invitation(&mut self, org: Option<OrgId>, id: Uuid) -> Result<InvitedBy, Problem> {
        self.tx.invitation(org, InvitationId(id))?.ok_or_else(Problem::not_found)
    }

    /// The invitation as it is now.
    pub(super) fn show_invitation(
        &mut self,
        org: Option<OrgId>,
        id: InvitationId,
    ) -> Result<Answer, Problem> {
        let found = self.invitation(org, id.0)?;
        let tag = audience(&found, self.now);
        Ok(Answer::ok(&InvitationBody::of(&found, self.now))?.tagged(found.invitation.version, &tag))
    }

    /// Makes and mails an invitation of one address, unless there is an open one.
    pub(super) fn invite(
        &mut self,
        offer: Offer,
        sent: &EmailAndTerms<'_>,
        by: UserId,
        batch: Option<Uuid>,
    ) -> Result<InvitationId, Problem> {
        let email = EmailAddress::parse(sent.email).map_err(|e| Problem::rule(sent.pointer, &e))?;
        let org = match &offer {
            Offer::Platform(_) => None,
            Offer::Membership { org, .. } => Some(*org),
        };
        // Who joins meanwhile is found, or finds the invitation.
        org.map_or(Ok(()), |org| self.tx.members(org).lock_memberships())?;
        if self.tx.open_invitation(org, &email, self.now)?.is_some() {
            return Err(known("This address has an open invitation already.", sent.pointer));
        }
        self.require_stranger(org, &offer, &email, sent.pointer)?;
        self.pause_between_mails(&email, by)?;
        let extra = extra_of(sent.terms)?;
        let new = NewInvitation {
            email,
            offer,
            locale: self.locale_for(org, sent.terms)?,
            valid_from: sent.terms.valid_from,
            valid_until: sent.terms.valid_until,
            greeting: sent.terms.greeting.clone(),
            purpose: sent.terms.purpose.clone(),
            extra,
        };
        let invitation = Invitation::new(InvitationId(new_id()), new, by, batch, self.now)?;
        let hash = self.hash_of_code(&invitation)?;
        self.tx.add_invitation(&invitation, &hash, self.now).map_err(|e| match e {
            // Somebody else invited the same address meanwhile; the next try finds it.
            StoreError::Unique(_) => StoreError::RunAgain,
            other => other,
        })?;
        self.notify_of(&invitation, "invitation_created", by)?;
        self.mail_invitation(&invitation, MailKind::Invitation)?;
        Ok(invitation.id)
    }

    /// Saves who is responsible for invitations that `by` has just made (S001-30).
    pub(super) fn save_senders(&mut self, ids: &[InvitationId], by: UserId) -> Result<(), Problem> {
        let through = self.tx.responsible_for(by, self.now)?;
        Ok(self.tx.save_senders(ids, &through)?)
    }

    /// Requires that this inviter has not mailed the address a moment ago, and saves that they do so now. An invitation that
    /// was revoked or deleted meanwhile makes no difference.
    pub(super) fn pause_between_mails(&mut self, email: &EmailAddress, by: UserId) -> Result<(), Problem> {
        let key = hash_of(&format!("invitation by {} to {}", by.0, email.as_str()));
        let before = self.tx.mailed_at(&key)?;
        require_pause(before, self.now)?;
        Ok(self.tx.save_mailed_at(&key, before, self.now)?)
    }

    /// Whoever belongs to the organization, or has an account and is offered no more than that, needs no invitation. A guest does
    /// not belong.
    fn require_stranger(
        &mut self,
        org: Option<OrgId>,
        offer: &Offer,
        email: &EmailAddress,
        pointer: &str,
    ) -> Result<(), Problem> {
        match org {
            // Nobody but members is looked for: it takes as long whoever else has an account.
            Some(org) => {
                let member = self.tx.members(org).find_by_email(email)?;
                may_join(member.map(|member| member.membership).as_ref())
                    .map_err(|_| known("The owner of this address is a member already.", pointer))
            }
            None if *offer == Offer::Platform(None) && self.tx.account_by_email(email)?.is_some() => {
                Err(known("There is an account with this address.", pointer))
            }
            None => Ok(()),
        }
    }

    fn locale_for(&mut self, org: Option<OrgId>, terms: &InvitationTerms) -> Result<String, Problem> {
        let default = match org {
            Some(org) => self.tx.mail_of(org).settings()?.default_locale,
            None => self.tx.platform_settings()?.default_locale,
        };
        let Some(wanted) = &terms.locale else { return Ok(default) };
        let own = match org {
            Some(org) => self.tx.mail_of(org).template(MailKind::Invitation, &[&wanted.0])?,
            None => None,
        };
        let language = wanted.0.split('-').next().unwrap_or_default();
        if own.is_some() || shipped(MailKind::Invitation, language).is_some() {
            Ok(wanted.0.clone())
        } else {
            Err(Problem::rule("#/locale", &"there are no words for an invitation in this language"))
        }
    }

    /// The code that the invitation's holder gets, as it is made now.
    pub(super) fn hash_of_code(&self, invitation: &Invitation) -> Result<String, Problem> {
        let secret = Secret::Invitation(invitation.generation);
        Ok(hash_of(&self.app.keys.code(secret, invitation.id.0)?))
    }

    /// Queues the mail of an invitation.
    pub(super) fn mail_invitation(&mut self, invitation: &Invitation, kind: MailKind) -> Result<(), Problem> {
        queue_mail(self.tx, invitation, kind, self.now)
    }

    /// Tells the log of the organization, or the history of who acts, what became of an invitation.
    pub(super) fn notify_of(
        &mut self,
        invitation: &Invitation,
        what: &'static str,
        by: UserId,
    ) -> Result<(), Problem> {
        match invitation.org() {
            Some(org) => {
                let subject = EventSubject::Other("invitation", invitation.id.0);
                self.record_in(org, by, Event::new(what, subject));
            }
            None => {
                let event = account_event(what, by, self.head).changed(
                    "invitation_id",
                    "",
                    &invitation.id.0.to_string(),
                );
                self.tx.record_account(&event)?;
            }
        }
        Ok(())
    }

    /// Keeps a changed invitation; with the hash of its new code, should it have one.
    pub(super) fn save_invitation_and_code(
        &mut self,
        before: &Invitation,
        after: &Invitation,
    ) -> Result<(), Problem> {
        let hash = match before.generation == after.generation {
            true => None,
            false => Some(self.hash_of_code(after)?),
        };
        Ok(self.tx.save_invitation(after, hash.as_deref())?)
    }
}

/// Things kept with an invitation, and how long their names may be.
const MOST_EXTRA: usize = 20;
const MOST_EXTRA_NAME: usize = 60;

fn extra_of(terms: &InvitationTerms) -> Result<BTreeMap<String, String>, Problem> {
    let extra: BTreeMap<String, String> =
        terms.extra.iter().flatten().map(|(name, text)| (name.trim().to_owned(), text.0.clone())).collect();
    let fits = |name: &String| {
        (1..=MOST_EXTRA_NAME).contains(&name.chars().count()) && words::Form::Line.judge(name).is_ok()
    };
    // Two names may differ in nothing but the blanks around them.
    let is_each_once = terms.extra.as_ref().is_none_or(|sent| sent.len() == extra.len());
    if is_each_once && extra.len() <= MOST_EXTRA && extra.keys().all(fits) {
        Ok(extra)
    } else {
        let limits = format!(
            "at most {MOST_EXTRA} things, with names of 1 to {MOST_EXTRA_NAME} characters on one line"
        );
        Err(Problem::rule("#/extra", &limits))
    }
}

/// Queues the mail of an invitation: the link is made when it is sent.
pub(crate) fn queue_mail(
    tx: &mut persistence::Tx<'_>,
    invitation: &Invitation,
    kind: MailKind,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(), Problem> {
    let inviter = tx.account(invitation.inviter)?.ok_or_else(Problem::internal)?;
    let outgoing = OutgoingMail::to_address(invitation.email.clone(), &invitation.locale, kind)
        .variable("inviter_name", inviter.name.as_str())
        .time("valid_from", invitation.valid_from)
        .with(MailSecret::Invitation(invitation.id.0));
    let outgoing = match &invitation.greeting {
        Some(greeting) => outgoing.variable("greeting", greeting.as_str()),
        None => outgoing,
    };
    let outgoing = match &invitation.offer {
        Offer::Platform(role) => outgoing.variable("roles", role.map_or("", PlatformRole::name)),
        Offer::Membership { org, roles, .. } => {
            let known = tx.roles(*org).all()?;
            let names = known.iter().filter(|role| roles.contains(&role.key)).map(|role| role.name.as_str());
            let names = names.collect::<Vec<_>>().join(", ");
            outgoing.from(*org).variable("roles", names)
        }
    };
    outgoing.queue(tx, now)?;
    Ok(())
}

impl Context<'_, '_, Actor> {
    /// A membership that the caller may offer: with no more rights than his own, and where he works on the requests of some
    /// locations only, at these.
    pub(super) fn offer(
        &mut self,
        keys: Option<&[RoleKeyWord]>,
        location_ids: Option<&[Uuid]>,
    ) -> Result<Offer, Problem> {
        let org = self.caller.org_id;
        let offer = Offer::Membership {
            org,
            roles: keys.map_or_else(|| Ok(roles::default_roles()), Context::role_keys)?,
            locations: self.known_locations(location_ids.unwrap_or_default())?,
        };
        self.may_offer(&offer)?;
        Ok(offer)
    }

    /// Goes on only if the caller could offer this now: whoever shows, mails or takes back an invitation could have sent it.
    pub(super) fn may_offer(&mut self, offer: &Offer) -> Result<(), Problem> {
        let Offer::Membership { org, roles, locations } = offer else { return Err(Problem::not_found()) };
        let known = self.tx.roles(*org).all()?;
        Ok(roles::may_invite(&self.caller, roles, locations, &known)?)
    }
}

impl Context<'_, '_, SignedIn> {
    /// A place in the platform that the caller may offer: a role only if they may give it.
    pub(super) fn offer(&mut self, role: Option<PlatformRole>) -> Result<Offer, Problem> {
        let offer = Offer::Platform(role);
        self.may_offer(&offer)?;
        Ok(offer)
    }

    /// Goes on only if the caller could offer this now: whoever shows, mails or takes back an invitation could have sent it.
    pub(super) fn may_offer(&mut self, offer: &Offer) -> Result<(), Problem> {
        let Offer::Platform(role) = offer else { return Err(Problem::not_found()) };
        if PlatformRole::may_be_offered(*role, &self.caller.platform) {
            return Ok(());
        }
        let detail = "Nobody invites to a platform role with more rights than his own.";
        Err(Problem::new(Code::Forbidden, detail))
    }
}
