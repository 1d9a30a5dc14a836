//! How support staff look after people: what an organization and the platform do alike. The operations are in
//! `members` and `users`.

mod access_log;
mod account_links;
mod announcements;
mod critical;
mod deletion;
mod edit;
mod log_in_help;
mod managed_account;
mod membership_changes;
mod owner_recovery;
mod reason;
mod setup_link;
mod system_tickets;
mod view_as;
mod votes;

pub(crate) use access_log::{
    AccessKind, AccountEventPage, DataDiagnosis, EffectivePermissions, EffectivePermissionsIn,
    LogInDiagnosis, MailLogPage, ProfileBody, ProfileQuery, ProfileSection, PurposeQuery, Record,
    RecordQuery, SectionRights, SupportHistoryPage,
};
pub(crate) use account_links::{confirm_again, require_cooldown, send_link, send_link_again, waits};
pub(crate) use announcements::announce;
pub(crate) use critical::{ApprovalBody, ask_for_invited_role, give_up, notify_concerned, settle};
pub(crate) use deletion::{AskDeletion, carry_out_deletion, plan_deletion, require_notice};
pub(crate) use edit::{CorrectAccount, propagate_account_changes};
pub(crate) use log_in_help::{TemporaryPassword, new_temporary_password};
pub(crate) use managed_account::ManagedAccount;
pub(crate) use membership_changes::{close_open_invitation, save_joined_member};
pub(crate) use owner_recovery::{OwnerRecovery, RecoveryLink, make_recovery_link};
pub(crate) use reason::{Suspend, WithReason};
pub(crate) use setup_link::SetupLink;
pub(crate) use system_tickets::open_for_staff;
pub(crate) use view_as::{ViewAsToken, seen_by};
pub(crate) use votes::restore_votes_by_link;
