use chrono::{DateTime, Utc};
use orgs::{Change, Event, EventKind};
use users::Suspension;

use crate::change_membership::{require_other_owner, require_within_authority, subject};
use crate::{Actor, Membership, MembershipRefused, Permission, Role};

impl Membership {
    /// The membership suspended for a reason, permanently or until a time (S001-29).
    ///
    /// `other_owners` is the number of active owners beside this member.
    pub fn suspend(
        &self,
        by: &Actor,
        suspension: Suspension,
        roles: &[Role],
        other_owners: i64,
        now: DateTime<Utc>,
    ) -> Result<(Self, Event), MembershipRefused> {
        by.require(Permission::SuspendMembers)?;
        require_within_authority(by, self, roles)?;
        let current = self.as_of(now);
        if !current.is_active() {
            return Err(MembershipRefused::Suspended);
        }
        require_other_owner(current.is_active_owner(), other_owners)?;
        let until = suspension.until.map(|until| until.to_rfc3339());
        let event = Event::new(EventKind::MemberSuspended, subject(self.user_id))
            .with(Change::set("reason", &suspension.reason))
            .with_if_changed("until", None, until.as_deref());
        Ok((Self { suspension: Some(suspension), updated_at: now, ..self.clone() }, event))
    }

    /// The membership reactivated.
    pub fn reactivate(
        &self,
        by: &Actor,
        roles: &[Role],
        now: DateTime<Utc>,
    ) -> Result<(Self, Event), MembershipRefused> {
        by.require(Permission::SuspendMembers)?;
        require_within_authority(by, self, roles)?;
        if self.as_of(now).is_active() {
            return Err(MembershipRefused::NotSuspended);
        }
        Ok((self.lifted(now), Event::new(EventKind::MemberReactivated, subject(self.user_id))))
    }

    /// The membership without its suspension; `None` while that has not ended (S001-29).
    pub fn lift(&self, now: DateTime<Utc>) -> Option<(Self, Event)> {
        let is_over = self.suspension.is_some() && self.as_of(now).is_active();
        is_over.then(|| (self.lifted(now), Event::new(EventKind::MemberReactivated, subject(self.user_id))))
    }

    fn lifted(&self, now: DateTime<Utc>) -> Self {
        Self { suspension: None, updated_at: now, ..self.clone() }
    }
}
