//! Lists of invitations: fields, filters and sorting: S001-14, S001-16.

use std::thread::sleep;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::helpers::*;
use super::invitations::{accept, at, code, invite, invited, stranger};
use crate::harness::Org;

#[test]
fn s001_14_the_list_is_filtered_and_sorted() {
    let org = Org::new();
    let (a, b) = (format!("a-{}", stranger()), format!("b-{}", stranger()));
    let first = invited(&org, &b);
    let second =
        invite(&org, &org.manager, &a, json!({"roles": ["bcba"], "valid_until": "2036-01-01T00:00:00Z"}))
            .expect(201);
    org.owner.client.post_empty(&at(&org, &first, "/revoke")).expect(200);
    let ids = |query: &str| {
        column(&org.owner.client.get(&org.path(&format!("/invitations?{query}"))).expect(200), "id")
    };
    let (one, two) = (text(&first, "id"), text(&second, "id"));
    assert_eq!(ids("sort=email"), [two.clone(), one.clone()]);
    assert_eq!(ids("sort=-email"), [one.clone(), two.clone()]);
    for sort in ["created_at", "last_sent_at", "valid_until"] {
        assert_eq!(ids(&format!("sort={sort}")), [one.clone(), two.clone()], "{sort}");
        assert_eq!(ids(&format!("sort=-{sort}")), [two.clone(), one.clone()], "{sort}");
        let paged: Vec<String> =
            walk_ids(&org.owner.client, &org.path(&format!("/invitations?sort={sort}&limit=1")));
        assert_eq!(paged, [one.clone(), two.clone()], "{sort}");
    }
    assert_eq!(ids("status=revoked"), [one.as_str()]);
    assert_eq!(ids("status=pending"), [two.as_str()]);
    assert_eq!(ids("role=bcba"), [two.as_str()]);
    assert_eq!(ids(&format!("inviter_id={}", org.owner.id)), [one.as_str()]);
    assert_eq!(ids("q=b-guest"), [one.as_str()]);
    org.owner.client.get(&org.path("/invitations?sort=code_hash")).refused(422, "validation_failed");
}

/// Four invitations of one organization: accepted, suspended, expired and pending.
struct Four {
    org: Org,
    accepted: Value,
    suspended: Value,
    expired: Value,
    pending: Value,
}

impl Four {
    fn new() -> Self {
        let (org, other) = (Org::new(), Org::new());
        let accepted = invited(&org, &other.rbt.email);
        accept(&other.rbt.client, &code(&org, &accepted)).expect(200);
        let suspended = invite(&org, &org.manager, &stranger(), json!({"roles": ["bcba"]})).expect(201);
        org.suspend(&org.manager);
        let told: DateTime<Utc> = text(&suspended, "created_at").parse().unwrap();
        let short = json!({"valid_until": (told + TimeDelta::seconds(12)).to_rfc3339()});
        let expired = invite(&org, &org.owner, &stranger(), short).expect(201);
        let pending = invite(&org, &org.owner, &stranger(), json!({"roles": ["bcba", "rbt"]})).expect(201);
        sleep(Duration::from_millis(12_100));
        Self { org, accepted, suspended, expired, pending }
    }

    fn ids(&self, query: &str) -> Vec<String> {
        let path = self.org.path(&format!("/invitations?{query}"));
        column(&self.org.owner.client.get(&path).expect(200), "id")
    }

    fn named(&self, all: &[&Value]) -> Vec<String> {
        all.iter().map(|invitation| text(invitation, "id")).collect()
    }
}

#[test]
fn s001_14_each_status_is_found_by_itself() {
    let four = Four::new();
    for (status, one) in [
        ("accepted", &four.accepted),
        ("suspended", &four.suspended),
        ("expired", &four.expired),
        ("pending", &four.pending),
    ] {
        assert_eq!(four.ids(&format!("status={status}")), four.named(&[one]), "{status}");
    }
    assert_eq!(four.ids("status=revoked"), [""; 0]);
}

#[test]
fn s001_14_the_list_is_sorted_by_each_sortable_field() {
    let four = Four::new();
    let Four { accepted, suspended, expired, pending, .. } = &four;
    let rising = [
        // Equal rows are in the order of their creation.
        ("accepted_at", [suspended, expired, pending, accepted]),
        ("roles", [suspended, pending, accepted, expired]),
    ];
    for (sort, order) in rising {
        let mut order = four.named(&order);
        let path = |minus: &str| four.org.path(&format!("/invitations?sort={minus}{sort}&limit=1"));
        assert_eq!(walk_ids(&four.org.owner.client, &path("")), order, "{sort}");
        order.reverse();
        assert_eq!(walk_ids(&four.org.owner.client, &path("-")), order, "-{sort}");
    }
}

#[test]
fn s001_14_the_list_is_narrowed_by_times() {
    let four = Four::new();
    let Four { org, accepted, suspended, expired, pending } = &four;
    let seen = org.owner.client.get(&at(org, accepted, "")).expect(200);
    let then = text(&seen, "accepted_at");
    assert_eq!(four.ids(&format!("accepted_at_gte={then}")), four.named(&[accepted]));
    assert_eq!(four.ids(&format!("accepted_at_lt={then}")), [""; 0]);
    let later = text(suspended, "created_at");
    for time in ["created_at", "last_sent_at"] {
        let from = four.ids(&format!("sort=created_at&{time}_gte={later}"));
        assert_eq!(from, four.named(&[suspended, expired, pending]), "{time}");
        assert_eq!(four.ids(&format!("{time}_lt={later}")), four.named(&[accepted]), "{time}");
    }
    let end = text(suspended, "valid_until");
    let good = four.ids(&format!("sort=created_at&valid_until_gte={end}"));
    assert_eq!(good, four.named(&[suspended, pending]));
    let sooner = four.ids(&format!("sort=created_at&valid_until_lt={end}"));
    assert_eq!(sooner, four.named(&[accepted, expired]));
}

#[test]
fn s001_16_an_invitation_shows_the_status_of_its_mail() {
    let org = Org::new();
    let made = invited(&org, &stranger());
    assert_eq!((&made["kind"], &made["mail"]["status"]), (&json!("organization"), &json!("queued")));
    let mut seen = made.clone();
    for _ in 0..50 {
        seen = org.owner.client.get(&at(&org, &made, "")).expect(200);
        if seen["mail"]["status"] == "sent" {
            break;
        }
        sleep(Duration::from_millis(100));
    }
    let mail = &seen["mail"];
    assert_eq!((&mail["status"], &mail["attempts"]), (&json!("sent"), &json!(1)));
    assert_eq!((&mail["last_error"], mail["sent_at"].is_string()), (&Value::Null, true));
}
