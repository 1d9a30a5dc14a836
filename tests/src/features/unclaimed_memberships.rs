//! What an organization sees of a member with an existing account whom it added: R15, S003-9.

use serde_json::{Value, json};

use super::helpers::*;
use crate::harness::document::document;
use crate::harness::{Org, PASSWORD, Person, platform_owner, server, unique};

pub(super) const SENT: &str = "Whom we call Bob";

/// A member of another organization, added by this one under the name that it entered.
pub(super) fn unclaimed_member(org: &Org) -> Person {
    let known = Org::new().rbt;
    add_unclaimed(org, &known, "rbt");
    known
}

pub(super) fn add_unclaimed(org: &Org, known: &Person, role: &str) {
    let body = json!({"email": known.email, "name": SENT, "roles": [role], "location_ids": [org.downtown]});
    let made = org.owner.client.post(&org.path("/members"), body).expect(201);
    assert_eq!(made["user_id"], json!(known.id));
    assert_eq!((&made["name"], &made["account_status"]), (&json!(SENT), &Value::Null));
}

pub(super) fn place(org: &Org, person: &Person, rest: &str) -> String {
    org.path(&format!("/members/{}{rest}", person.id))
}

pub(super) fn shown(org: &Org, person: &Person) -> Value {
    org.owner.client.get(&place(org, person, "")).expect(200)
}

/// Changes the address of the account, and returns it.
pub(super) fn moved(person: &Person) -> String {
    let email = format!("{}@aaa.example", unique("moved"));
    let body = json!({"current_password": PASSWORD, "email": email});
    person.client.post("/me/change-address", body).expect(202);
    let token = server().mailbox().wait_for(&email, "Confirm your new").token();
    person.client.post("/address-changes/confirm", json!({"token": token})).expect(204);
    email
}

/// Changes the name of the account, and returns it.
pub(super) fn renamed(person: &Person) -> String {
    let name = unique("Zoe");
    person.client.patch("/me", json!({"name": name})).expect(200);
    name
}

#[test]
fn r15_an_unclaimed_membership_shows_only_what_was_entered() {
    let org = Org::new();
    let person = unclaimed_member(&org);
    let (before, tag) = (shown(&org, &person), org.owner.client.get(&place(&org, &person, "")).etag());
    assert_eq!((&before["name"], &before["email"]), (&json!(SENT), &json!(person.email)));
    assert_eq!((&before["account_status"], &before["locked_until"]), (&Value::Null, &Value::Null));
    let (name, email) = (renamed(&person), moved(&person));
    platform_owner()
        .client
        .post(&format!("/users/{}/suspend", person.id), json!({"reason": "Check."}))
        .expect(200);
    assert_eq!(shown(&org, &person), before, "changes elsewhere are not shown");
    assert_eq!(org.owner.client.get(&place(&org, &person, "")).etag(), tag, "nor that there were any");
    let found = |query: &str| {
        let all = walk(&org.owner.client, &org.path(&format!("/members?{query}")));
        all.iter().filter(|m| m["user_id"] == json!(person.id)).count()
    };
    let found = ["whom", &person.email, &name, &email].map(|words| found(&format!("q={words}")));
    assert_eq!(found, [1, 1, 0, 0], "the person is found by what was entered");
}

#[test]
fn r15_requests_are_found_by_the_entered_name_until_the_claim() {
    let org = Org::new();
    let person = unclaimed_member(&org);
    let name = renamed(&person);
    let changes = json!({"on_behalf_of": person.id});
    let ticket = org.ticket_with(&org.manager, changes).expect(201);
    let found = |words: &str| {
        let path = org.path(&format!("/tickets?q={words}"));
        column(&json!({"data": walk(&org.manager.client, &path)}), "id").contains(&text(&ticket, "id"))
    };
    assert_eq!((found(&name), found("whom+call")), (false, true));
    let later = renamed(&person);
    assert_eq!((found(&later), found("whom+call")), (false, true), "a new name is not told either");
    person.client.get(&org.path(&format!("/tickets/{}", text(&ticket, "id")))).expect(200);
    assert_eq!((found(&later), found("whom+call")), (true, false));
}

#[test]
fn r15_people_are_sorted_by_the_shown_names() {
    let org = Org::new();
    let added: Vec<Person> = (0..3).map(|_| unclaimed_member(&org)).collect();
    renamed(&added[1]);
    moved(&added[2]);
    for (sort, field) in [("name", "name"), ("-name", "name"), ("email", "email"), ("-email", "email")] {
        let all = walk(&org.owner.client, &org.path(&format!("/members?limit=2&sort={sort}")));
        let mut names = column(&json!({"data": all}), field);
        assert_eq!(names.len(), walk(&org.owner.client, &org.path("/members")).len(), "each is listed once");
        if sort.starts_with('-') {
            names.reverse();
        }
        assert!(names.is_sorted(), "{sort}: {names:?}");
    }
}

/// What staff may do about a membership, and the organization's own records.
const OWN: [&str; 7] =
    ["accesses", "activity", "data-diagnosis", "log-ins", "reactivate", "support-history", "suspend"];

#[test]
fn r15_staff_neither_view_nor_change_an_account_before_the_claim() {
    let org = Org::new();
    let person = unclaimed_member(&org);
    let why = json!({"reason": "Asked for by phone."});
    let mut tried = 0;
    for operation in document().operations.values() {
        let Some(rest) = operation.path.split_once("/orgs/{org_id}/members/{user_id}/").map(|(_, rest)| rest)
        else {
            continue;
        };
        let path = place(&org, &person, &format!("/{rest}"));
        let body = match rest {
            "account" => json!({"name": "Bob", "reason": "Asked for by phone."}),
            "schedule-deletion" => {
                json!({"identity_method": "call_back", "retention_notice_version": 1, "is_confirmed": true, "reason": "Asked for."})
            }
            _ => why.clone(),
        };
        let client = &org.owner.client;
        let reply = match operation.method.as_str() {
            "GET" => client.get(&format!("{path}?purpose=Check")),
            "PATCH" => client.patch(&path, body),
            _ if operation.value.get("requestBody").is_none() => client.post_empty(&path),
            _ => client.post(&path, body),
        };
        if OWN.contains(&rest) {
            let expected = if rest == "reactivate" { 409 } else { 200 };
            assert_eq!(reply.status, expected, "{rest}: {reply}");
            if rest == "suspend" {
                org.reactivate(&person);
            }
        } else {
            reply.refused(403, "membership_unclaimed");
            tried += 1;
        }
    }
    assert!(tried > 10, "{tried}");
    let log_ins = org.owner.client.get(&place(&org, &person, "/log-ins?purpose=Check")).expect(200);
    assert_eq!(log_ins["data"], json!([]), "log-ins are not the organization's");
}

/// An act by which a member claims the membership.
type Way = fn(&Org, &Person);

#[test]
fn r15_the_first_own_act_claims_the_membership() {
    let org = Org::new();
    let ways: [(&str, Way); 5] = [
        ("opens", |org, person| drop(person.client.get(&org.path("")).expect(200))),
        ("names", |org, person| {
            change_member(org, person, json!({"roles": ["owner"]}));
            drop(person.client.patch(&org.path(""), json!({"name": "Meadow"})).expect(200));
        }),
        ("reads five things at once", |org, person| {
            let read = |_| person.client.get(&org.path("/tickets")).status;
            assert_eq!(crate::races::concurrently::together(5, read), [200; 5]);
        }),
        ("reads", |org, person| drop(person.client.get(&org.path("/tickets")).expect(200))),
        ("writes", |org, person| drop(org.ticket(person))),
    ];
    for (way, come) in ways {
        let person = unclaimed_member(&org);
        let name = renamed(&person);
        let tag = org.owner.client.get(&place(&org, &person, "")).etag();
        person.client.get(&org.path("/members")).refused(403, "forbidden");
        person.client.get("/me").expect(200);
        assert_eq!(shown(&org, &person)["name"], SENT, "{way}: neither a refusal nor an own page claims it");
        come(&org, &person);
        let known = org.owner.client.get(&place(&org, &person, ""));
        assert_ne!(known.etag(), tag, "{way}: a client asks for it anew");
        let known = known.expect(200);
        assert_eq!((&known["name"], &known["account_status"]), (&json!(name), &json!("active")), "{way}");
        org.owner.client.get(&place(&org, &person, "/profile?purpose=Check")).expect(200);
    }
}

#[test]
fn r15_the_first_owner_of_an_organization_is_shown_as_entered() {
    let known = Org::new().rbt;
    let platform = &platform_owner().client;
    let body = json!({
        "name": "Meadow Clinic", "slug": unique("meadow"), "first_admin": {"email": known.email, "name": SENT},
    });
    let made = platform.post("/orgs", body).expect(201);
    let path = format!("/orgs/{}", text(&made, "id"));
    assert_eq!(made["admins"][0]["name"], SENT);
    assert_eq!(platform.get(&path).expect(200)["admins"][0]["name"], SENT);
    let name = renamed(&known);
    known.client.get(&format!("{path}/members")).expect(200);
    assert_eq!(platform.get(&path).expect(200)["admins"][0]["name"], json!(name));
}

#[test]
fn r15_an_account_that_the_organization_created_needs_no_claim() {
    let org = Org::new();
    let email = format!("{}@else.example", unique("pending"));
    let add = |name: &str| {
        let body = json!({"email": email, "name": name, "roles": ["rbt"]});
        org.owner.client.post(&org.path("/members"), body).expect(201)
    };
    let made = add("Pia Pending");
    let path = org.path(&format!("/members/{}", text(&made, "user_id")));
    org.owner.client.delete(&path).expect(204);
    let again = add("Pia");
    assert_eq!((&again["user_id"], &again["name"]), (&made["user_id"], &json!("Pia Pending")));
    assert_eq!(again["account_status"], "pending_confirmation");
    org.owner.client.post(&format!("{path}/confirm"), json!({"reason": "Came by."})).expect(200);
}
