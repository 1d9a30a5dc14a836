//! The request for staff when a membership differs from its invitation.

use crate::origin::Origin;
use invitations::{Difference, Invitation};
use persistence::Tx;
use users::UserId;
use uuid::Uuid;

use crate::clock::now;
use crate::problem::Problem;
use crate::tickets::system_tickets::open_for_staff;

/// Differences that the request lists individually.
const MAX_LISTED_DIFFERENCES: usize = 50;

/// Opens a request for staff because the membership of `user` differs from its invitation, and links it to the
/// invitation (S001-48). `by` may follow the request.
pub fn open_follow_up(
    tx: &mut Tx<'_>,
    origin: &Origin,
    invitation: &Invitation,
    (by, user): (UserId, UserId),
    differences: &[Difference],
) -> Result<Option<Uuid>, Problem> {
    let Some(org) = invitation.org() else { return Ok(None) };
    let more = differences.len().saturating_sub(MAX_LISTED_DIFFERENCES);
    let more = (more > 0).then(|| format!("And {more} more."));
    let described = differences.iter().take(MAX_LISTED_DIFFERENCES).map(|difference| match difference {
        Difference::NoMembership => "The membership has ended.".to_owned(),
        Difference::MissingRole(key) => {
            format!("The role `{}` was offered and is not held.", key.as_str())
        }
        Difference::ExtraRole(key) => format!("The role `{}` is held and was not offered.", key.as_str()),
        Difference::MissingLocation(id) => format!("The location {} was offered and is missing.", id.0),
    });
    let details = format!(
        "The invitation {} of {} led to a membership of the account {} that differs from it. {}",
        invitation.id.0,
        invitation.email.as_str(),
        user.0,
        described.chain(more).collect::<Vec<_>>().join(" ")
    );
    let opened = open_for_staff(tx, origin, (org, by), "A membership differs from its invitation", &details)?;
    let Some(ticket) = opened else { return Ok(None) };
    let linked = Invitation { follow_up: Some(ticket.0), updated_at: now(), ..invitation.clone() };
    tx.save_invitation(&linked, None)?;
    Ok(Some(ticket.0))
}
