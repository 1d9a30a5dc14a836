//! The jobs for votes and critical changes: notifications, reminders, and changes that are made when their
//! time ends (S001-30).

use serde_json::{Value, json};

use super::helpers::*;
use super::votes::*;
use crate::harness::{Org, OwnServer, Person};

const NEW: &str = "somebody new can approve critical changes";
const PENDING: &str = "a change will be made unless somebody objects";

fn asked_to_delete(org: &Org, person: &Person) -> Value {
    org.owner.client.post(&of(org, person, "/schedule-deletion"), deletion()).expect(202)
}

/// The id of a row as the database writes it in a statement.
fn id(server: &OwnServer, value: &Value) -> String {
    match server.database_url() {
        Some(_) => format!("'{}'", text(value, "id")),
        None => format!("x'{}'", text(value, "id").replace('-', "")),
    }
}

#[test]
fn s001_30_unreadable_changes_delay_no_others() {
    let server = OwnServer::start(&[]);
    let org = Org::on(server.platform_owner());
    let bad = asked_to_delete(&org, &org.bcba);
    let bad_id = id(&server, &bad);
    // More than the jobs read at once, all of them due before the valid one.
    let (new_id, earlier) = match server.database_url() {
        Some(_) => ("gen_random_uuid()", "'2020-01-01T00:00:00Z'::timestamptz"),
        None => ("randomblob(16)", "'2020-01-01T00:00:00.000000Z'"),
    };
    server.sql(&format!("UPDATE approvals SET payload = '{{}}' WHERE id = {bad_id}"));
    for due in ["reminds_at", "settles_at"] {
        server.sql(&format!(
            "INSERT INTO approvals (id, org_id, kind, subject_id, payload, reason, requested_by, requested_at, expires_at, version, takes_effect, {due}) \
             SELECT {new_id}, org_id, kind, subject_id, payload, reason, requested_by, requested_at, expires_at, version, takes_effect, {earlier} \
             FROM approvals a, (SELECT 1 FROM role_permissions LIMIT 60) AS many WHERE a.id = {bad_id}"
        ));
    }
    assert_eq!(server.sql("SELECT count(*) FROM approvals WHERE kind = 'delete_account'"), "121");
    let sound = asked_to_delete(&org, &org.rbt2);
    let_days_pass(&server, Some(&org), 6);
    server.mailbox().wait_for_many(&org.rbt2.email, PENDING, 2);
    let_days_pass(&server, Some(&org), 1);
    server.mailbox().wait_for(&org.rbt2.email, "will be deleted");
    let log = server.log();
    for job in ["reminder", "approval"] {
        assert!(
            log.contains(&format!("job.votes {job}=")),
            "{job}: what cannot be read is logged with its id"
        );
    }
    assert!(log.contains(&format!("job.votes reminder={}", text(&bad, "id"))));
    let path = org.path(&format!("/approvals/{}", text(&sound, "id")));
    assert_eq!(org.owner.client.get(&path).expect(200)["status"], "approved");
    org.bcba.client.get("/me").expect(200);
}

#[test]
fn s001_30_an_unreadable_announcement_delays_no_others() {
    let server = OwnServer::start(&[]);
    let (org, second) = two_owners(&server);
    let person = id(&server, &json!({"id": org.nowhere.id}));
    let (person, at, nobody) = match server.database_url() {
        Some(_) => (
            format!("{person}::uuid"),
            "'2020-01-01T00:00:00Z'::timestamptz + n * interval '1 second'",
            "'[]'::jsonb",
        ),
        None => (person, "strftime('%Y-%m-%dT%H:%M:%f000Z', '2020-01-01', n || ' seconds')", "'[]'"),
    };
    let many = "(SELECT row_number() OVER () AS n FROM role_permissions LIMIT 60) AS many";
    server.sql(&format!(
        "INSERT INTO approvers (approver_key, approval_right, user_id, held_since, vote_starts_at, granted_by, announces_at, known_since) \
         SELECT 'unknown ' || n, 'unknown', {person}, {at}, {at}, {nobody}, {at}, {at} FROM {many}"
    ));
    server.sql(&format!(
        "INSERT INTO announcements (announcement_key, is_lost, announces_at) SELECT 'unknown ' || n, FALSE, {at} FROM {many}"
    ));
    server.sql(&format!("UPDATE users SET status = 'unknown' WHERE id = {person}"));
    let made = org.add_member(&["owner"], &[], None);
    let mail = server.mailbox().wait_for(&second.email, NEW);
    assert!(mail.text.contains(&made.email), "{}", mail.text);
    let failed = "job.votes announcement=unknown 1 ";
    assert!(server.log().contains(failed), "what cannot be announced is logged with its key");
}

/// Number of mails with this text about a change of the approvers.
fn mails(server: &OwnServer, change: &str) -> String {
    let has = format!("variables LIKE '%\"change\":\"{change}\"%'");
    let has = match server.database_url() {
        Some(_) => format!("variables ->> 'change' = '{change}'"),
        None => has,
    };
    server.sql(&format!("SELECT count(*) FROM mails WHERE kind = 'approver_changed' AND {has}"))
}

/// Gives 249 others the same role in the organization as this person.
fn let_many_have_the_role_of(server: &OwnServer, org: &Org, person: &Person) {
    let (new_id, of_org, one) = match server.database_url() {
        Some(_) => ("gen_random_uuid()", format!("'{}'::uuid", org.id), format!("'{}'::uuid", person.id)),
        None => (
            "randomblob(16)",
            format!("x'{}'", org.id.replace('-', "")),
            format!("x'{}'", person.id.replace('-', "")),
        ),
    };
    server.sql(&format!(
        "INSERT INTO users (id, email, name, locale, status, created_at, updated_at, version) \
         SELECT {new_id}, 'many' || n || '@many.example', name, locale, status, created_at, updated_at, version \
         FROM users, (SELECT row_number() OVER () AS n FROM role_permissions a CROSS JOIN role_permissions b LIMIT 249) AS many \
         WHERE id = {one}"
    ));
    let many = "u.email LIKE 'many%@many.example'";
    server.sql(&format!(
        "INSERT INTO memberships (org_id, user_id, ticket_scope, is_active, created_at, updated_at, version, shown_name, shown_email) \
         SELECT m.org_id, u.id, m.ticket_scope, m.is_active, m.created_at, m.updated_at, m.version, u.name, u.email \
         FROM memberships m, users u WHERE m.org_id = {of_org} AND m.user_id = {one} AND {many}"
    ));
    server.sql(&format!(
        "INSERT INTO membership_roles (org_id, user_id, role_key) SELECT {of_org}, u.id, 'bcba' FROM users u WHERE {many}"
    ));
}

#[test]
fn s001_30_one_edit_that_grants_a_right_to_many_sends_one_mail_to_each_holder() {
    let server = OwnServer::start(&[]);
    let (org, second) = two_owners(&server);
    let path = org.path("/roles/bcba");
    let role = org.owner.client.get(&path).expect(200);
    let before = words(&role["permissions"]);
    // 250 people with the role, of whom one transaction notifies 100.
    let_many_have_the_role_of(&server, &org, &org.bcba);
    let over = || server.wait_for_sql("SELECT count(*) FROM announcements", "0");
    over();
    let told = mails(&server, "added").parse::<i64>().unwrap();
    let replace = |permissions: &[String]| {
        let tag = org.owner.client.get(&path).etag();
        let body = json!({"permissions": permissions});
        let path = format!("{path}/permissions");
        org.owner.client.send_json("PUT", &path, &[("If-Match", &tag)], &body).expect(200);
    };
    let mut with_right = before.clone();
    with_right.push("delete_member_accounts".to_owned());
    replace(&with_right);
    over();
    assert_eq!(mails(&server, "added").parse::<i64>().unwrap(), told + 2, "one for each of two owners");
    let mail = server.mailbox().wait_for(&second.email, "250 new people can approve critical changes");
    assert!(
        mail.text.contains("250 people have got the right") && mail.text.contains(" at "),
        "{}",
        mail.text
    );
    assert_eq!(server.sql("SELECT count(*) FROM approvers WHERE announces_at IS NOT NULL"), "0");

    replace(&before);
    over();
    server.mailbox().wait_for(&second.email, "250 people can no longer approve critical changes");
    server.mailbox().wait_for(&org.bcba.email, "somebody can no longer approve critical changes");
    assert_eq!(mails(&server, "removed"), "252", "the owners, and whoever lost it");
}

#[test]
fn s001_30_a_takeover_notifies_all_holders_and_not_more_than_100_in_one_transaction() {
    let server = OwnServer::start(&[]);
    let (org, second) = two_owners(&server);
    let_many_have_the_role_of(&server, &org, &org.bcba);
    let path = org.path("/roles/bcba");
    let role = org.owner.client.get(&path).expect(200);
    let mut with_right = words(&role["permissions"]);
    with_right.push("delete_member_accounts".to_owned());
    let (tag, body) = (org.owner.client.get(&path).etag(), json!({"permissions": with_right}));
    let permissions = format!("{path}/permissions");
    org.owner.client.send_json("PUT", &permissions, &[("If-Match", &tag)], &body).expect(200);
    server.wait_for_sql("SELECT count(*) FROM approvers WHERE announces_at IS NOT NULL", "0");

    let temporary = format!("/users/{}/set-temporary-password", second.id);
    server.platform_owner().client.post(&temporary, why()).expect(200);
    server.wait_for_sql("SELECT count(*) FROM account_requests", "0");
    assert_eq!(
        mails(&server, "suspended"),
        "252",
        "the account, the other owner, and 250 who hold the right"
    );
    let has = match server.database_url() {
        Some(_) => "variables ->> 'change' = 'suspended'",
        None => "variables LIKE '%\"change\":\"suspended\"%'",
    };
    let most = format!(
        "SELECT max(written) FROM (SELECT count(*) AS written FROM mails WHERE {has} GROUP BY created_at) AS at_once"
    );
    let most: i64 = server.sql(&most).parse().unwrap();
    assert!(most <= 101, "{most} mails were queued in one transaction");
}

#[test]
fn s001_30_a_holder_who_regains_a_right_is_announced_again() {
    let server = OwnServer::start(&[]);
    let (org, second) = two_owners(&server);
    let third = org.add_member(&["owner"], &[], None);
    let announced = || {
        let mails = server.mailbox().about(&second.email, NEW);
        mails.iter().filter(|mail| mail.text.contains(&third.email)).count()
    };
    let none_waits =
        || server.wait_for_sql("SELECT count(*) FROM approvers WHERE announces_at IS NOT NULL", "0");
    server.mailbox().wait_for(&second.email, NEW);
    none_waits();
    server.wait_until_mail_is_idle();
    let first = announced();
    assert!(first > 0);
    second.client.patch(&of(&org, &third, ""), json!({"roles": ["rbt"]})).expect(200);
    server.mailbox().wait_for(&second.email, "somebody can no longer approve critical changes");
    none_waits();
    org.owner.client.patch(&of(&org, &third, ""), json!({"roles": ["owner"]})).expect(200);
    none_waits();
    server.wait_until_mail_is_idle();
    assert_eq!(announced(), 2 * first, "as at the first time");
}

#[test]
fn s001_30_after_an_outage_over_the_last_day_the_reminder_leaves_a_day_to_object() {
    let server = OwnServer::start(&[]);
    let org = Org::on(server.platform_owner());
    let [asked, other] = [&org.rbt, &org.rbt2].map(|person| asked_to_delete(&org, person));
    server.mailbox().wait_for(&org.rbt2.email, PENDING);
    let_days_pass(&server, Some(&org), 9);
    server.mailbox().wait_for_many(&org.rbt2.email, PENDING, 2);
    server.mailbox().wait_for_many(&org.rbt.email, PENDING, 2);
    let hours = |hours: i64| match server.database_url() {
        Some(_) => format!("now() + interval '{hours} hours'"),
        None => format!("strftime('%Y-%m-%dT%H:%M:%f000Z', 'now', '+{hours} hours')"),
    };
    let leaves_a_day = format!(
        "SELECT count(*) FROM approvals WHERE settles_at > {} AND settles_at < {} AND settles_at > expires_at",
        hours(23),
        hours(25)
    );
    assert_eq!(server.sql(&leaves_a_day), "2");
    // Longer than the jobs wait with what is due.
    std::thread::sleep(std::time::Duration::from_millis(6_500));
    let deny = format!("/me/approvals/{}/deny", text(&asked, "id"));
    assert_eq!(org.rbt.client.post_empty(&deny).expect(200)["status"], "denied");
    let path = org.path(&format!("/approvals/{}", text(&other, "id")));
    assert_eq!(org.owner.client.get(&path).expect(200)["status"], "pending");
    let_days_pass(&server, Some(&org), 1);
    server.mailbox().wait_for(&org.rbt2.email, "will be deleted");
    org.rbt.client.get("/me").expect(200);
}

#[test]
fn s001_30_entering_the_account_of_an_inviter_makes_responsible_for_the_granted_right() {
    let server = OwnServer::start(&[]);
    let (org, second) = two_owners(&server);
    let path = org.path("/roles/bcba");
    let reply = org.owner.client.get(&path);
    let tag = reply.etag();
    let mut permissions = words(&reply.expect(200)["permissions"]);
    permissions.extend(["delete_member_accounts", "invite_members"].map(str::to_owned));
    permissions.sort();
    permissions.dedup();
    let body = json!({"permissions": permissions});
    org.owner
        .client
        .send_json("PUT", &format!("{path}/permissions"), &[("If-Match", &tag)], &body)
        .expect(200);
    // The editor of the role is no longer responsible for it.
    let_days_pass(&server, Some(&org), 8);

    let given = org.owner.client.post(&of(&org, &org.bcba, "/set-temporary-password"), why()).expect(200);
    let entered = change_password(&server, &org.bcba.email, &given, OTHER);
    let guest = Org::on(server.platform_owner()).rbt;
    let offer = json!({"email": guest.email, "roles": ["bcba"]});
    let invited = entered.post(&org.path("/invitations"), offer).expect(201);
    let url = org.path(&format!("/invitations/{}/url", text(&invited, "id")));
    let code = json!({"code": entered.get(&url).expect(200)["code"]});
    // Its owner has the account back before the invitation is accepted.
    forgot(&server, &org.bcba.email, "third-orchard-lantern-9");
    assert_eq!(server.sql("SELECT count(*) FROM takeovers"), "0");
    guest.client.post("/invitation-codes/accept", code).expect(200);

    let vote = || votes(&org.owner.client, &org.path("/approvers"), &guest);
    let right = |vote: &str| vec![("delete_member_accounts".to_owned(), vote.to_owned())];
    assert_eq!(vote(), right("starting"));
    let restore = org.path(&format!("/approvers/{}/restore-vote", guest.id));
    org.owner.client.post(&restore, why()).refused(403, "forbidden");
    second.client.post(&restore, why()).expect(204);
    assert_eq!(vote(), right("effective"));
}
