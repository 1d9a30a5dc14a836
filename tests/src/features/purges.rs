//! Which deleted accounts can't be purged: those with acts for others in their history (S001-44, S003-14).

use std::thread::sleep;
use std::time::Duration;

use serde_json::{Value, json};

use super::fixtures::stranger;
use super::helpers::{column, text};
use super::votes::two_owners;
use crate::harness::{Client, Org, OwnServer, PASSWORD, Person, Reply};

/// Acts of a platform manager for others, as their history records them.
const ACTS: [&str; 7] = [
    "agreement_published",
    "platform_changed",
    "invitation_created",
    "invitation_deleted",
    "invitation_resent",
    "invitation_revoked",
    "invitation_url_read",
];

fn act(own: &OwnServer, kind: &str, by: &Client) -> Value {
    let platform = &own.platform_owner().client;
    let path = |by: &Client, rest: &str| {
        let made = by.post("/invitations", json!({"email": stranger()})).expect(201);
        format!("/invitations/{}{rest}", text(&made, "id"))
    };
    match kind {
        "agreement_published" => {
            let terms =
                json!({"agreement_key": "terms_of_use", "title": "Terms", "url": "https://x.example/terms"});
            by.post("/agreements", terms).expect(201)
        }
        "platform_changed" => by.patch("/platform-settings", json!({"time_zone": "Asia/Tokyo"})).expect(200),
        // Another administrator deletes it: only the history names its inviter then.
        "invitation_created" => platform.delete(&path(by, "")).expect(204),
        "invitation_deleted" => by.delete(&path(platform, "")).expect(204),
        "invitation_resent" => {
            let resend = path(platform, "/resend");
            own.sql("UPDATE invitations SET last_sent_at = '2020-01-01T00:00:00.000000Z'");
            by.post_empty(&resend).expect(200)
        }
        "invitation_revoked" => by.post_empty(&path(platform, "/revoke")).expect(200),
        "invitation_url_read" => by.get(&path(platform, "/url")).expect(200),
        other => panic!("nobody knows how to do {other}"),
    }
}

/// Deletes these accounts at their owners' request.
fn leave(own: &OwnServer, people: &[&Person]) {
    for person in people {
        let wish = json!({"current_password": PASSWORD, "retention_notice_version": 1, "is_confirmed": true});
        person.client.post("/me/schedule-deletion", wish).expect(202);
    }
    own.wait_for_sql("SELECT count(*) FROM users WHERE deletion_due_at IS NOT NULL", "0");
}

/// The id of a person as the database writes it in a statement.
fn id_of(own: &OwnServer, person: &Person) -> String {
    match own.database_url() {
        Some(_) => format!("'{}'::uuid", person.id),
        None => format!("x'{}'", person.id.replace('-', "")),
    }
}

fn new_id(own: &OwnServer) -> &'static str {
    if own.database_url().is_some() { "gen_random_uuid()" } else { "randomblob(16)" }
}

const PREFERENCES: &str = "SELECT count(*) FROM mail_preferences";

fn purge(by: &Client, person: &Person) -> Reply {
    let approval = json!({"approved_by": "Counsel", "approved_on": "2020-11-20", "reference": "LEGAL-1"});
    by.post(&format!("/users/{}/purge", person.id), approval)
}

#[test]
fn s001_44_s003_14_accounts_with_acts_for_others_are_not_purged() {
    let own = OwnServer::start(&[]);
    let platform = &own.platform_owner().client;
    platform.patch("/platform-settings", json!({"grace_days": 0})).expect(200);
    let org = Org::on(own.platform_owner());
    let holder = |role: &str| {
        let person = org.add_member(&["rbt"], &[], None);
        let path = format!("/users/{}/platform-roles/{role}", person.id);
        let given = platform.put(&path, json!({"reason": "Helps."})).expect(202);
        assert_eq!(given["status"], "approved", "nobody else could agree");
        person
    };
    let idle = holder("platform_manager");
    let acting = ACTS.map(|kind| (kind, holder("platform_manager")));
    let purger = holder("platform_owner");

    idle.client.get("/platform-settings").expect(200);
    let mine = json!({"name": "Ida Idle", "muted_mails": ["new_reply"]});
    idle.client.patch("/me", mine).expect(200);
    let file = idle.client.upload(&org.id, "a.txt", "text/plain", b"Gone again.").expect(201);
    idle.client.delete(&org.path(&format!("/attachments/{}", text(&file, "id")))).expect(204);
    assert_eq!(own.sql(PREFERENCES), "1");
    acting.iter().for_each(|(kind, person)| drop(act(&own, kind, &person.client)));
    leave(&own, &[&org.rbt2]);
    purge(&purger.client, &org.rbt2).expect(204);
    let kept: Vec<(&str, &Person)> =
        acting.iter().map(|(kind, person)| (*kind, person)).chain([("account_purged", &purger)]).collect();
    let everybody: Vec<&Person> = kept.iter().map(|(_, person)| *person).chain([&idle]).collect();
    leave(&own, &everybody);

    for (kind, person) in kept {
        let refused = purge(platform, person);
        assert_eq!((refused.status, refused.code()), (409, "records_retained"), "{kind}");
        let known =
            platform.get(&format!("/users/{}/activity?purpose=Check&limit=100", person.id)).expect(200);
        assert!(column(&known, "kind").contains(&kind.to_owned()), "{kind}: {known}");
    }
    assert_eq!(own.sql(PREFERENCES), "0", "the preferences are removed");
    purge(platform, &idle).expect(204);
    platform.get(&format!("/users/{}", idle.id)).refused(404, "not_found");
}

#[test]
fn s003_14_the_rest_of_a_long_history_goes_after_the_answer() {
    let own = OwnServer::start(&[]);
    let platform = &own.platform_owner().client;
    platform.patch("/platform-settings", json!({"grace_days": 0})).expect(200);
    let org = Org::on(own.platform_owner());
    leave(&own, &[&org.rbt2]);
    let (id, new_id) = (id_of(&own, &org.rbt2), new_id(&own));
    // Forty times as many as one transaction removes, so that the job is not done before the next look.
    let many = "(SELECT 1 FROM role_permissions a CROSS JOIN role_permissions b CROSS JOIN role_permissions c LIMIT 20000) AS many";
    own.sql(&format!(
        "INSERT INTO account_events (id, user_id, kind, occurred_at, request_id, changes) \
         SELECT {new_id}, e.user_id, e.kind, e.occurred_at, e.request_id, e.changes \
         FROM (SELECT * FROM account_events WHERE user_id = {id} LIMIT 1) AS e, {many}"
    ));
    let left = format!("SELECT count(*) FROM account_events WHERE user_id = {id}");
    assert!(own.sql(&left).parse::<i64>().unwrap() > 20_000);
    purge(platform, &org.rbt2).expect(204);
    platform.get(&format!("/users/{}", org.rbt2.id)).refused(404, "not_found");
    assert!(own.sql(&left).parse::<i64>().unwrap() > 0, "the answer did not wait for all of it");
    own.wait_for_sql(&left, "0");
    own.wait_for_sql(&format!("SELECT count(*) FROM users WHERE id = {id}"), "0");
}

#[test]
fn s000_15_deletions_that_cannot_be_read_keep_none_waiting_behind_them() {
    let own = OwnServer::start(&[]);
    own.platform_owner().client.patch("/platform-settings", json!({"grace_days": 0})).expect(200);
    let org = Org::on(own.platform_owner());
    let (id, new_id) = (id_of(&own, &org.rbt2), new_id(&own));
    // More than the job reads in one go, all of them due before the one that is sound.
    own.sql(&format!(
        "INSERT INTO users (id, email, name, locale, status, created_at, updated_at, deletion_due_at, status_before_deletion) \
         SELECT {new_id}, 'unread' || n || '@many.example', name, locale, 'unknown', created_at, updated_at, '2020-01-01T00:00:00.000000Z', 'active' \
         FROM users, (SELECT row_number() OVER () AS n FROM role_permissions LIMIT 60) AS many WHERE id = {id}"
    ));
    assert_eq!(own.sql("SELECT count(*) FROM users WHERE status = 'unknown'"), "60");
    let wish = json!({"current_password": PASSWORD, "retention_notice_version": 1, "is_confirmed": true});
    org.rbt2.client.post("/me/schedule-deletion", wish).expect(202);
    own.wait_for_sql(&format!("SELECT status FROM users WHERE id = {id}"), "deleted");
    assert!(own.log().contains("job.deletions account="), "what cannot be read is logged with its id");
}

#[test]
fn s000_15_a_long_deletion_that_would_leave_no_owner_removes_nothing() {
    let own = OwnServer::start(&[]);
    let (org, second) = two_owners(&own);
    let (id, other) = (id_of(&own, &second), id_of(&own, &org.owner));
    let wish = json!({"current_password": PASSWORD, "retention_notice_version": 1, "is_confirmed": true});
    second.client.post("/me/schedule-deletion", wish).expect(202);
    own.wait_until_mail_is_idle();
    // More than one transaction removes.
    own.sql(&format!(
        "INSERT INTO known_networks (user_id, network, logged_in_at) SELECT {id}, 'network ' || n, '2099-01-01T00:00:00.000000Z' FROM \
         (SELECT row_number() OVER () AS n FROM role_permissions a CROSS JOIN role_permissions b LIMIT 1200) AS many"
    ));
    let networks = format!("SELECT count(*) FROM known_networks WHERE user_id = {id}");
    let mails = format!("SELECT count(*) FROM mails WHERE user_id = {id}");
    let before = (own.sql(&networks), own.sql(&mails));
    assert!(before.1.parse::<i64>().unwrap() > 0, "{before:?}");
    let set_owner = |sql: &str| own.sql(&format!("UPDATE membership_roles SET {sql} AND user_id = {other}"));
    set_owner("role_key = 'rbt' WHERE role_key = 'owner'");
    own.sql(&format!("UPDATE users SET deletion_due_at = '2020-01-01T00:00:00.000000Z' WHERE id = {id}"));
    let refused = format!("job.deletions account={}", second.id);
    for _ in 0..300 {
        if own.log().contains(&refused) {
            break;
        }
        sleep(Duration::from_millis(100));
    }
    assert!(own.log().contains(&refused), "the job has not come to it");
    assert_eq!((own.sql(&networks), own.sql(&mails)), before, "nothing is removed");
    let status = format!("SELECT status FROM users WHERE id = {id}");
    assert_eq!(own.sql(&status), "deletion_scheduled");
    set_owner("role_key = 'owner' WHERE role_key = 'rbt'");
    own.wait_for_sql(&status, "deleted");
    assert_eq!((own.sql(&networks).as_str(), own.sql(&mails).as_str()), ("0", "0"));
}
