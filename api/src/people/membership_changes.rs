//! What the person is told, and what his history keeps, when staff change what he is in an organization.

use mail::MailKind;
use orgs::OrgId;
use persistence::{AccountEvent, Tx};
use roles::{Membership, Role, RoleKey};
use users::{Account, UserId};

use crate::call::Head;
use crate::mail::Letter;
use crate::problem::Problem;
use crate::work::{Work, happened};

/// Keeps what somebody becomes who joins: a new member, or one who was a guest; his history tells it (S003-28).
pub(crate) fn let_in(
    tx: &mut Tx<'_>,
    head: &Head,
    org: OrgId,
    member: &Membership,
    standing: Option<&Membership>,
) -> Result<(), Problem> {
    match standing {
        Some(_) => tx.members(org).save(member)?,
        None => tx.members(org).add(member)?,
    };
    note(tx, head, (org, member.user_id), "member_added", standing, Some(member))
}

fn note(
    tx: &mut Tx<'_>,
    head: &Head,
    (org, user): (OrgId, UserId),
    kind: &'static str,
    before: Option<&Membership>,
    after: Option<&Membership>,
) -> Result<(), Problem> {
    let keys = |membership: Option<&Membership>| {
        let roles = membership.into_iter().flat_map(|membership| &membership.roles);
        roles.map(RoleKey::as_str).collect::<Vec<_>>().join(",")
    };
    let event = AccountEvent { org: Some(org), ..happened(kind, user, head) };
    Ok(tx.record_account(&event.changed("roles", &keys(before), &keys(after)))?)
}

impl Work<'_, '_> {
    /// Keeps in a person's history that his membership here began, changed or ended (S003-28).
    pub(crate) fn note_membership(
        &mut self,
        kind: &'static str,
        account: &Account,
        before: Option<&Membership>,
        after: Option<&Membership>,
    ) -> Result<(), Problem> {
        let org = self.who.org_id;
        note(self.tx, self.head, (org, account.id), kind, before, after)
    }

    /// Tells a member which roles he has from now on, unless he gave them to himself.
    pub(crate) fn tell_roles(
        &mut self,
        account: &Account,
        after: &Membership,
        known: &[Role],
    ) -> Result<(), Problem> {
        if account.id == self.who.user_id {
            return Ok(());
        }
        let names =
            known.iter().filter(|role| after.roles.contains(&role.key)).map(|role| role.name.as_str());
        Letter::to(account, MailKind::RolesChanged)
            .from(self.who.org_id)
            .telling("roles", names.collect::<Vec<_>>().join(", "))
            .queue(self.tx, self.now)?;
        Ok(())
    }
}
