//! What only storage can show about invitations: invalid codes, and due reminders.
#![cfg(test)]

mod databases;

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use databases::{Postgres, unique};
use invitations::{Invitation, InvitationId, NewInvitation, Offer};
use persistence::{Db, Scope, StoreError};
use users::{Account, EmailAddress, PersonName, Suspension, UserId};
use uuid::Uuid;

const INVITER: UserId = UserId(Uuid::from_u128(1));

fn email(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

fn day(n: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000 + n)
}

fn invitation(number: u128, to: &str) -> Invitation {
    let new = NewInvitation {
        email: email(to),
        offer: Offer::Platform(None),
        locale: "en".to_owned(),
        valid_from: None,
        valid_until: None,
        greeting: None,
        purpose: None,
        extra: BTreeMap::new(),
    };
    Invitation::new(InvitationId(Uuid::from_u128(number)), new, INVITER, None, day(0)).unwrap()
}

/// A migrated database with an inviter in it.
async fn with_inviter(url: &str) -> Db {
    let db = Db::open(url, 2).unwrap();
    db.migrate().unwrap();
    let account =
        Account::pending(INVITER, email("ann@example.org"), PersonName::parse("Ann").unwrap(), day(0));
    let account = account.confirm(day(0)).unwrap();
    db.write(Scope::PLATFORM, move |tx| tx.add_account(&account, None)).await.unwrap();
    db
}

async fn works(db: &Db, hash: &'static str) -> bool {
    db.read(Scope::PLATFORM, move |tx| tx.invitation_by_code(hash)).await.unwrap().is_some()
}

/// The numbers of those that need a reminder on a day.
async fn to_remind(db: &Db, on: i64) -> Vec<u128> {
    let ids = db
        .read(Scope::PLATFORM, move |tx| tx.invitations_to_remind(day(on), day(on + 3), None, 10))
        .await
        .unwrap();
    ids.into_iter().map(|(_, id)| id.0.as_u128()).collect()
}

async fn a_resend_with_another_end_invalidates_the_old_code(db: &Db) {
    let made = invitation(11, "sam@example.org");
    let kept = made.clone();
    db.write(Scope::PLATFORM, move |tx| tx.add_invitation(&kept, "first", day(0))).await.unwrap();
    let again = made.resend(None, true, day(1)).unwrap();
    let kept = again.clone();
    db.write(Scope::PLATFORM, move |tx| tx.save_invitation(&kept, None)).await.unwrap();
    assert!(works(db, "first").await, "the same code");
    let longer = Invitation { version: 2, ..again }.resend(Some(day(60)), true, day(2)).unwrap();
    let kept = longer.clone();
    db.write(Scope::PLATFORM, move |tx| tx.save_invitation(&kept, Some("second"))).await.unwrap();
    assert!(!works(db, "first").await && works(db, "second").await);
    let stale = db.write(Scope::PLATFORM, move |tx| tx.save_invitation(&longer, Some("third"))).await;
    assert!(matches!(stale.unwrap_err(), StoreError::Locked | StoreError::Stale), "somebody was quicker");
}

async fn an_expired_one_is_replaced_and_never_open_again(db: &Db) {
    let (old, new) = (invitation(21, "eve@example.org"), invitation(22, "eve@example.org"));
    let (first, second) = (old.clone(), new.clone());
    db.write(Scope::PLATFORM, move |tx| tx.add_invitation(&first, "old", day(0))).await.unwrap();
    let twice = db.write(Scope::PLATFORM, move |tx| tx.add_invitation(&second, "new", day(1))).await;
    assert!(matches!(twice.unwrap_err(), StoreError::Unique(_)), "one open invitation an address");
    let second = new.clone();
    db.write(Scope::PLATFORM, move |tx| tx.add_invitation(&second, "new", day(31))).await.unwrap();
    let (id, late) = (old.id, UserId(Uuid::from_u128(99)));
    db.write(Scope::PLATFORM, move |tx| tx.claim_invitation(id, late, day(1))).await.unwrap();
    let claimed = db.read(Scope::PLATFORM, move |tx| tx.invitations_claimed_by(late)).await.unwrap();
    assert!(claimed.is_empty(), "what another one took the place of stays closed");
}

async fn reminders_are_due_once_and_of_active_inviters(db: &Db) {
    let made = invitation(31, "kim@example.org");
    let kept = made.clone();
    db.write(Scope::PLATFORM, move |tx| tx.add_invitation(&kept, "kim", day(0))).await.unwrap();
    assert!(!to_remind(db, 26).await.contains(&31));
    assert!(to_remind(db, 27).await.contains(&31));
    let inviter = db.read(Scope::PLATFORM, |tx| tx.account(INVITER)).await.unwrap().unwrap();
    let away = inviter.suspend(Suspension { reason: "Away".into(), until: None }, day(1)).unwrap();
    let shut = away.clone();
    db.write(Scope::PLATFORM, move |tx| tx.save_account(&shut)).await.unwrap();
    assert_eq!(to_remind(db, 27).await, Vec::<u128>::new());
    let back = Account { version: away.version + 1, ..away }.reactivate(day(2)).unwrap();
    db.write(Scope::PLATFORM, move |tx| tx.save_account(&back)).await.unwrap();
    let (reminded, is_notified) = made.remind(true, day(28)).unwrap();
    assert!(is_notified);
    db.write(Scope::PLATFORM, move |tx| tx.save_invitation(&reminded, None)).await.unwrap();
    assert!(!to_remind(db, 28).await.contains(&31), "once");
}

async fn all(db: &Db) {
    a_resend_with_another_end_invalidates_the_old_code(db).await;
    an_expired_one_is_replaced_and_never_open_again(db).await;
    reminders_are_due_once_and_of_active_inviters(db).await;
}

#[tokio::test]
async fn on_sqlite() {
    let folder = std::env::temp_dir().join(unique());
    std::fs::create_dir_all(&folder).unwrap();
    all(&with_inviter(&format!("sqlite://{}", folder.join("steward.db").display())).await).await;
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn on_postgres() {
    let Some(database) = Postgres::create() else { return };
    all(&with_inviter(&database.url()).await).await;
}
