//! Invitations: how people are asked to come in.

mod check;
mod invitation;

pub use check::Difference;
pub use invitation::{
    DEFAULT_VALID_DAYS, Decision, Invitation, InvitationId, InvitationRefused, InvitationStatus,
    LONGEST_DAYS, NewInvitation, Offer, REMINDER_DAYS, RESEND_PAUSE_MINUTES, USUAL_VALID_DAYS, is_unusual,
};
