//! The context of an operation inside its transaction.

use crate::origin::Origin;
use chrono::{DateTime, Utc};
use orgs::Event;
use persistence::{AccountEvent, LogEntry, MemberCaller, Tx};
use roles::{Actor, PlatformPermission};
use users::{Session, UserId};
use uuid::Uuid;

use crate::app::App;
use crate::problem::Problem;
use crate::problem_codes::Code;

/// The transaction, the caller (`W`: a member by default), the time, and the log.
pub struct Context<'a, 'c, W = Actor> {
    /// The transaction. It commits when the operation succeeds.
    pub tx: &'a mut Tx<'c>,
    /// The caller, with their current rights.
    pub caller: W,
    /// The parts of the application.
    pub app: &'a App,
    /// The origin of the request, for the log.
    pub origin: &'a Origin,
    /// The time of the whole transaction.
    pub now: DateTime<Utc>,
}

/// A logged-in user, outside of any organization.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The session of the access token.
    pub session: Session,
    /// The current platform permissions.
    pub platform: Vec<PlatformPermission>,
    /// Whether the platform roles grant nothing until two-factor log-in is set up.
    pub lacks_two_factor: bool,
}

impl SignedIn {
    /// The account that is logged in.
    pub fn user_id(&self) -> UserId {
        self.session.user_id
    }

    /// Whether the account holds a platform permission.
    pub fn holds(&self, permission: PlatformPermission) -> bool {
        self.platform.contains(&permission)
    }
}

impl<'a, 'c, W> Context<'a, 'c, W> {
    /// The context of one transaction, which starts now.
    pub fn new(tx: &'a mut Tx<'c>, app: &'a App, origin: &'a Origin, caller: W) -> Self {
        Self { tx, caller, app, origin, now: crate::clock::now() }
    }

    /// Records an event in an organization's log, as caused by `actor`.
    pub fn record_in(&mut self, org: orgs::OrgId, actor: UserId, event: Event) {
        record(self.tx, self.origin, (org, Some(actor)), event, self.now);
    }
}

impl Context<'_, '_, Actor> {
    /// Whether the caller is a member that staff view as, with a view-as token.
    pub fn is_viewing_as(&self) -> bool {
        self.origin.user != Some(self.caller.user_id)
    }

    /// Records an event in the organization's log.
    pub fn record(&mut self, event: Event) {
        self.record_in(self.caller.org_id, self.caller.user_id, event);
    }
}

/// Records an event in an organization's log, as caused by `actor` through a request.
pub fn record(
    tx: &mut Tx<'_>,
    origin: &Origin,
    (org, actor): (orgs::OrgId, Option<users::UserId>),
    event: Event,
    at: DateTime<Utc>,
) {
    let request_id = origin.request_id.clone();
    tx.record(LogEntry { org, id: new_id(), actor, request_id, at, event });
}

/// A new id, for anything that the operation creates.
pub fn new_id() -> Uuid {
    crate::clock::new_id()
}

/// Requires that the membership is effective: the account has proved the address that the organization gave (R18),
/// and neither is suspended.
pub fn require_effective(member: &MemberCaller) -> Result<(), Problem> {
    if !member.may_claim {
        return Err(Problem::new(
            Code::AddressUnproved,
            "The organization added an address that this account has not proved.",
        ));
    }
    if !member.org_is_active {
        return Err(Problem::new(Code::OrganizationInactive, "This organization is inactive."));
    }
    if !member.is_active(crate::clock::now()) {
        return Err(Problem::new(Code::AccountDisabled, "You are suspended in this organization."));
    }
    if member.lacks_two_factor { Err(two_factor_is_missing()) } else { Ok(()) }
}

/// The refusal of a caller whose roles require two-factor log-in that is not set up.
pub fn two_factor_is_missing() -> Problem {
    Problem::new(
        Code::TwoFactorSetupRequired,
        "One of your roles requires two-factor log-in; set it up first (`set_up_my_two_factor`).",
    )
}

/// An act of the caller on an account, for its history.
pub fn account_event(kind: &'static str, user: UserId, origin: &Origin) -> AccountEvent {
    AccountEvent {
        actor: origin.user,
        address: origin.address.map(|address| address.to_string()),
        user_agent: origin.user_agent.clone(),
        request_id: origin.request_id.clone(),
        ..system_account_event(kind, user, None)
    }
}

/// An event of an account that no logged-in request caused.
pub fn system_account_event(kind: &'static str, user: UserId, address: Option<&str>) -> AccountEvent {
    AccountEvent {
        id: new_id(),
        user,
        org: None,
        kind,
        actor: None,
        at: crate::clock::now(),
        request_id: String::new(),
        address: address.map(str::to_owned),
        user_agent: None,
        reason: None,
        changes: Vec::new(),
    }
}
