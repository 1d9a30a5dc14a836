use invitations::{Difference, Invitation};
use roles::Actor;
use users::UserId;
use uuid::Uuid;

use crate::problem::Problem;
use crate::work::Work;

impl Work<'_, '_, Actor> {
    /// Opens a request for staff because a membership differs from its invitation, and remembers it (S001-48).
    pub(super) fn open_follow_up(
        &mut self,
        invitation: &Invitation,
        user: UserId,
        differences: &[Difference],
    ) -> Result<Option<Uuid>, Problem> {
        let told = differences.iter().map(|difference| match difference {
            Difference::NoMembership => "There is no membership any more.".to_owned(),
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
            told.collect::<Vec<_>>().join(" ")
        );
        let (org, by) = (self.who.org_id, self.who.user_id);
        let opened = self.open_for_staff(org, by, "A membership differs from its invitation", &details)?;
        let Some(ticket) = opened else { return Ok(None) };
        let noted = Invitation { follow_up: Some(ticket.0), updated_at: self.now, ..invitation.clone() };
        self.tx.save_invitation(&noted, None)?;
        Ok(Some(ticket.0))
    }
}
