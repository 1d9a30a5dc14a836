//! Storage: one implementation for SQLite and PostgreSQL. The only crate that uses diesel.
//!
//! [`Db`] runs closures in transactions; inside one, a [`Tx`] gives access to the aggregates. Rows of an
//! organization are reached only through a scope of that organization, so no row is found without its tenant.

// Linked in so that their bundled builds are used.
use libsqlite3_sys as _;
use openssl_sys as _;
use pq_sys as _;

pub use crate::accounts::account_requests::{AccountRequest, AccountRequestKind};
pub use crate::accounts::callers::{AccountCaller, MemberCaller};
pub use crate::accounts::log_in_attempts::AttemptCounts;
pub use crate::accounts::purge::PURGE_BATCH_SIZE;
pub use crate::accounts::user_directory::{ListedUser, UserFilter, UserPosition, UserSort, UserSortKey};
pub use crate::approvals::announcements::{Announcement, NewApprover};
pub use crate::db::backup::{BackupError, backup};
pub use crate::db::connection::{database_files, statements_sent};
pub use crate::db::constraint::Constraint;
pub use crate::db::database::{Db, OpenError};
pub use crate::db::error::{Failure, StoreError};
pub use crate::db::idempotency::{Claim, StoredAnswer};
pub use crate::db::migrate::MigrateError;
pub use crate::db::queues::Queue;
pub use crate::db::time_limit::{limited, with_time_limit};
pub use crate::db::tx::{Page, Scope, Tx};
pub use crate::db::window::{Counted, Found, MAX_SCANNED_ROWS};
pub use crate::joining::invitation_list::{
    InvitationFilter, InvitationPosition, InvitationSort, InvitationSortKey, Span,
};
pub use crate::joining::invitations::InvitedBy;
pub use crate::joining::membership_requests::{MembershipRequestFilter, NamedMembershipRequest};
pub use crate::log::account_events::{AccountEvent, AccountEventFilter, LoggedAccountEvent};
pub use crate::log::events::LogEntry;
pub use crate::mail::digests::DigestFor;
pub use crate::mail::mail_settings::MailOf;
pub use crate::mail::mails::{MailLogEntry, NewMail, TakenMail};
pub use crate::members::member_list::MemberFilter;
pub use crate::members::memberships::{DueMember, Member};
pub use crate::members::memberships_of::MembershipOf;
pub use crate::members::permission_requests::PermissionRequestFilter;
pub use crate::tickets::attachments::{Attachments, Parent};
pub use crate::tickets::data_counts::{DataCounts, Rows};
pub use crate::tickets::filed_requests::{FiledRequest, FiledRequests};
pub use crate::tickets::search::Words;
pub use crate::tickets::ticket_filter::{ListedTicket, SortKey, TicketFilter, TicketPosition, TicketSort};
pub use crate::tickets::ticket_history::LoggedEvent;
pub use crate::tickets::unattached_files::{FileToRemove, Reservation};

mod accounts;
mod approvals;
mod db;
mod joining;
mod log;
mod mail;
mod members;
mod organizations;
mod tickets;
