//! Invitations whose inviter is deactivated or may offer less now, and invitations to the platform in
//! comparison with those to an organization: semantics 37, S001-9 to S001-20.

use std::thread::sleep;
use std::time::Duration;

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::fixtures::{instant, stranger, use_code, written};
use super::helpers::*;
use crate::harness::{Org, OwnServer, Person, Reply};

/// The times of an invitation, earlier by this, for the database.
fn earlier(made: &Value, time: TimeDelta) -> String {
    ["created_at", "valid_from", "valid_until", "last_sent_at"]
        .map(|name| format!("{name} = '{}'", written(instant(&made[name]) - time)))
        .join(", ")
}

/// Lets time pass for an invitation, whoever may still read it.
fn let_pass(own: &OwnServer, made: &Value, time: TimeDelta) {
    let (earlier, email) = (earlier(made, time), text(made, "email"));
    let update = format!("UPDATE invitations SET {earlier} WHERE email = '{email}' RETURNING email");
    assert_eq!(own.sql(&update), email, "one row is changed");
    own.end_mail_pauses();
}

/// Creates an account as a member of this organization.
fn settle(org: &Org, email: &str) -> Person {
    let body = json!({"email": email, "name": "Gil Guest", "roles": ["rbt"]});
    let made = org.owner.client.post(&org.path("/members"), body).expect(201);
    org.set_up(&made)
}

/// Grants a platform role on a platform with one owner, who needs no approval.
fn give(own: &OwnServer, person: &Person, role: &str) {
    let path = format!("/users/{}/platform-roles/{role}", person.id);
    let given = own.platform_owner().client.put(&path, json!({"reason": "Helps."})).expect(202);
    assert_eq!(given["status"], "approved", "nobody else could agree");
}

/// Why an inviter is not effective.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    AccountSuspended,
    Removed,
    OrganizationOff,
    PlatformInviterSuspended,
}

/// An invitation by somebody who will be deactivated.
struct Waiting<'a> {
    own: &'a OwnServer,
    cause: Cause,
    org: Org,
    inviter: Person,
    guest: Person,
    made: Value,
    code: String,
}

impl<'a> Waiting<'a> {
    fn new(own: &'a OwnServer, elsewhere: &Org, cause: Cause) -> Self {
        let (org, email) = (Org::on(own.platform_owner()), stranger());
        let inviter = org.manager.clone();
        let (list, body) = if cause == Cause::PlatformInviterSuspended {
            give(own, &inviter, "platform_manager");
            ("/invitations".to_owned(), json!({"email": email}))
        } else {
            (org.path("/invitations"), json!({"email": email, "roles": ["rbt"]}))
        };
        let made = inviter.client.post(&list, body).expect(201);
        let url = inviter.client.get(&format!("{list}/{}/url", text(&made, "id"))).expect(200);
        let guest = settle(elsewhere, &email);
        Self { own, cause, org, inviter, guest, made, code: text(&url, "code") }
    }

    /// Deactivates the inviter, or reactivates them.
    fn turn(&self, is_on: bool) {
        let (platform, owner) = (&self.own.platform_owner().client, &self.org.owner.client);
        let members = self.org.path("/members");
        match (self.cause, is_on) {
            (Cause::AccountSuspended | Cause::PlatformInviterSuspended, _) => {
                let path =
                    format!("/users/{}/{}", self.inviter.id, ["suspend", "reactivate"][usize::from(is_on)]);
                platform.post(&path, json!({"reason": "Away for a while."})).expect(200)
            }
            (Cause::Removed, false) => owner.delete(&format!("{members}/{}", self.inviter.id)).expect(204),
            (Cause::Removed, true) => {
                let body = json!({"email": self.inviter.email, "name": "Mona", "roles": ["manager"]});
                owner.post(&members, body).expect(201);
                // A member with an existing account is effective once they claim the membership.
                self.inviter.client.get(&self.org.path("/tickets")).expect(200)
            }
            (Cause::OrganizationOff, _) => {
                platform.patch(&self.org.path(""), json!({"is_active": is_on})).expect(200)
            }
        };
    }

    fn status(&self) -> String {
        let path = format!("/invitations/{}", text(&self.made, "id"));
        let reply = match self.cause {
            Cause::PlatformInviterSuspended => self.own.platform_owner().client.get(&path),
            _ => self.org.owner.client.get(&self.org.path(&path)),
        };
        text(&reply.expect(200), "status")
    }

    fn accept(&self) -> Reply {
        use_code(&self.guest.client, "accept", &self.code)
    }

    fn reminders(&self) -> usize {
        self.own.mailbox().about(&self.guest.email, "Reminder").len()
    }
}

#[test]
fn semantics_37_invitations_are_suspended_while_their_inviter_is_inactive_for_any_reason() {
    let own = OwnServer::start(&[]);
    let elsewhere = Org::on(own.platform_owner());
    let causes =
        [Cause::AccountSuspended, Cause::Removed, Cause::OrganizationOff, Cause::PlatformInviterSuspended];
    let all = causes.map(|cause| Waiting::new(&own, &elsewhere, cause));
    let nearly = TimeDelta::days(27) + TimeDelta::hours(1);
    for waiting in &all {
        assert_eq!(waiting.status(), "pending", "{:?}", waiting.cause);
        waiting.turn(false);
        let_pass(&own, &waiting.made, nearly);
    }
    let body = json!({"email": stranger(), "roles": ["rbt"]});
    let other = elsewhere.owner.client.post(&elsewhere.path("/invitations"), body).expect(201);
    let_pass(&own, &other, nearly);
    own.mailbox().wait_for(&text(&other, "email"), "Reminder");
    // Longer than the jobs wait with what is due.
    sleep(Duration::from_millis(6_500));
    for waiting in &all {
        if waiting.cause != Cause::OrganizationOff {
            assert_eq!(waiting.status(), "suspended", "{:?}", waiting.cause);
        }
        waiting.accept().refused(409, "conflict");
        for what in ["preview", "decline"] {
            use_code(&own.client(), what, &waiting.code).refused(409, "conflict");
        }
        assert_eq!(waiting.reminders(), 0, "{:?}", waiting.cause);
    }
    for waiting in &all {
        waiting.turn(true);
        assert_eq!(waiting.status(), "pending", "{:?}", waiting.cause);
        own.mailbox().wait_for(&waiting.guest.email, "Reminder");
        let accepted = waiting.accept().expect(200);
        let joined = (accepted["org_id"] == json!(waiting.org.id), waiting.reminders());
        assert_eq!(joined, (waiting.cause != Cause::PlatformInviterSuspended, 1), "{:?}", waiting.cause);
    }
}

#[test]
fn s001_16_semantics_37_suspended_invitations_delay_no_reminder_of_another() {
    // More than the jobs process at once.
    const MANY: usize = 60;
    let own = OwnServer::start(&[]);
    let (platform, org) = (&own.platform_owner().client, Org::on(own.platform_owner()));
    let other = org.add_member(&["manager"], &[&org.downtown, &org.riverside], None);
    let invite_many = |by: &Person| {
        let emails: Vec<String> = (0..MANY).map(|_| stranger()).collect();
        let body = json!({"emails": emails, "roles": ["rbt"]});
        by.client.post(&org.path("/invitation-batches"), body).expect(200)["results"][0]["data"].clone()
    };
    let made = [&org.manager, &other].map(invite_many);
    own.wait_until_mail_is_idle();
    org.suspend(&org.manager);
    let account = format!("/users/{}", other.id);
    let why = json!({"reason": "Away for a while."});
    platform.post(&format!("{account}/suspend"), why.clone()).expect(200);
    let nearly = TimeDelta::days(27) + TimeDelta::hours(1);
    own.sql(&format!("UPDATE invitations SET {}", earlier(&made[0], nearly + TimeDelta::hours(1))));

    let email = stranger();
    let body = json!({"email": email, "roles": ["rbt"]});
    let waiting = org.owner.client.post(&org.path("/invitations"), body).expect(201);
    let_pass(&own, &waiting, nearly);
    own.mailbox().wait_for(&email, "Reminder");
    let reminded = "SELECT count(*) FROM invitations WHERE reminded_at IS NOT NULL";
    assert_eq!(own.sql(reminded), "1", "those that wait for their inviters are left alone");
    org.reactivate(&org.manager);
    platform.post(&format!("{account}/reactivate"), why).expect(200);
    own.wait_for_sql(reminded, &(2 * MANY + 1).to_string());
}

#[test]
fn semantics_37_an_invitation_cannot_be_accepted_if_its_inviter_lost_the_permission() {
    let own = OwnServer::start(&[]);
    let elsewhere = Org::on(own.platform_owner());
    let held_up = |waiting: &Waiting<'_>| {
        waiting.accept().refused(409, "conflict");
        assert_eq!(waiting.status(), "pending", "a refusal decides nothing");
    };
    let by_role = Waiting::new(&own, &elsewhere, Cause::AccountSuspended);
    change_member(&by_role.org, &by_role.inviter, json!({"roles": ["rbt"]}));
    held_up(&by_role);
    change_member(&by_role.org, &by_role.inviter, json!({"roles": ["manager"]}));
    by_role.accept().expect(200);
    let by_right = Waiting::new(&own, &elsewhere, Cause::AccountSuspended);
    let held = |role: &str| {
        let path = by_right.org.path(&format!("/roles/{role}"));
        words(&by_right.org.owner.client.get(&path).expect(200)["permissions"])
    };
    let (manager, rbt) = (held("manager"), held("rbt"));
    let [manager, rbt] = [&manager, &rbt].map(|all| all.iter().map(String::as_str).collect::<Vec<_>>());
    let fewer: Vec<&str> = manager.iter().copied().filter(|word| *word != "invite_members").collect();
    grant(&by_right.org, "manager", &fewer);
    held_up(&by_right);
    grant(&by_right.org, "manager", &manager);
    let more: Vec<&str> = rbt.iter().copied().chain(["manage_org"]).collect();
    grant(&by_right.org, "rbt", &more);
    held_up(&by_right);
    grant(&by_right.org, "rbt", &rbt);
    by_right.accept().expect(200);
    let of_platform = Waiting::new(&own, &elsewhere, Cause::PlatformInviterSuspended);
    let role = format!("/users/{}/platform-roles/platform_manager", of_platform.inviter.id);
    own.platform_owner().client.delete(&role).expect(204);
    held_up(&of_platform);
    give(&own, &of_platform.inviter, "platform_manager");
    of_platform.accept().expect(200);
}

#[test]
fn s001_10_to_s001_20_invitations_to_the_platform_behave_as_those_to_an_organization() {
    let own = OwnServer::start(&[]);
    let (client, nobody) = (&own.platform_owner().client, own.client());
    let at = |made: &Value, rest: &str| format!("/invitations/{}{rest}", text(made, "id"));
    let invite = || client.post("/invitations", json!({"email": stranger()})).expect(201);
    let code = |made: &Value| text(&client.get(&at(made, "/url")).expect(200), "code");
    let (revoked, declined, waiting) = (invite(), invite(), invite());
    assert_eq!((&revoked["kind"], &revoked["org_id"]), (&json!("platform"), &Value::Null));
    client.post_empty(&at(&revoked, "/resend")).refused(429, "too_many_attempts");
    let_pass(&own, &revoked, TimeDelta::minutes(16));
    client.post_empty(&at(&revoked, "/resend")).expect(200);
    own.mailbox().wait_for_many(&text(&revoked, "email"), "invites you", 2);
    let (first, second) = (code(&revoked), code(&declined));
    assert_eq!(client.post_empty(&at(&revoked, "/revoke")).expect(200)["status"], "revoked");
    use_code(&nobody, "decline", &second).expect(204);
    for dead in [first, second] {
        for what in ["preview", "decline"] {
            use_code(&nobody, what, &dead).refused(410, "gone");
        }
        use_code(client, "accept", &dead).refused(410, "gone");
    }
    for over in [&revoked, &declined] {
        for rest in ["/resend", "/revoke"] {
            client.post_empty(&at(over, rest)).refused(409, "invalid_transition");
        }
    }
    let email = stranger();
    let emails = json!([email, "no address", email.to_uppercase()]);
    let done = client.post("/invitation-batches", json!({"emails": emails})).expect(200);
    let results = json!({"data": done["results"]});
    assert_eq!(column(&results, "status"), ["created", "refused", "refused"]);
    assert_eq!(places(&done["results"][1]["problem"]), set_of(&["#/emails/1"]));
    assert_eq!(done["results"][2]["problem"]["code"], "already_exists");
    let bulk = &done["results"][0]["data"];
    assert_eq!((&bulk["kind"], &bulk["batch_id"]), (&json!("platform"), &done["batch_id"]));
    for (status, expected) in
        [("revoked", vec![&revoked]), ("declined", vec![&declined]), ("pending", vec![bulk, &waiting])]
    {
        let page = client.get(&format!("/invitations?status={status}")).expect(200);
        let ids: Vec<String> = expected.iter().map(|made| text(made, "id")).collect();
        assert_eq!(column(&page, "id"), ids, "{status}");
    }
    let counts = client.get("/invitation-analytics").expect(200)["counts"].clone();
    let numbers = ["total", "pending", "declined", "revoked", "accepted"].map(|name| &counts[name]);
    assert_eq!(numbers, [&json!(4), &json!(2), &json!(1), &json!(1), &json!(0)]);
    client.delete(&at(&declined, "")).refused(409, "conflict");
    client.delete(&at(&revoked, "")).expect(204);
    client.get(&at(&revoked, "")).refused(404, "not_found");
}

#[test]
fn s001_17_the_mail_of_the_platform_names_the_role_in_words() {
    let own = OwnServer::start(&[]);
    let body = json!({"email": stranger(), "platform_role": "platform_tech_support"});
    let made = own.platform_owner().client.post("/invitations", body).expect(201);
    let mail = own.mailbox().wait_for(&text(&made, "email"), "invites you");
    assert!(mail.text.contains("Technical support"), "{}", mail.text);
    for part in [&mail.subject, &mail.text, &mail.html] {
        assert!(!part.contains("platform_tech_support"), "{part}");
    }
}
