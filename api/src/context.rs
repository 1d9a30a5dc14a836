//! What an operation works with inside its transaction.

use chrono::{DateTime, Utc};
use orgs::Event;
use persistence::{AccountEvent, LogEntry, MemberCaller, Tx};
use roles::{Actor, PlatformPermission};
use users::{Session, UserId};
use uuid::Uuid;

use crate::answer::names_version;
use crate::app::App;
use crate::call::Head;
use crate::problem::{Code, Problem, sentence};

/// The transaction, the caller (`W`: a member by default), the time, and the log.
pub(crate) struct Context<'a, 'c, W = Actor> {
    pub(crate) tx: &'a mut Tx<'c>,
    pub(crate) caller: W,
    pub(crate) app: &'a App,
    pub(crate) head: &'a Head,
    pub(crate) now: DateTime<Utc>,
}

/// Somebody who is logged in, beside all organizations.
#[derive(Debug, Clone)]
pub(crate) struct SignedIn {
    pub(crate) session: Session,
    pub(crate) platform: Vec<PlatformPermission>,
    /// Whether their platform roles allow nothing before two-factor log-in is set up.
    pub(crate) lacks_two_factor: bool,
}

impl SignedIn {
    pub(crate) fn user_id(&self) -> UserId {
        self.session.user_id
    }

    pub(crate) fn holds(&self, permission: PlatformPermission) -> bool {
        self.platform.contains(&permission)
    }
}

impl<'a, 'c, W> Context<'a, 'c, W> {
    pub(crate) fn new(tx: &'a mut Tx<'c>, app: &'a App, head: &'a Head, caller: W) -> Self {
        Self { tx, caller, app, head, now: crate::clock::now() }
    }

    /// Goes on only if `If-Match`, if sent, names this version (W3).
    pub(crate) fn require_match(&self, version: i64, audience: &str) -> Result<(), Problem> {
        match &self.head.if_match {
            Some(sent) if !names_version(sent, version) => {
                let stale = Problem::new(Code::PreconditionFailed, "It was changed since you read it.");
                Err(stale.with_etag(crate::answer::etag(version, audience)))
            }
            _ => Ok(()),
        }
    }

    /// The same where `If-Match` has to be sent (W4).
    pub(crate) fn require_match_sent(&self, version: i64, audience: &str) -> Result<(), Problem> {
        if self.head.if_match.is_none() {
            return Err(Problem::new(
                Code::PreconditionRequired,
                "Send the `ETag` that you read as `If-Match`.",
            ));
        }
        self.require_match(version, audience)
    }

    /// Writes an event to an organization's log, as caused by `actor`.
    pub(crate) fn record_in(&mut self, org: orgs::OrgId, actor: UserId, event: Event) {
        record(self.tx, self.head, (org, Some(actor)), event, self.now);
    }
}

impl Context<'_, '_, Actor> {
    /// Writes an event to the organization's log.
    pub(crate) fn record(&mut self, event: Event) {
        self.record_in(self.caller.org_id, self.caller.user_id, event);
    }
}

/// Writes an event to an organization's log, as caused by `actor` through a request.
pub(crate) fn record(
    tx: &mut Tx<'_>,
    head: &Head,
    (org, actor): (orgs::OrgId, Option<users::UserId>),
    event: Event,
    at: DateTime<Utc>,
) {
    let request_id = head.request_id.clone();
    tx.record(LogEntry { org, id: new_id(), actor, request_id, at, event });
}

/// A new id for whatever the operation makes.
pub(crate) fn new_id() -> Uuid {
    crate::clock::new_id()
}

/// Requires that the membership is effective at this moment: the organization gave it to an address that this account has
/// proved (R18), and neither is suspended.
pub(crate) fn require_effective(member: &MemberCaller) -> Result<(), Problem> {
    if !member.may_claim {
        return Err(Problem::new(
            Code::AddressUnproved,
            "The organization added an address that this account has not proved.",
        ));
    }
    if !member.org_is_active {
        return Err(Problem::new(Code::OrganizationInactive, "This organization is switched off."));
    }
    if !member.is_active(crate::clock::now()) {
        return Err(Problem::new(Code::AccountDisabled, "You are suspended in this organization."));
    }
    if member.lacks_two_factor { Err(two_factor_is_missing()) } else { Ok(()) }
}

pub(crate) fn two_factor_is_missing() -> Problem {
    Problem::new(
        Code::TwoFactorSetupRequired,
        "A role of yours asks for two-factor log-in; set it up first (`set_up_my_two_factor`).",
    )
}

impl From<roles::Forbidden> for Problem {
    fn from(forbidden: roles::Forbidden) -> Self {
        Self::new(Code::Forbidden, sentence(&forbidden)).with_bad_credentials()
    }
}

impl From<roles::BeyondReach> for Problem {
    fn from(refused: roles::BeyondReach) -> Self {
        Self::new(Code::Forbidden, sentence(&refused))
    }
}

/// Something that the caller did to an account, for its history.
pub(crate) fn account_event(kind: &'static str, user: UserId, head: &Head) -> AccountEvent {
    AccountEvent {
        actor: head.bearer.map(|b| b.user_id),
        address: Some(head.address)
            .filter(|address| !address.is_unspecified())
            .map(|address| address.to_string()),
        user_agent: head.user_agent.clone(),
        request_id: head.request_id.clone(),
        ..system_account_event(kind, user, None)
    }
}

/// Something that happened to an account apart from any request that is logged in.
pub(crate) fn system_account_event(kind: &'static str, user: UserId, address: Option<&str>) -> AccountEvent {
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
