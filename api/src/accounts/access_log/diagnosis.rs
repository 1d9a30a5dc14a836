use application::accounts::managed_account::ManagedAccount;
use application::clock::instant;
use application::context::Context;
use application::problem::Problem;
use orgs::OrgId;
use persistence::{AccountEventFilter, Page, Rows};
use roles::{Fix, LogInEvidence};
use serde::Serialize;
use tickets::{DataEvidence, DataVerdict, TicketScope};
use users::AccountEventKind;
use utoipa::ToSchema;
use uuid::Uuid;

/// One line of a diagnosis.
#[derive(Serialize, ToSchema)]
pub(crate) struct DiagnosisCheck {
    /// The check. Of a log-in: `account_exists`, `account_active`, `organization_active`, `password_correct`,
    /// `second_factor_correct`, `session_alive`. Of data: `correct_organization`, `isolation_works`, `data_exists`.
    check: String,
    is_passed: bool,
    /// The suggested fix; null if the check passed. Of a log-in: `create_account`, `confirm_account`, `reactivate_account`,
    /// `cancel_deletion`, `unlock_account`, `activate_organization`, `reactivate_membership`, `reset_password`, `reset_two_factor`, `log_in_again`. Of data:
    /// `add_membership`, `report_incident`, `look_elsewhere`, `grant_permission`, `file_request`.
    fix: Option<String>,
}

/// The checks of a log-in, in order. Start with the first that is not passed.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "user_id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1b", "status": "active", "checks": [
        {"check": "account_exists", "is_passed": true, "fix": null}, {"check": "account_active", "is_passed": true, "fix": null},
        {"check": "organization_active", "is_passed": true, "fix": null}, {"check": "password_correct", "is_passed": false, "fix": "reset_password"},
        {"check": "second_factor_correct", "is_passed": true, "fix": null},
        {"check": "session_alive", "is_passed": false, "fix": "log_in_again"}],
    "locked_until": null, "restrictions": [], "has_two_factor": false, "last_log_in_at": "2026-11-20T08:00:00.000000Z", "last_failure_at": "2026-11-22T14:05:00.000000Z",
    "last_failure_cause": "wrong_password"
}))]
pub(crate) struct LogInDiagnosis {
    user_id: Uuid,
    /// As listed by `list_account_statuses`.
    status: String,
    /// All six lines; for an organization's staff the first three of an account that is not the organization's alone.
    checks: Vec<DiagnosisCheck>,
    /// Until when log-ins are blocked after too many failures.
    #[schema(value_type = Option<DateTime<Utc>>)]
    locked_until: Option<String>,
    /// What the person has to do first after log-in: `change_password`, `accept_agreements`, and, before a role allows anything,
    /// `set_up_two_factor`.
    restrictions: Vec<String>,
    /// Whether log-in asks for a second factor; null for an organization's staff, unless the account is the organization's alone.
    has_two_factor: Option<bool>,
    #[schema(value_type = Option<DateTime<Utc>>)]
    last_log_in_at: Option<String>,
    #[schema(value_type = Option<DateTime<Utc>>)]
    last_failure_at: Option<String>,
    /// `wrong_password`, `wrong_code`, or what kept the person out whatever the password: `not_confirmed`, `suspended`, `deleted`,
    /// `temporary_password_expired`, `organization_inactive`.
    last_failure_cause: Option<String>,
}

/// Rows of one kind, counted to 10,000; for staff of some locations, those of their locations. Messages and files are
/// counted in the latest 1,000 requests.
#[derive(Serialize, ToSchema)]
pub(crate) struct RowCount {
    /// All of the organization.
    total: i64,
    /// Those that the person sees.
    visible: i64,
}

impl From<Rows> for RowCount {
    fn from(rows: Rows) -> Self {
        Self { total: rows.total, visible: rows.visible }
    }
}

/// Why a person sees no data in one organization.
#[derive(Serialize, ToSchema)]
pub(crate) struct OrgDataDiagnosis {
    org_id: Uuid,
    /// `healthy`, `wrong_organization`, `data_elsewhere`, `policy_issue` or `no_data`.
    verdict: String,
    checks: Vec<DiagnosisCheck>,
    tickets: RowCount,
    messages: RowCount,
    attachments: RowCount,
    /// Requests that the person filed here, counted among their latest 10,000.
    own_tickets: i64,
}

/// Why a person sees no data, for each of their organizations.
#[derive(Serialize, ToSchema)]
pub(crate) struct DataDiagnosis {
    user_id: Uuid,
    /// The verdict of the organization, or the worst of several. `wrong_organization`: the person belongs to none.
    verdict: String,
    organizations: Vec<OrgDataDiagnosis>,
}

const TRIES: AccountEventFilter = AccountEventFilter {
    is_claimed: false,
    kinds: &[AccountEventKind::LogInFailed],
    part: None,
    org: None,
    or_of_none: false,
    is_by_others: false,
};
const LOG_INS: AccountEventFilter =
    AccountEventFilter { kinds: &[AccountEventKind::SessionCreated], ..TRIES };

/// The number of checks that reveal nothing about other organizations.
const LINES_FOR_SHARED: usize = 3;

/// The log-in diagnosis of S003-23 for one account. If other organizations share the account, an organization sees
/// only its own part, without log-ins and other memberships.
pub(crate) fn diagnose_log_in<W>(
    ctx: &mut Context<'_, '_, W>,
    managed: &ManagedAccount,
) -> Result<LogInDiagnosis, Problem> {
    managed.authority.may_view()?;
    let (account, now) = (managed.account.as_of(ctx.now), ctx.now);
    let one = Page { after: None, limit: 1 };
    let is_shared = !managed.authority.sees_all();
    let (failure, log_in, membership_states) = ctx.tx.for_platform(|tx| {
        let membership_states = tx.membership_states(account.id, managed.org.filter(|_| is_shared), now)?;
        if is_shared {
            return Ok((None, None, membership_states));
        }
        let failure = tx.account_events(account.id, &TRIES, one)?.rows.into_iter().next();
        let log_in = tx.account_events(account.id, &LOG_INS, one)?.rows.into_iter().next();
        Ok::<_, persistence::StoreError>((failure, log_in, membership_states))
    })?;
    let failed_by = |cause: &str| {
        failure.as_ref().filter(|event| event.reason.as_deref() == Some(cause)).map(|event| event.at)
    };
    let has_two_factor = ctx.tx.has_two_factor(account.id)?;
    let session = ctx.tx.sessions_of(account.id, Page { after: None, limit: 1 })?.into_iter().next();
    let evidence = LogInEvidence {
        membership_states,
        has_platform_role: !is_shared && !ctx.tx.platform_roles(account.id)?.is_empty(),
        has_password: ctx.tx.password_hash(account.id)?.is_some(),
        last_wrong_password_at: failed_by("wrong_password"),
        last_wrong_code_at: failed_by("wrong_code").filter(|_| has_two_factor),
        last_log_in_at: log_in.as_ref().map(|event| event.at),
        latest_session: session,
    };
    let checks = roles::diagnose_log_in(&account, &evidence, now).map(|check| DiagnosisCheck {
        check: check.kind.as_str().to_owned(),
        is_passed: check.fix.is_none(),
        fix: check.fix.map(Fix::as_str).map(str::to_owned),
    });
    let lines = if is_shared { LINES_FOR_SHARED } else { checks.len() };
    let restrictions = crate::accounts::sessions::restrictions_of(ctx.tx, &account)?;
    let asks = match managed.org {
        Some(org) => ctx.tx.member_caller(org, account.id)?.is_some_and(|m| m.lacks_two_factor),
        None => {
            ctx.tx.memberships_of(account.id, now)?.iter().any(|m| m.lacks_two_factor)
                || ctx.tx.lacks_platform_two_factor(account.id, evidence.has_platform_role)?
        }
    };
    let lacks = asks.then_some("set_up_two_factor");
    Ok(LogInDiagnosis {
        user_id: account.id.0,
        status: account.status.as_str().to_owned(),
        checks: checks.into_iter().take(lines).collect(),
        locked_until: account.locked_until.filter(|until| now < *until).map(instant),
        restrictions: restrictions.iter().map(|r| r.as_str()).chain(lacks).map(str::to_owned).collect(),
        has_two_factor: (!is_shared).then_some(has_two_factor),
        last_log_in_at: evidence.last_log_in_at.map(instant),
        last_failure_at: failure.as_ref().map(|event| instant(event.at)),
        last_failure_cause: failure.and_then(|event| event.reason),
    })
}

/// The data diagnosis of S003-24, for each organization within the caller's authority.
pub(crate) fn diagnose_data<W>(
    ctx: &mut Context<'_, '_, W>,
    managed: &ManagedAccount,
) -> Result<DataDiagnosis, Problem> {
    let user = managed.account.id;
    let orgs = match managed.org {
        Some(org) => vec![org],
        None => ctx.tx.orgs_of(user)?,
    };
    let mut own = Vec::new();
    for org in &orgs {
        ctx.tx.enter(*org)?;
        own.push(ctx.tx.filed_requests(*org, user, &managed.reach)?.total());
    }
    let all: i64 = own.iter().sum();
    let mut organizations = Vec::new();
    for (org, own_here) in orgs.into_iter().zip(own) {
        organizations.push(diagnose_data_in(ctx, managed, org, own_here, all - own_here)?);
    }
    let worst = |verdict: &str| organizations.iter().any(|o: &OrgDataDiagnosis| o.verdict == verdict);
    let order = ["policy_issue", "wrong_organization", "data_elsewhere", "no_data", "healthy"];
    let verdict = order.into_iter().find(|verdict| worst(verdict));
    Ok(DataDiagnosis {
        user_id: user.0,
        verdict: verdict.unwrap_or(DataVerdict::WrongOrganization.as_str()).to_owned(),
        organizations,
    })
}

fn diagnose_data_in<W>(
    ctx: &mut Context<'_, '_, W>,
    managed: &ManagedAccount,
    org: OrgId,
    own_here: i64,
    elsewhere: i64,
) -> Result<OrgDataDiagnosis, Problem> {
    ctx.tx.enter(org)?;
    let caller = ctx.tx.member_caller(org, managed.account.id)?;
    let counts_here = caller.as_ref().is_some_and(|m| m.is_active(ctx.now) && m.org_is_active);
    let scope = caller.and_then(|member| TicketScope::of(&member.actor).ok());
    let seen_by = scope.as_ref().filter(|_| counts_here);
    let counts = ctx.tx.data_counts(org, &managed.reach, seen_by)?;
    let evidence = DataEvidence {
        belongs: counts_here,
        may_see_tickets: scope.is_some(),
        tickets: counts.tickets.total,
        own_tickets: own_here,
        visible_tickets: counts.tickets.visible,
        strangers_tickets: counts.strangers_tickets,
        own_tickets_elsewhere: elsewhere,
    };
    let (checks, verdict) = tickets::diagnose_data(&evidence);
    let checks = checks.map(|check| DiagnosisCheck {
        check: check.kind.as_str().to_owned(),
        is_passed: check.fix.is_none(),
        fix: check.fix.map(|fix| fix.as_str().to_owned()),
    });
    Ok(OrgDataDiagnosis {
        org_id: org.0,
        verdict: verdict.as_str().to_owned(),
        checks: checks.into(),
        tickets: counts.tickets.into(),
        messages: counts.messages.into(),
        attachments: counts.attachments.into(),
        own_tickets: own_here,
    })
}
