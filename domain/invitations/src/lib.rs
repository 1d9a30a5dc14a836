//! Invitations to the platform, and to organizations.

mod bounds;
mod check;
mod invitation;
mod new_invitation;
mod refused;
mod status;
mod transitions;

pub use bounds::{MAX_VALID_DAYS, RESEND_PAUSE_MINUTES};
pub use check::Difference;
pub use invitation::{Decision, Invitation, InvitationId, Offer};
pub use new_invitation::{DEFAULT_VALID_DAYS, NewInvitation, USUAL_VALID_DAYS, is_unusual};
pub use refused::InvitationRefused;
pub use status::InvitationStatus;
pub use transitions::{REMINDER_DAYS, require_pause};
