/// Maximum validity, in days.
pub const MAX_VALID_DAYS: i64 = 5_000;

/// Minutes between two mails of one invitation, and between two mails from one inviter to one address
/// (S001-10).
pub const RESEND_PAUSE_MINUTES: i64 = 15;
