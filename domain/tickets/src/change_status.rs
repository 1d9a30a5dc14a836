use chrono::{DateTime, Utc};
use orgs::{Event, EventKind, Visibility};
use roles::{Actor, Forbidden, Permission};
use thiserror::Error;

use crate::{
    ApprovalPending, Body, Message, MessageId, Reason, Status, Summary, Ticket, event, scope::require_staff,
};

/// A ticket after a change of status, with its message and events.
#[derive(Debug, Clone)]
pub struct StatusChanged {
    /// The ticket after the change.
    pub ticket: Ticket,
    /// The message to the requester, if one was part of the change.
    pub message: Option<Message>,
    /// The events, in order.
    pub events: Vec<Event>,
}

/// Why the status is not changed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StatusRefused {
    /// The actor lacks a permission.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The ticket is pending approval by a representative (S002-22).
    #[error(transparent)]
    ApprovalPending(#[from] ApprovalPending),
    /// The status cannot change like this (R4).
    #[error("a ticket that is {} cannot become {}", .from.as_str(), .to.as_str())]
    InvalidTransition {
        /// The current status.
        from: Status,
        /// The requested status.
        to: Status,
        /// The statuses that may follow.
        allowed: &'static [Status],
    },
}

impl Ticket {
    /// Starts work on an open ticket.
    pub fn start(&self, by: &Actor, now: DateTime<Utc>) -> Result<StatusChanged, StatusRefused> {
        require_staff(self, by)?;
        self.require_approved()?;
        if self.status != Status::Open {
            return Err(self.no_way_to(Status::InProgress, by));
        }
        Ok(self.changed(Self { status: Status::InProgress, updated_at: now, ..self.clone() }, None))
    }

    /// Resolves the ticket: posts the outcome to the requester and saves a summary (S000-32). The resolver
    /// becomes the assignee if there is none.
    pub fn resolve(
        &self,
        by: &Actor,
        id: MessageId,
        message: Body,
        summary: Summary,
        now: DateTime<Utc>,
    ) -> Result<StatusChanged, StatusRefused> {
        require_staff(self, by)?;
        self.require_approved()?;
        if !self.status.is_unresolved() {
            return Err(self.no_way_to(Status::Resolved, by));
        }
        let next = Self {
            status: Status::Resolved,
            assignee_id: self.assignee_id.or(Some(by.user_id)),
            resolution_summary: Some(summary),
            resolved_at: Some(now),
            waiting_on: None,
            updated_at: now,
            ..self.clone()
        };
        Ok(self.changed(next, Some(self.message(by, id, Visibility::Public, message, now))))
    }

    /// Returns a resolved ticket to work (R4).
    pub fn reopen(
        &self,
        by: &Actor,
        assignee_available: bool,
        now: DateTime<Utc>,
    ) -> Result<StatusChanged, StatusRefused> {
        require_staff(self, by)?;
        if self.status != Status::Resolved {
            return Err(self.no_way_to(Status::InProgress, by));
        }
        let mut next = Self { updated_at: now, ..self.clone() };
        next.bring_back(assignee_available);
        Ok(self.changed(next, None))
    }

    /// Closes the ticket permanently. If it is not resolved, that requires `force` and its permission (R4).
    pub fn close(
        &self,
        by: &Actor,
        reason: Option<Reason>,
        force: bool,
        now: DateTime<Utc>,
    ) -> Result<StatusChanged, StatusRefused> {
        require_staff(self, by)?;
        self.require_approved()?;
        if force && self.status.is_unresolved() {
            by.require(Permission::ForceCloseTickets)?;
        }
        if !self.status.next(force).contains(&Status::Closed) {
            return Err(self.no_way_to(Status::Closed, by));
        }
        let next = Self {
            status: Status::Closed,
            close_reason: reason,
            closed_at: Some(now),
            waiting_on: None,
            updated_at: now,
            ..self.clone()
        };
        Ok(self.changed(next, None))
    }

    fn changed(&self, next: Self, message: Option<Message>) -> StatusChanged {
        let told = message.iter().map(|m| event::message(self.id, EventKind::MessagePosted, m.id));
        let events = told.chain(event::of_changes(self, &next)).collect();
        StatusChanged { ticket: next, message, events }
    }

    fn no_way_to(&self, to: Status, by: &Actor) -> StatusRefused {
        let allowed = self.status.next(by.holds(Permission::ForceCloseTickets));
        StatusRefused::InvalidTransition { from: self.status, to, allowed }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use orgs::{LocationId, OrgId};
    use proptest::prelude::*;
    use roles::TicketReach;
    use users::UserId;
    use uuid::Uuid;

    use super::*;
    use crate::{Approval, Details, Edit, Priority, Subject, TicketId, Triage, WaitingOn};

    const REQUESTER: u128 = 1;
    const STAFF: u128 = 2;
    const REPRESENTATIVE: u128 = 3;

    /// A call in the random sequences.
    #[derive(Debug, Clone, Copy)]
    enum Call {
        Start,
        Resolve,
        Reopen { assignee_available: bool },
        Close { force: bool },
        Reply { assignee_available: bool },
        Note,
        Edit,
        Wait(Option<WaitingOn>),
        Assign { to_pool: bool },
        Approve,
        Deny,
    }

    #[derive(Debug, Clone, Copy)]
    struct Step {
        call: Call,
        by: u128,
        may_force: bool,
    }

    fn calls() -> impl Strategy<Value = Call> {
        prop_oneof![
            Just(Call::Start),
            Just(Call::Resolve),
            any::<bool>().prop_map(|assignee_available| Call::Reopen { assignee_available }),
            any::<bool>().prop_map(|force| Call::Close { force }),
            any::<bool>().prop_map(|assignee_available| Call::Reply { assignee_available }),
            Just(Call::Note),
            Just(Call::Edit),
            prop::sample::select(vec![None, Some(WaitingOn::Requester), Some(WaitingOn::ThirdParty)])
                .prop_map(Call::Wait),
            any::<bool>().prop_map(|to_pool| Call::Assign { to_pool }),
            Just(Call::Approve),
            Just(Call::Deny),
        ]
    }

    fn sequences() -> impl Strategy<Value = Vec<Step>> {
        let by = prop_oneof![1 => Just(REQUESTER), 3 => Just(STAFF), 1 => Just(REPRESENTATIVE)];
        let step =
            (calls(), by, any::<bool>()).prop_map(|(call, by, may_force)| Step { call, by, may_force });
        prop::collection::vec(step, 1..25)
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    fn actor(step: Step) -> Actor {
        let mut permissions = BTreeSet::from([Permission::CreateTickets]);
        if step.by == STAFF {
            permissions.insert(Permission::ManageTickets);
        }
        if step.by == REPRESENTATIVE {
            permissions.insert(Permission::ApproveTickets);
        }
        if step.may_force {
            permissions.insert(Permission::ForceCloseTickets);
        }
        Actor {
            user_id: UserId(Uuid::from_u128(step.by)),
            org_id: OrgId(Uuid::nil()),
            permissions,
            locations: BTreeSet::new(),
            reach: TicketReach::Organization,
            opens_at_once: true,
        }
    }

    fn filed(approval: Option<Approval>) -> Ticket {
        let requester = UserId(Uuid::from_u128(REQUESTER));
        Ticket {
            id: TicketId(Uuid::nil()),
            org_id: OrgId(Uuid::nil()),
            number: 1,
            subject: Subject::parse("Subject").unwrap(),
            details: Details::parse("Details").unwrap(),
            urgency: Priority::Low,
            priority: Priority::Low,
            status: Status::Open,
            waiting_on: None,
            approval,
            location_id: LocationId(Uuid::nil()),
            category_id: None,
            requester_id: requester,
            created_by: requester,
            assignee_id: None,
            resolution_summary: None,
            close_reason: None,
            follow_up_of: None,
            created_at: at(0),
            updated_at: at(0),
            resolved_at: None,
            closed_at: None,
            version: 1,
        }
    }

    /// The ticket and the events after a call; `None` if the call is refused.
    fn make(ticket: &Ticket, step: Step, now: DateTime<Utc>) -> Option<(Ticket, Vec<Event>)> {
        let (by, id) = (actor(step), MessageId(Uuid::nil()));
        let body = || Body::parse("Words").unwrap();
        let status = |changed: StatusChanged| (changed.ticket, changed.events);
        match step.call {
            Call::Start => ticket.start(&by, now).ok().map(status),
            Call::Resolve => {
                ticket.resolve(&by, id, body(), Summary::parse("Done").unwrap(), now).ok().map(status)
            }
            Call::Reopen { assignee_available } => {
                ticket.reopen(&by, assignee_available, now).ok().map(status)
            }
            Call::Close { force } => ticket.close(&by, None, force, now).ok().map(status),
            Call::Reply { assignee_available } => {
                let posted = ticket.reply(&by, id, body(), assignee_available, now).ok()?;
                Some((posted.ticket.unwrap_or_else(|| ticket.clone()), posted.events))
            }
            Call::Note => {
                let posted = ticket.add_note(&by, id, body(), now).ok()?;
                assert!(posted.ticket.is_none(), "a note changes no ticket");
                Some((ticket.clone(), posted.events))
            }
            Call::Edit => {
                let subject = Subject::parse(&format!("Subject at {now}")).unwrap();
                ticket.edit(&by, Edit { subject: Some(subject), details: None }, now).ok()
            }
            Call::Wait(waiting_on) => {
                ticket.triage(&by, Triage { waiting_on: Some(waiting_on), ..Triage::default() }, now).ok()
            }
            Call::Assign { to_pool } => ticket.assign(&by, (!to_pool).then_some(&by), now).ok(),
            Call::Approve => ticket.approve(&by, now).ok().map(status),
            Call::Deny => ticket.deny(&by, Reason::parse("Moot").unwrap(), now).ok().map(status),
        }
    }

    /// The transitions of R4, written down independently of the code under test.
    fn is_transition(from: Status, to: Status, step: Step) -> bool {
        let by_force = matches!(step.call, Call::Close { force: true }) && step.may_force;
        let by_representative = matches!(step.call, Call::Deny) && step.by == REPRESENTATIVE;
        let by_requester = matches!(step.call, Call::Reply { .. }) && step.by == REQUESTER;
        match (from, to) {
            (Status::Open, Status::InProgress | Status::Resolved)
            | (Status::InProgress, Status::Resolved) => step.by == STAFF,
            (Status::Resolved, Status::InProgress) => step.by == STAFF || by_requester,
            (Status::Resolved, Status::Closed) => step.by == STAFF,
            (Status::Open, Status::Closed) if by_representative => true,
            (Status::Open | Status::InProgress, Status::Closed) => step.by == STAFF && by_force,
            _ => false,
        }
    }

    fn check(before: &Ticket, after: &Ticket, events: &[Event], step: Step) -> Result<(), TestCaseError> {
        let moved = before.status != after.status;
        prop_assert!(
            !moved || is_transition(before.status, after.status, step),
            "{:?} to {:?}",
            before.status,
            after.status
        );
        let told: Vec<_> = events.iter().flat_map(|e| &e.changes).filter(|c| c.field == "status").collect();
        prop_assert_eq!(told.len(), usize::from(moved), "each change of status is told once");
        if let Some(change) = told.first() {
            prop_assert_eq!(change.from.as_deref(), Some(before.status.as_str()));
            prop_assert_eq!(change.to.as_deref(), Some(after.status.as_str()));
        }
        prop_assert!(before.status != Status::Closed || before == after, "closed is final");
        let waits = before.approval == Some(Approval::Waiting);
        prop_assert!(!waits || !moved || step.by == REPRESENTATIVE, "nobody else moves what waits (S002-22)");
        prop_assert!(waits || before.approval == after.approval, "leave is given or denied once");
        prop_assert_eq!(after.closed_at.is_some(), after.status == Status::Closed);
        prop_assert!(after.waiting_on.is_none() || after.status.is_unresolved());
        match after.status {
            Status::Open | Status::InProgress => prop_assert!(after.resolved_at.is_none()),
            Status::Resolved => {
                prop_assert!(after.resolved_at.is_some() && after.resolution_summary.is_some());
            }
            Status::Closed => {}
        }
        prop_assert!(!moved || after.updated_at > before.updated_at);
        Ok(())
    }

    proptest! {
        #[test]
        fn r04_no_sequence_of_calls_reaches_a_state_or_transition_outside(
            sequence in sequences(),
            waits in any::<bool>(),
        ) {
            let mut ticket = filed(waits.then_some(Approval::Waiting));
            for (step, second) in sequence.into_iter().zip(1..) {
                if let Some((next, events)) = make(&ticket, step, at(second)) {
                    check(&ticket, &next, &events, step)?;
                    ticket = next;
                }
            }
        }

        #[test]
        fn r04_allowed_actions_are_those_that_work(
            sequence in sequences(),
            may_force in any::<bool>(),
            waits in any::<bool>(),
        ) {
            let mut ticket = filed(waits.then_some(Approval::Waiting));
            for (step, second) in sequence.into_iter().zip(1..) {
                if let Some((next, _)) = make(&ticket, step, at(second)) {
                    ticket = next;
                }
            }
            for by in [REQUESTER, STAFF, REPRESENTATIVE] {
                let step = |call| Step { call, by, may_force };
                let allowed = ticket.allowed_actions(&actor(step(Call::Note)));
                let works = |call| make(&ticket, step(call), at(100)).is_some();
                for (action, call) in [
                    (crate::Action::Start, Call::Start),
                    (crate::Action::Resolve, Call::Resolve),
                    (crate::Action::Reopen, Call::Reopen { assignee_available: true }),
                    (crate::Action::Close, Call::Close { force: false }),
                    (crate::Action::Reply, Call::Reply { assignee_available: true }),
                    (crate::Action::AddNote, Call::Note),
                    (crate::Action::Edit, Call::Edit),
                    (crate::Action::Triage, Call::Wait(None)),
                    (crate::Action::Approve, Call::Approve),
                    (crate::Action::Deny, Call::Deny),
                ] {
                    prop_assert_eq!(allowed.contains(&action), works(call), "{:?} in {:?}", action, ticket.status);
                }
                let forced = ticket.status.is_unresolved() && works(Call::Close { force: true });
                prop_assert_eq!(allowed.contains(&crate::Action::ForceClose), forced);
            }
        }
    }
}
