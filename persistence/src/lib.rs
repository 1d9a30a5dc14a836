//! Storage: one code for SQLite and PostgreSQL. The only crate that names diesel.
//!
//! [`Db`] runs closures in transactions; inside one, a [`Tx`] gives access to the aggregates. What belongs to an
//! organization is reached only through a scope made for that organization, so no row is found without its tenant.

// Linked in so that their bundled builds are used.
use libsqlite3_sys as _;
use openssl_sys as _;
use pq_sys as _;

mod account_events;
mod account_requests;
mod agreements;
mod approvals;
mod attachments;
mod backup;
mod callers;
mod categories;
mod connection;
mod constraint;
mod data_counts;
mod db;
mod deciders;
mod error;
mod events;
mod filed_requests;
mod housekeeping;
mod idempotency;
mod installation;
mod invitation_list;
mod invitations;
mod keyset;
mod locations;
mod login_failures;
mod mail_preferences;
mod mail_settings;
mod mails;
mod members;
mod membership_requests;
mod memberships_of;
mod messages;
mod migrate;
mod one_time_tokens;
mod orgs;
mod permission_requests;
mod pool;
mod profiles;
mod purge;
mod read_markers;
mod roles;
mod schema;
mod search;
mod sessions;
mod sql_types;
mod ticket_filter;
mod tickets;
mod two_factors;
mod tx;
mod user_directory;
mod users;
mod writer;

pub use account_events::{AccountEvent, AccountEventFilter, LoggedAccountEvent};
pub use account_requests::{AccountRequest, AccountRequestKind};
pub use attachments::{Attachments, Parent};
pub use backup::{BackupError, backup};
pub use callers::{AccountCaller, MemberCaller};
pub use connection::statements_sent;
pub use constraint::Constraint;
pub use data_counts::{DataCounts, Rows};
pub use db::{Db, Failure, OpenError};
pub use error::StoreError;
pub use events::{LogEntry, LoggedEvent};
pub use filed_requests::{FiledRequest, FiledRequests};
pub use idempotency::{Claim, StoredAnswer};
pub use invitation_list::{InvitationFilter, InvitationPosition, InvitationSort, InvitationSortKey, Span};
pub use invitations::InvitedBy;
pub use mail_settings::MailOf;
pub use mails::{MailLogEntry, NewMail, TakenMail};
pub use members::{Member, MemberFilter};
pub use membership_requests::{MembershipRequestFilter, NamedMembershipRequest};
pub use memberships_of::MembershipOf;
pub use migrate::MigrateError;
pub use permission_requests::PermissionRequestFilter;
pub use search::Words;
pub use ticket_filter::{ListedTicket, SortKey, TicketFilter, TicketPosition, TicketSort};
pub use tx::{Page, Scope, Tx};
pub use user_directory::{ListedUser, UserFilter, UserPosition, UserSort, UserSortKey};
