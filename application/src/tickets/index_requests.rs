//! The search index of the requests that a person filed, after their name or address changed.

use chrono::DateTime;
use orgs::OrgId;
use persistence::{AccountRequest, AccountRequestKind, Page, Tx};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tickets::TicketId;
use users::{Account, EmailAddress, UserId};
use uuid::Uuid;

use crate::clock::{new_id, now};
use crate::problem::Problem;

/// Requests indexed in one transaction, which blocks other writers.
const AT_ONCE: i64 = 25;

/// The requests that remain to be indexed: those of a person in one organization, after a position.
#[derive(Serialize, Deserialize)]
struct Rest {
    user_id: Uuid,
    org_id: Uuid,
    /// The position of the last indexed request: its creation time in microseconds since 1970, and its id.
    after: Option<(i64, Uuid)>,
}

/// Indexes again all requests that a person filed in these organizations. Some are indexed at once, the rest in
/// separate transactions right after this one.
pub fn index_requests(tx: &mut Tx<'_>, account: &Account, orgs: &[OrgId]) -> Result<(), Problem> {
    let mut left = AT_ONCE;
    for org in orgs {
        let rest = Rest { user_id: account.id.0, org_id: org.0, after: None };
        if left > 0 {
            left -= index_some(tx, &account.email, &rest, left)?;
        } else {
            leave(tx, &account.email, rest)?;
        }
    }
    Ok(())
}

/// Indexes what an earlier transaction left.
pub fn index_rest(tx: &mut Tx<'_>, email: &EmailAddress, rest: &Value) -> Result<(), Problem> {
    let rest = Rest::deserialize(rest).map_err(|_| Problem::internal())?;
    index_some(tx, email, &rest, AT_ONCE).map(drop)
}

/// Returns the number of requests indexed.
fn index_some(tx: &mut Tx<'_>, email: &EmailAddress, rest: &Rest, at_most: i64) -> Result<i64, Problem> {
    let org = OrgId(rest.org_id);
    tx.enter(org)?;
    let place = |(at, id): (i64, Uuid)| Some((DateTime::from_timestamp_micros(at)?, TicketId(id)));
    let page = Page { after: rest.after.and_then(place), limit: at_most };
    let indexed = tx.index_requests_of(org, UserId(rest.user_id), page)?;
    let count = i64::try_from(indexed.len()).unwrap_or(i64::MAX);
    if count == at_most {
        let after = indexed.last().map(|(at, id)| (at.timestamp_micros(), id.0));
        leave(tx, email, Rest { after, ..*rest })?;
    }
    Ok(count)
}

/// Queues the rest for a separate transaction.
fn leave(tx: &mut Tx<'_>, email: &EmailAddress, rest: Rest) -> Result<(), Problem> {
    let request = AccountRequest {
        id: new_id(),
        kind: AccountRequestKind::IndexRequests,
        email: email.clone(),
        payload: json!(rest),
        address: String::new(),
        created_at: now(),
    };
    Ok(tx.add_account_request(&request)?)
}
