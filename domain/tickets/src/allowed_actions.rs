use roles::{Actor, Permission};

use crate::{Status, Ticket, TicketScope};

/// An action that a caller may take on a ticket in its current state, so that a frontend shows only those
/// buttons (S004-15).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Approve it, so that staff can work on it.
    Approve,
    /// Deny it, and so close it.
    Deny,
    /// Post a public message.
    Reply,
    /// Add an internal note.
    AddNote,
    /// Edit subject and details.
    Edit,
    /// Set priority, category, location and `waiting_on`.
    Triage,
    /// Assign it to a staff member.
    Assign,
    /// Start work on it.
    Start,
    /// Resolve it.
    Resolve,
    /// Reopen it.
    Reopen,
    /// Close it.
    Close,
    /// Close it before it is resolved.
    ForceClose,
    /// Continue it in a new ticket, once it is closed.
    FollowUp,
}

impl Action {
    /// The identifier in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Deny => "deny",
            Self::Reply => "reply",
            Self::AddNote => "add_note",
            Self::Edit => "edit",
            Self::Triage => "triage",
            Self::Assign => "assign",
            Self::Start => "start",
            Self::Resolve => "resolve",
            Self::Reopen => "reopen",
            Self::Close => "close",
            Self::ForceClose => "force_close",
            Self::FollowUp => "follow_up",
        }
    }
}

impl Ticket {
    /// The actions that `actor` may take on the ticket now.
    pub fn allowed_actions(&self, actor: &Actor) -> Vec<Action> {
        let Ok(scope) = TicketScope::of(actor) else { return Vec::new() };
        let staff = scope.covers_as_staff(self);
        let at_work = staff && self.require_approved().is_ok();
        let requester = scope.covers_as_requester(self);
        let representative = self.may_be_decided_by(actor).is_ok();
        let live = self.status != Status::Closed;
        let may_force = actor.holds(Permission::ForceCloseTickets);
        let may_continue = self.may_be_continued_by(actor).is_ok();
        let table = [
            (Action::Approve, representative),
            (Action::Deny, representative),
            (Action::Reply, live && (at_work || requester)),
            (Action::AddNote, live && staff),
            (Action::Edit, live && requester && !self.is_fixed()),
            (Action::Triage, live && at_work),
            (Action::Assign, live && at_work),
            (Action::Start, at_work && self.status == Status::Open),
            (Action::Resolve, at_work && self.status.is_unresolved()),
            (Action::Reopen, at_work && self.status == Status::Resolved),
            (Action::Close, at_work && self.status == Status::Resolved),
            (Action::ForceClose, at_work && may_force && self.status.is_unresolved()),
            (
                Action::FollowUp,
                !live && may_continue && actor.holds(Permission::CreateTickets) && (staff || requester),
            ),
        ];
        table.into_iter().filter_map(|(action, allowed)| allowed.then_some(action)).collect()
    }
}
