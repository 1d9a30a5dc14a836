//! The search index of the requests that a person filed, after their name or address changed.

use chrono::DateTime;
use orgs::OrgId;
use persistence::{Page, Tx};
use tickets::TicketId;
use users::{Account, EmailAddress, UserId};
use uuid::Uuid;

use crate::accounts::account_tasks::{AccountTask, UnindexedRequests};
use crate::problem::Problem;

/// Requests indexed in one transaction, which blocks other writers.
const BATCH_SIZE: i64 = 25;

/// Indexes again all requests that a person filed in these organizations. Some are indexed at once, the rest in
/// separate transactions right after this one.
pub fn index_requests(tx: &mut Tx<'_>, account: &Account, orgs: &[OrgId]) -> Result<(), Problem> {
    let mut left = BATCH_SIZE;
    for org in orgs {
        let rest = UnindexedRequests { user_id: account.id.0, org_id: org.0, after: None };
        if left > 0 {
            left -= index_some(tx, &account.email, &rest, left)?;
        } else {
            leave(tx, &account.email, rest)?;
        }
    }
    Ok(())
}

/// Indexes what an earlier transaction left.
pub fn index_rest(tx: &mut Tx<'_>, email: &EmailAddress, rest: &UnindexedRequests) -> Result<(), Problem> {
    index_some(tx, email, rest, BATCH_SIZE).map(drop)
}

/// Returns the number of requests indexed.
fn index_some(
    tx: &mut Tx<'_>,
    email: &EmailAddress,
    rest: &UnindexedRequests,
    at_most: i64,
) -> Result<i64, Problem> {
    let org = OrgId(rest.org_id);
    tx.enter(org)?;
    let place = |(at, id): (i64, Uuid)| Some((DateTime::from_timestamp_micros(at)?, TicketId(id)));
    let page = Page { after: rest.after.and_then(place), limit: at_most };
    let indexed = tx.index_requests_of(org, UserId(rest.user_id), page)?;
    let count = i64::try_from(indexed.len()).unwrap_or(i64::MAX);
    if count == at_most {
        let after = indexed.last().map(|(at, id)| (at.timestamp_micros(), id.0));
        leave(tx, email, UnindexedRequests { after, ..*rest })?;
    }
    Ok(count)
}

/// Queues the rest for a separate transaction.
fn leave(tx: &mut Tx<'_>, email: &EmailAddress, rest: UnindexedRequests) -> Result<(), Problem> {
    let request = AccountTask::IndexRequests(rest).for_address(email.clone(), String::new());
    Ok(tx.add_account_request(&request)?)
}
