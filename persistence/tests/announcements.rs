//! Whom an announcement of gained or lost rights reaches, however late it is, and what is left of it afterwards.
#![cfg(test)]

mod beside;
mod databases;

use beside::RawDatabase;
use chrono::{DateTime, TimeDelta, Utc};
use databases::{Postgres, unique};
use persistence::{Db, Scope, Tx};
use users::UserId;
use uuid::Uuid;

const STAYS: u128 = 1;
const LOST: u128 = 2;
const GONE_LONG_AGO: u128 = 3;

fn changed_at() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000)
}

fn stored(at: DateTime<Utc>) -> String {
    format!("'{}'", at.format("%Y-%m-%dT%H:%M:%S%.6fZ"))
}

/// A holder of a right of the platform, or somebody who lost it.
fn add_approver(beside: &mut RawDatabase, user: u128, lost_at: Option<DateTime<Utc>>, announces: bool) {
    let text = |text: &str| format!("'{text}'");
    let id = beside.id(&user.to_string());
    let account =
        [("id", id.clone()), ("email", format!("'{user}@example.org'")), ("status", text("active"))];
    beside.add("users", &account, 1);
    let at = |at: Option<DateTime<Utc>>| at.map_or("NULL".to_owned(), stored);
    let approver = [
        ("approver_key", format!("'- delete_account {user}'")),
        ("approval_right", text("delete_account")),
        ("user_id", id),
        ("granted_by", text("[]")),
        ("held_since", stored(DateTime::UNIX_EPOCH)),
        ("known_since", stored(DateTime::UNIX_EPOCH)),
        ("lost_at", at(lost_at)),
        ("announces_at", at(lost_at.filter(|_| announces))),
    ];
    beside.add("approvers", &approver, 1);
}

async fn written<T: Send + 'static>(
    db: &Db,
    work: impl Fn(&mut Tx<'_>) -> Result<T, persistence::StoreError> + Clone + Send + 'static,
) -> T {
    db.write(Scope::PLATFORM, work).await.unwrap()
}

async fn a_late_announcement_reaches_whoever_lost_the_right(url: &str) {
    let db = Db::open(url, 1).unwrap();
    db.migrate().unwrap();
    let mut beside = RawDatabase::open(url);
    add_approver(&mut beside, STAYS, None, false);
    add_approver(&mut beside, LOST, Some(changed_at()), true);
    add_approver(&mut beside, GONE_LONG_AGO, Some(changed_at() - TimeDelta::days(30)), false);
    let announcement = [
        ("announcement_key", "'- lost 1'".to_owned()),
        ("is_lost", "TRUE".to_owned()),
        ("announces_at", stored(changed_at())),
    ];
    beside.add("announcements", &announcement, 1);
    for late in [TimeDelta::zero(), TimeDelta::days(7), TimeDelta::days(40)] {
        let found = written(&db, move |tx| {
            let announcement = tx.announcement("- lost 1")?.unwrap();
            let about: Vec<_> =
                tx.announced(&announcement)?.into_iter().map(|one| one.user.0.as_u128()).collect();
            let told = tx.next_to_notify(&announcement, changed_at() + late, 100)?;
            Ok((about, told.into_keys().map(|user| user.0.as_u128()).collect::<Vec<_>>()))
        })
        .await;
        assert_eq!(found, (vec![LOST], vec![STAYS, LOST]), "after {late}");
    }
}

async fn the_end_of_an_account_leaves_nothing_to_announce(url: &str) {
    let db = Db::open(url, 1).unwrap();
    db.migrate().unwrap();
    let mut beside = RawDatabase::open(url);
    add_approver(&mut beside, STAYS, None, false);
    beside.run(&format!("UPDATE approvers SET announces_at = {}", stored(changed_at())));
    written(&db, |tx| tx.end_rights_to_approve(UserId(Uuid::from_u128(STAYS)), changed_at())).await;
    assert_eq!(beside.count("approvers WHERE lost_at IS NOT NULL"), 1);
    assert_eq!(beside.count("approvers WHERE announces_at IS NOT NULL"), 0);
}

/// A new SQLite database and its folder.
fn sqlite() -> (std::path::PathBuf, String) {
    let folder = std::env::temp_dir().join(unique());
    std::fs::create_dir_all(&folder).unwrap();
    let url = format!("sqlite://{}", folder.join("steward.db").display());
    (folder, url)
}

#[tokio::test]
async fn a_late_announcement_reaches_whoever_lost_the_right_on_sqlite() {
    let (folder, url) = sqlite();
    a_late_announcement_reaches_whoever_lost_the_right(&url).await;
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn a_late_announcement_reaches_whoever_lost_the_right_on_postgres() {
    let Some(database) = Postgres::create() else { return };
    a_late_announcement_reaches_whoever_lost_the_right(&database.url()).await;
}

#[tokio::test]
async fn the_end_of_an_account_leaves_nothing_to_announce_on_sqlite() {
    let (folder, url) = sqlite();
    the_end_of_an_account_leaves_nothing_to_announce(&url).await;
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn the_end_of_an_account_leaves_nothing_to_announce_on_postgres() {
    let Some(database) = Postgres::create() else { return };
    the_end_of_an_account_leaves_nothing_to_announce(&database.url()).await;
}
