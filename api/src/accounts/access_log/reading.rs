//! The access log: each access of another user to a person's data is recorded, visible to the person (S001-25,
//! S001-45).

use application::account_events::account_event;
use application::accounts::managed_account::{ManagedAccount, managed_account_event};
use application::context::Context;
use application::problem::Problem;
use orgs::OrgId;
use persistence::AccountEvent;
use serde::Deserialize;
use users::{AccountEventKind, UserId};
use utoipa::IntoParams;

/// The purpose of reading records.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct RecordQuery {
    /// Why the data is read. It is recorded, and the person can read it.
    #[param(min_length = 1, max_length = 200, pattern = "<line>")]
    pub(super) purpose: String,
}

/// The purpose of reading a person's data.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PurposeQuery {
    /// Why the data is read. It is recorded, and the person can read it. Default: the purpose of the operation.
    #[param(min_length = 1, max_length = 200, pattern = "<line>")]
    pub(crate) purpose: Option<String>,
}

/// Accesses with a default purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AccessKind {
    /// In a list of people.
    Directory,
    /// The account or membership itself.
    Account,
    /// The person's permissions.
    Permissions,
    /// A log-in diagnosis.
    LogInDiagnosis,
    /// A data diagnosis.
    DataDiagnosis,
}

impl AccessKind {
    /// The kind of event. A diagnosis is help, and appears in the support history as well (S003-28).
    fn kind(self) -> AccountEventKind {
        match self {
            Self::LogInDiagnosis => AccountEventKind::LogInDiagnosed,
            Self::DataDiagnosis => AccountEventKind::DataDiagnosed,
            Self::Directory | Self::Account | Self::Permissions => AccountEventKind::DataRead,
        }
    }

    fn part(self) -> &'static str {
        match self {
            Self::Directory => "directory",
            Self::Account => "account",
            Self::Permissions => "permissions",
            Self::LogInDiagnosis => "login_diagnosis",
            Self::DataDiagnosis => "data_diagnosis",
        }
    }

    fn default_purpose(self) -> &'static str {
        match self {
            Self::Directory => "Finding people in a list.",
            Self::Account => "Managing the account.",
            Self::Permissions => "Checking the permissions of the person.",
            Self::LogInDiagnosis => "Diagnosing a failed log-in.",
            Self::DataDiagnosis => "Diagnosing missing data.",
        }
    }
}

fn read_by(event: AccountEvent, part: &str) -> AccountEvent {
    event.changed("sections", "", part)
}

/// Records that a user read a section of a person's data.
pub(crate) fn record_reading<W>(
    ctx: &mut Context<'_, '_, W>,
    managed: &ManagedAccount,
    part: &str,
    purpose: &str,
) -> Result<(), Problem> {
    let event = read_by(managed_account_event(ctx, AccountEventKind::DataRead, managed, Some(purpose)), part);
    record_unless_own(ctx, event)
}

/// Records an access of this kind, every time.
pub(crate) fn record_access<W>(
    ctx: &mut Context<'_, '_, W>,
    managed: &ManagedAccount,
    access: AccessKind,
    purpose: Option<&str>,
) -> Result<(), Problem> {
    let purpose = purpose.unwrap_or(access.default_purpose());
    let event = read_by(managed_account_event(ctx, access.kind(), managed, Some(purpose)), access.part());
    record_unless_own(ctx, event)
}

/// Records once a day, per reader and purpose, that these people were shown. More entries for a client that polls
/// would not inform anybody.
pub(crate) fn record_people_shown<W>(
    ctx: &mut Context<'_, '_, W>,
    org: Option<OrgId>,
    access: AccessKind,
    purpose: Option<&str>,
    people: &[UserId],
) -> Result<(), Problem> {
    let Some(reader) = ctx.origin.user else { return Ok(()) };
    let purpose = purpose.unwrap_or(access.default_purpose());
    let today = ctx.now - users::ACCESS_RECORD_INTERVAL;
    let recorded = ctx.tx.readings_since(org, reader, (access.part(), purpose), people, today)?;
    for user in people.iter().filter(|user| !recorded.contains(user)) {
        let reason = Some(purpose.to_owned());
        let event = AccountEvent { org, reason, ..account_event(access.kind(), *user, ctx.origin) };
        record_unless_own(ctx, read_by(event, access.part()))?;
    }
    Ok(())
}

/// Accesses to the caller's own data are not recorded.
pub(super) fn record_unless_own<W>(ctx: &mut Context<'_, '_, W>, event: AccountEvent) -> Result<(), Problem> {
    if ctx.origin.user != Some(event.user) {
        ctx.tx.record_account(&event)?;
    }
    Ok(())
}
