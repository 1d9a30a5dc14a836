use std::collections::{BTreeMap, BTreeSet};

use application::context::Context;
use application::problem::Problem;
use chrono::{DateTime, TimeDelta, Utc};
use invitations::{InvitationStatus, Offer, REMINDER_DAYS};
use orgs::OrgId;
use persistence::InvitedBy;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::body::InvitationBody;

/// The period to analyze.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AnalyticsQuery {
    /// Created at or after this time. Default: one year ago.
    since: Option<DateTime<Utc>>,
}

/// The number of invitations by status.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub(crate) struct InvitationCounts {
    total: i64,
    pending: i64,
    suspended: i64,
    expired: i64,
    accepted: i64,
    declined: i64,
    revoked: i64,
    /// Accepted among those that are no longer open, from 0 to 1; null when there are none.
    acceptance_rate: Option<f64>,
}

/// The number of invitations of one inviter.
#[derive(Serialize, ToSchema)]
pub(crate) struct InviterCounts {
    inviter_id: Uuid,
    inviter_name: String,
    counts: InvitationCounts,
}

/// The invitations to one role.
#[derive(Serialize, ToSchema)]
pub(crate) struct RoleCounts {
    /// The role's key; `none` for a place in the platform without one.
    role: String,
    counts: InvitationCounts,
}

/// The results of invitations by length of validity.
#[derive(Serialize, ToSchema)]
pub(crate) struct ValidityCounts {
    /// Whole days from `valid_from` to `valid_until`.
    days: i64,
    counts: InvitationCounts,
}

/// The invitations created by one call.
#[derive(Serialize, ToSchema)]
pub(crate) struct BatchCounts {
    batch_id: Uuid,
    /// Whether all of them offer the same.
    is_consistent: bool,
    counts: InvitationCounts,
}

/// The outcomes of invitations.
#[derive(Serialize, ToSchema)]
pub(crate) struct InvitationAnalytics {
    counts: InvitationCounts,
    by_inviter: Vec<InviterCounts>,
    by_role: Vec<RoleCounts>,
    /// The outcomes by length of validity.
    by_validity: Vec<ValidityCounts>,
    batches: Vec<BatchCounts>,
    /// Those that end within three days, the first to end first; 100 at most.
    ending_soon: Vec<InvitationBody>,
}

/// The number of invitations analyzed, latest first.
const AT_MOST: i64 = 10_000;
const SHOWN: usize = 100;

impl InvitationCounts {
    fn of<'a>(all: impl IntoIterator<Item = &'a InvitedBy>, now: DateTime<Utc>) -> Self {
        let mut counts = Self::default();
        for found in all {
            counts.total += 1;
            let place = match found.invitation.status(found.inviter_is_active, now) {
                InvitationStatus::Pending => &mut counts.pending,
                InvitationStatus::Suspended => &mut counts.suspended,
                InvitationStatus::Expired => &mut counts.expired,
                InvitationStatus::Accepted => &mut counts.accepted,
                InvitationStatus::Declined => &mut counts.declined,
                InvitationStatus::Revoked => &mut counts.revoked,
            };
            *place += 1;
        }
        let ended = counts.accepted + counts.declined + counts.revoked + counts.expired;
        let number = |n: i64| i32::try_from(n).map_or(f64::from(i32::MAX), f64::from);
        counts.acceptance_rate = (ended > 0).then(|| number(counts.accepted) / number(ended));
        counts
    }
}

fn grouped<K: Ord>(all: &[InvitedBy], keys: impl Fn(&InvitedBy) -> Vec<K>) -> BTreeMap<K, Vec<&InvitedBy>> {
    let mut groups: BTreeMap<K, Vec<&InvitedBy>> = BTreeMap::new();
    for found in all {
        for key in keys(found) {
            groups.entry(key).or_default().push(found);
        }
    }
    groups
}

fn roles_of(found: &InvitedBy) -> Vec<String> {
    match &found.invitation.offer {
        Offer::Platform(role) => vec![role.map_or("none", |role| role.as_str()).to_owned()],
        Offer::Membership { roles, .. } => roles.iter().map(|key| key.as_str().to_owned()).collect(),
    }
}

/// The analytics (S001-20).
pub(super) fn analyse_invitations<W>(
    ctx: &mut Context<'_, '_, W>,
    org: Option<OrgId>,
    query: &AnalyticsQuery,
) -> Result<InvitationAnalytics, Problem> {
    let now = ctx.now;
    let since = query.since.unwrap_or(now - TimeDelta::days(365));
    let all = ctx.tx.invitations_since(org, since, AT_MOST)?;
    let by_inviter = grouped(&all, |f| vec![(f.invitation.inviter.0, f.inviter_name.clone())]);
    let days = |f: &InvitedBy| (f.invitation.valid_until - f.invitation.valid_from).num_days();
    let batches = grouped(&all, |f| f.invitation.batch.into_iter().collect());
    let is_ending = |f: &&InvitedBy| {
        f.invitation.status(f.inviter_is_active, now) == InvitationStatus::Pending
            && f.invitation.valid_until - now <= TimeDelta::days(REMINDER_DAYS)
    };
    let mut ending: Vec<&InvitedBy> = all.iter().filter(is_ending).collect();
    ending.sort_by_key(|found| found.invitation.valid_until);
    Ok(InvitationAnalytics {
        counts: InvitationCounts::of(&all, now),
        by_inviter: by_inviter
            .into_iter()
            .map(|((inviter_id, inviter_name), all)| InviterCounts {
                inviter_id,
                inviter_name,
                counts: InvitationCounts::of(all, now),
            })
            .collect(),
        by_role: grouped(&all, roles_of)
            .into_iter()
            .map(|(role, all)| RoleCounts { role, counts: InvitationCounts::of(all, now) })
            .collect(),
        by_validity: grouped(&all, |f| vec![days(f)])
            .into_iter()
            .map(|(days, all)| ValidityCounts { days, counts: InvitationCounts::of(all, now) })
            .collect(),
        batches: batches
            .into_iter()
            .map(|(batch_id, all)| BatchCounts {
                batch_id,
                is_consistent: all.iter().map(|f| roles_of(f)).collect::<BTreeSet<_>>().len() == 1,
                counts: InvitationCounts::of(all, now),
            })
            .collect(),
        ending_soon: ending.into_iter().take(SHOWN).map(|f| InvitationBody::of(f, now)).collect(),
    })
}
