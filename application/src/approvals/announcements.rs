//! Notifications about who gained or lost a right to approve critical changes (S001-30).

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use mail::MailKind;
use orgs::OrgId;
use persistence::{Announcement, Tx};
use users::{Account, UserId};

use super::votes::shown_email;
use crate::mail::queue::OutgoingMail;
use crate::problem::Problem;

/// Holders notified in one transaction, which blocks other writers.
const NOTICE_BATCH_SIZE: i64 = 100;
/// The largest number of people whose addresses a mail names.
const NAMED: usize = 3;

/// Notifies some of the previous holders of everybody who gained or lost a right in a change, with one mail per
/// holder. People who lost the right are notified as well. Returns true if another transaction must continue.
pub fn announce(tx: &mut Tx<'_>, key: &str, now: DateTime<Utc>) -> Result<bool, Problem> {
    let Some(announcement) = tx.announcement(key)? else { return Ok(false) };
    let org = announcement.org;
    org.map_or(Ok(()), |org| tx.enter(org))?;
    // Latest first, so that the people whom a holder is notified of come before all others.
    let mut changed = tx.announced(&announcement)?;
    changed.sort_by_key(|approver| (Reverse(approver.known_since), approver.user));
    let lost: BTreeSet<UserId> =
        changed.iter().filter(|_| announcement.is_lost).map(|approver| approver.user).collect();
    let holders = tx.next_to_notify(&announcement, now, NOTICE_BATCH_SIZE)?;
    let Some((last, _)) = holders.last_key_value().filter(|_| !changed.is_empty()) else {
        return Ok(tx.end_announcement(&announcement)?);
    };
    tx.save_notified(&announcement, *last)?;
    let mut emails = BTreeMap::new();
    for (holder, known_since) in &holders {
        let Some(account) = tx.account(*holder)?.filter(|account| !account.is_tombstone()) else { continue };
        if lost.contains(holder) {
            let email = shown_email(tx, &account, org)?;
            outgoing_mail(&account, None, &announcement).variable("email", email).queue(tx, now)?;
        }
        // Holders who gained the right at the same time or later are not notified.
        let until = changed.partition_point(|approver| approver.known_since > *known_since);
        let others = || changed.iter().take(until).filter(|approver| approver.user != *holder);
        let Some(valid_from) = others().map(|approver| approver.vote_starts_at).min() else { continue };
        let mut named = Vec::new();
        for approver in others().take(NAMED) {
            named.push(email_of(tx, &mut emails, approver.user, org)?);
        }
        let mut outgoing = outgoing_mail(&account, org, &announcement).variable("email", named.join(", "));
        if !announcement.is_lost {
            outgoing = outgoing.time("valid_from", valid_from);
        }
        match others().count() {
            1 => outgoing.queue(tx, now)?,
            count => outgoing.variable("count", count.to_string()).queue(tx, now)?,
        };
    }
    Ok(true)
}

fn outgoing_mail(to: &Account, org: Option<OrgId>, announcement: &Announcement) -> OutgoingMail {
    let change = if announcement.is_lost { "removed" } else { "added" };
    OutgoingMail::to(to, MailKind::ApproverChanged).from(org).variable("change", change)
}

/// The address by which the organization knows a person. Looked up once per person.
fn email_of(
    tx: &mut Tx<'_>,
    known: &mut BTreeMap<UserId, String>,
    user: UserId,
    org: Option<OrgId>,
) -> Result<String, Problem> {
    if let Some(email) = known.get(&user) {
        return Ok(email.clone());
    }
    let account = tx.account(user)?.ok_or_else(Problem::internal)?;
    let email = shown_email(tx, &account, org)?;
    known.insert(user, email.clone());
    Ok(email)
}
