//! The organization's audit log contains what was done, by whom and by which request: S000-19, S001-44.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::fixtures::{guest, instant, stage, stranger, written};
use super::helpers::*;
use crate::harness::{Org, Person, unique};

/// An organization whose log is read.
struct Logged(Org);

impl Logged {
    fn new() -> Self {
        Self(Org::on(stage().own.platform_owner()))
    }

    /// The events that a request has written: kind, organization and actor of each.
    fn kept(request: &str) -> String {
        let query = format!(
            "SELECT e.kind, o.slug, u.email FROM events e JOIN orgs o ON o.id = e.org_id \
             LEFT JOIN users u ON u.id = e.actor_id WHERE e.request_id = '{request}' ORDER BY e.seq"
        );
        stage().own.sql(&query)
    }

    /// The answer to a command, and the events that it has written.
    fn send(&self, by: &Person, command: (&str, &str), body: &Value) -> (u16, Value, String) {
        let ((method, rest), request) = (command, unique("audit"));
        let path = self.0.path(rest);
        let tag = (method == "PUT").then(|| by.client.get(path.trim_end_matches("/permissions")).etag());
        let mut headers = vec![("X-Request-Id", request.as_str())];
        headers.extend(tag.as_deref().map(|tag| ("If-Match", tag)));
        let reply = match body {
            Value::Null => by.client.send(method, &path, &headers, None),
            body => by.client.send_json(method, &path, &headers, body),
        };
        assert_eq!(reply.header("x-request-id"), Some(request.clone()), "{reply}");
        (reply.status, reply.body, Self::kept(&request))
    }

    /// Sends it, and asserts that exactly these events were written.
    fn writes(&self, by: &Person, command: (&str, &str), body: &Value, kinds: &[&str]) -> Value {
        let (status, answer, kept) = self.send(by, command, body);
        assert!((200..300).contains(&status), "{command:?}: {status} {answer}");
        let line = |kind: &&str| format!("{kind}|{}|{}", self.0.slug, by.email);
        let expected: Vec<String> = kinds.iter().map(line).collect();
        assert_eq!(kept, expected.join("\n"), "{command:?}");
        answer
    }

    /// Files a permission request, and returns its path.
    fn wish(&self, by: &Person) -> String {
        let body = json!({"requested_role": "manager", "justification": "I take over nights."});
        let made = self.writes(by, ("POST", "/permission-requests"), &body, &["permission_requested"]);
        format!("/permission-requests/{}", text(&made, "id"))
    }

    /// Somebody asks to join; returns the path of the request.
    fn request_to_join(&self) -> String {
        let body = json!({"org_slug": self.0.slug, "message": "I live around the corner."});
        let asked = guest().client.post("/me/membership-requests", body).expect(201);
        format!("/membership-requests/{}", text(&asked, "id"))
    }
}

fn review(explanation: &str) -> Value {
    json!({"identity_check": "Called back.", "consulted": "Mona Manager", "explanation": explanation})
}

#[test]
fn s000_19_s001_44_each_decision_on_a_person_is_in_the_log_with_who_and_by_which_request() {
    let log = Logged::new();
    let (org, owner) = (&log.0, &log.0.owner);
    let does = |verb: &str, path: &str, body: Value, kinds: &[&str]| {
        log.writes(owner, ("POST", &format!("{path}/{verb}")), &body, kinds)
    };
    does("grant", &log.wish(&org.rbt), review("Well."), &["permission_granted", "member_updated"]);
    does("deny", &log.wish(&org.rbt2), review("No."), &["permission_denied"]);
    owner.client.patch(&org.path(""), json!({"joining_mode": "by_request"})).expect(200);
    does(
        "approve",
        &log.request_to_join(),
        json!({"reason": "Come."}),
        &["membership_approved", "member_added"],
    );
    does("deny", &log.request_to_join(), json!({"reason": "We are full."}), &["membership_denied"]);
}

#[test]
fn s000_19_s001_44_each_change_of_an_organization_is_in_the_log_with_who_and_by_which_request() {
    let log = Logged::new();
    let template = "/mail-templates/permission_denied/en";
    let role = json!({"key": "front_desk", "name": "Front desk", "permissions": ["create_tickets"]});
    let grants = json!({"permissions": ["create_tickets", "view_members"]});
    for (method, path, body, kind) in [
        ("POST", "/roles", role, "role_created"),
        ("PATCH", "/roles/front_desk", json!({"name": "Reception"}), "role_updated"),
        ("PUT", "/roles/front_desk/permissions", grants, "role_permissions_replaced"),
        ("DELETE", "/roles/front_desk", Value::Null, "role_deleted"),
        ("PATCH", "", json!({"name": "Seaside Therapy"}), "org_updated"),
        ("PATCH", "/mail-settings", json!({"brand_colour": "#7a3b1d"}), "mail_settings_changed"),
        ("PUT", template, json!({"subject": "No", "text": "{{ explanation }}"}), "mail_template_replaced"),
        ("DELETE", template, Value::Null, "mail_template_removed"),
    ] {
        log.writes(&log.0.owner, (method, path), &body, &[kind]);
    }
}

#[test]
fn s000_19_s001_44_each_change_of_an_invitation_is_in_the_log_with_who_and_by_which_request() {
    let log = Logged::new();
    let body = json!({"email": stranger(), "roles": ["rbt"]});
    let made = log.writes(&log.0.manager, ("POST", "/invitations"), &body, &["invitation_created"]);
    let earlier = written(instant(&made["last_sent_at"]) - TimeDelta::minutes(16));
    let update = format!(
        "UPDATE invitations SET last_sent_at = '{earlier}' WHERE email = '{}' RETURNING email",
        text(&made, "email")
    );
    assert_eq!(stage().own.sql(&update), text(&made, "email"), "one row is changed");
    stage().own.end_mail_pauses();
    let path = format!("/invitations/{}", text(&made, "id"));
    for (method, rest, kind) in [
        ("POST", "/resend", "invitation_resent"),
        ("POST", "/revoke", "invitation_revoked"),
        ("DELETE", "", "invitation_deleted"),
    ] {
        log.writes(&log.0.manager, (method, &format!("{path}{rest}")), &Value::Null, &[kind]);
    }
}

#[test]
fn s000_19_s001_44_each_change_of_a_member_is_in_the_log_with_who_and_by_which_request() {
    let log = Logged::new();
    let owner = &log.0.owner;
    let body = json!({"email": stranger(), "name": "Gil Guest", "roles": ["rbt"]});
    log.writes(owner, ("POST", "/members"), &body, &["member_added"]);
    let path = format!("/members/{}", log.0.rbt.id);
    for (method, rest, body, kind) in [
        ("PATCH", "", json!({"roles": ["bcba"]}), "member_updated"),
        ("POST", "/suspend", json!({"reason": "Away."}), "member_suspended"),
        ("POST", "/reactivate", json!({"reason": "Back."}), "member_reactivated"),
        ("DELETE", "", Value::Null, "member_removed"),
    ] {
        log.writes(owner, (method, &format!("{path}{rest}")), &body, &[kind]);
    }
}

#[test]
fn s000_19_a_denial_is_mailed_and_final() {
    let log = Logged::new();
    let (org, owner) = (&log.0, &log.0.owner);
    let row = || {
        let query = format!(
            "SELECT p.granted_role, p.identity_check, p.consulted, p.explanation, p.decided_at, p.version, d.email \
             FROM permission_requests p JOIN users u ON u.id = p.user_id JOIN users d ON d.id = p.decided_by \
             WHERE u.email = '{}'",
            org.rbt.email
        );
        stage().own.sql(&query)
    };
    let wish = log.wish(&org.rbt);
    let deny = format!("{wish}/deny");
    let second = org.add_member(&["owner"], &[], None);
    log.writes(owner, ("POST", &deny), &review("Nights are taken."), &["permission_denied"]);
    let mail = stage().own.mailbox().wait_for(&org.rbt.email, "About your access at Lakeside Therapy");
    assert_eq!(mail.subject, "About your access at Lakeside Therapy");
    for words in ["Hello Rob Rbt", "Nights are taken."] {
        assert!(mail.text.contains(words), "{words}: {}", mail.text);
    }
    for kept_apart in ["Called back.", "Mona Manager"] {
        assert!(!mail.text.contains(kept_apart), "that is for reviewers: {}", mail.text);
    }
    let before = row();
    assert!(before.contains("Nights are taken.") && before.ends_with(&owner.email), "{before}");
    for by in [owner, &second] {
        for verb in ["grant", "deny"] {
            let path = format!("{wish}/{verb}");
            let (status, problem, kept) = log.send(by, ("POST", &path), &review("Changed my mind."));
            assert_eq!((status, &problem["code"]), (409, &json!("invalid_transition")), "{problem}");
            assert_eq!((kept.as_str(), row().as_str()), ("", before.as_str()), "{verb}");
        }
    }
    let member = owner.client.get(&org.path(&format!("/members/{}", org.rbt.id))).expect(200);
    assert_eq!(member["roles"], json!(["rbt"]));
    assert_eq!(stage().own.mailbox().about(&org.rbt.email, "About your access").len(), 1);
}
