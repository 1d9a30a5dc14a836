//! The mail that carries an invitation.

use chrono::{DateTime, Utc};
use invitations::{Invitation, Offer};
use mail::{MailKind, MailSecret};
use orgs::OrgId;
use persistence::Tx;
use roles::PlatformRole;

use crate::mail::queue::OutgoingMail;
use crate::problem::Problem;

/// Queues the mail of an invitation. The link is created when the mail is sent.
pub fn queue_mail(
    tx: &mut Tx<'_>,
    invitation: &Invitation,
    kind: MailKind,
    now: DateTime<Utc>,
) -> Result<(), Problem> {
    queue_mails(tx, std::slice::from_ref(invitation), kind, now)
}

/// Queues the mails of invitations that one inviter made with one offer: what they share is looked up once.
pub fn queue_mails(
    tx: &mut Tx<'_>,
    invitations: &[Invitation],
    kind: MailKind,
    now: DateTime<Utc>,
) -> Result<(), Problem> {
    let Some(first) = invitations.first() else { return Ok(()) };
    let inviter = tx.account(first.inviter)?.ok_or_else(Problem::internal)?;
    let (org, roles) = offered(tx, &first.offer)?;
    for invitation in invitations {
        let outgoing = OutgoingMail::to_address(invitation.email.clone(), &invitation.locale, kind)
            .from(org)
            .variable("inviter_name", inviter.name.as_str())
            .variable("roles", roles.as_str())
            .time("valid_from", invitation.valid_from)
            .with(MailSecret::Invitation(invitation.id.0));
        let outgoing = match &invitation.greeting {
            Some(greeting) => outgoing.variable("greeting", greeting.as_str()),
            None => outgoing,
        };
        outgoing.queue(tx, now)?;
    }
    Ok(())
}

/// The organization that an offer leads to, and the names of its roles.
fn offered(tx: &mut Tx<'_>, offer: &Offer) -> Result<(Option<OrgId>, String), Problem> {
    Ok(match offer {
        Offer::Platform(role) => (None, role.map_or("", PlatformRole::name).to_owned()),
        Offer::Membership { org, roles, .. } => {
            let known = tx.roles(*org).all()?;
            let names = known.iter().filter(|role| roles.contains(&role.key)).map(|role| role.name.as_str());
            (Some(*org), names.collect::<Vec<_>>().join(", "))
        }
    })
}
