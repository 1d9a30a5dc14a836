//! Invitations to the platform, and to organizations.

mod check;
mod invitation;
mod new_invitation;
mod status;
mod transitions;

pub use check::Difference;
pub use invitation::{Decision, Invitation, InvitationId, Offer};
pub use new_invitation::{DEFAULT_VALID_DAYS, LONGEST_DAYS, NewInvitation, USUAL_VALID_DAYS, is_unusual};
pub use status::InvitationStatus;
pub use transitions::{InvitationRefused, REMINDER_DAYS, RESEND_PAUSE_MINUTES, require_pause};
