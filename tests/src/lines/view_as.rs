//! Looking with a member's eyes: semantics 48. That nothing else can be done that way is in the table of rights.

use serde_json::{Value, json};

use super::introduced::introduced;
use super::kit::*;
use crate::harness::{Client, Org, Person, Reply, holder_of};

const WHY: &str = "Sees no requests, he says.";

fn ask(org: &Org, by: &Person, member: &Person) -> Reply {
    let path = org.path(&format!("/members/{}/view-as", member.id));
    by.client.post(&path, json!({"reason": WHY}))
}

/// The owner, with a member's eyes.
fn eyes_of(org: &Org, member: &Person) -> Client {
    eyes(org, &org.owner, member)
}

fn eyes(org: &Org, by: &Person, member: &Person) -> Client {
    let token = ask(org, by, member).expect(200);
    assert_eq!((&token["token_type"], &token["expires_in"]), (&json!("Bearer"), &json!(900)));
    assert_eq!(token["viewing_as"], json!(member.id));
    Client::with_token(&text(&token, "access_token"))
}

#[test]
fn semantics_48_whoever_looks_with_a_members_eyes_sees_what_he_sees_and_is_told_so() {
    let org = Org::new();
    let (own, others) = (org.ticket(&org.rbt), org.ticket(&org.rbt2));
    note(&org, &org.manager, &own, "Nothing for the requester.").expect(201);
    reply(&org, &org.manager, &own, "We are looking.").expect(201);
    let eyes = eyes_of(&org, &org.rbt);
    let [ticket, list] = [ticket_path(&org, &own, ""), org.path("/tickets")];
    let rest = ["/messages", "/events"].map(|rest| ticket_path(&org, &own, rest));
    let more = ["/me/ticket-summary", "/ticket-form", "/locations", "/permission-requests", "/categories"];
    let paths = [ticket.clone(), list.clone()].into_iter().chain(rest).chain(more.map(|p| org.path(p)));
    for path in paths {
        let (seen, his) = (eyes.get(&path), org.rbt.client.get(&path));
        assert_eq!(as_seen(&seen), as_seen(&his), "{path}");
        assert_eq!(seen.header("viewing-as").as_deref(), Some(org.rbt.id.as_str()), "{path}");
        assert_eq!(his.header("viewing-as"), None, "{path}: with his own eyes");
    }
    assert_eq!(walk_ids(&eyes, &list), [text(&own, "id")]);
    let hidden = eyes.get(&ticket_path(&org, &others, ""));
    assert_eq!(hidden.header("viewing-as").as_deref(), Some(org.rbt.id.as_str()), "refusals tell it too");
    hidden.refused(404, "not_found");
    let before = org.rbt.client.get(&org.path("/me/ticket-summary")).expect(200);
    assert_eq!(before["unread_reply_count"], 1, "what another saw is not read");
}

#[test]
fn semantics_48_both_are_told_of_and_why() {
    let org = Org::new();
    let path = org.path(&format!("/members/{}/view-as", org.rbt.id));
    for body in [json!({}), json!({"reason": ""})] {
        org.owner.client.post(&path, body).refused(422, "validation_failed");
    }
    eyes_of(&org, &org.rbt);
    eyes_of(&org, &org.rbt);
    let history = org.path(&format!("/members/{}/support-history?purpose=Check", org.rbt.id));
    for (reader, path, times) in [(&org.rbt, "/me/accesses".to_owned(), 2), (&org.owner, history, 2)] {
        let all = reader.client.get(&path).expect(200);
        let looks: Vec<&Value> =
            all["data"].as_array().unwrap().iter().filter(|event| event["kind"] == "viewed_as").collect();
        assert_eq!(looks.len(), times, "{path}: each time");
        for look in looks {
            let told = (&look["actor_id"], &look["reason"], &look["org_id"]);
            assert_eq!(told, (&json!(org.owner.id), &json!(WHY), &json!(org.id)), "{path}");
        }
    }
}

#[test]
fn semantics_48_nobody_looks_with_eyes_that_see_more_than_he_may() {
    let org = Org::new();
    let second = org.add_member(&["owner"], &[], None);
    ask(&org, &org.manager, &org.rbt).refused(403, "forbidden");
    ask(&org, &org.owner, &org.owner).refused(403, "forbidden");
    ask(&org, &org.rbt, &org.rbt2).refused(403, "forbidden");
    ask(&org, &org.owner, &second).expect(200);
    let with_more = ["view_as_members", "view_members", "create_tickets", "manage_tickets"];
    grant(&org, "manager", &with_more);
    ask(&org, &org.manager, &org.owner).refused(403, "forbidden");
    ask(&org, &org.manager, &org.rbt).expect(200);
    let local = org.add_member(&["manager"], &[&org.riverside], Some("locations"));
    ask(&org, &local, &org.rbt).refused(403, "forbidden");
    let added = introduced(&org);
    ask(&org, &org.owner, &added).refused(403, "person_not_here_yet");
    ask(&org, &org.owner, &Org::new().rbt).refused(404, "not_found");
    ask(&org, &holder_of("platform_tech_support"), &org.rbt).refused(404, "not_found");
}

/// Something that ends a look.
type End = fn(&Org, &Person);

#[test]
fn semantics_48_a_look_ends_with_what_it_rests_on() {
    let ends: [(&str, u16, &str, End); 6] = [
        ("the session", 401, "token_revoked", |_, by| drop(by.client.delete("/sessions/current"))),
        ("the permission", 403, "forbidden", |org, _| drop(grant(org, "manager", &["view_members"]))),
        ("the membership of who looks", 403, "account_disabled", |org, by| org.suspend(by)),
        ("that of whom he looks as", 403, "account_disabled", |org, _| org.suspend(&org.rbt)),
        ("rights that are not above one's own", 403, "forbidden", |org, _| {
            change_member(org, &org.rbt, json!({"roles": ["owner"]}));
        }),
        ("the reach", 403, "forbidden", |org, by| {
            change_member(org, by, json!({"ticket_scope": "locations"}));
        }),
    ];
    for (what, status, code, end) in ends {
        let org = Org::new();
        grant(&org, "manager", &["view_as_members", "view_members", "create_tickets", "manage_tickets"]);
        let eyes = eyes(&org, &org.manager, &org.rbt);
        eyes.get(&org.path("/tickets")).expect(200);
        end(&org, &org.manager);
        let reply = eyes.get(&org.path("/tickets"));
        assert_eq!((reply.status, reply.code()), (status, code), "{what}: {reply}");
    }
}

#[test]
fn semantics_48_a_look_opens_one_organization_and_neither_account_nor_secret() {
    let (org, other) = (Org::new(), Org::new());
    // Both belong to both.
    for (person, role) in [(&org.owner, "owner"), (&org.rbt, "rbt")] {
        let body = json!({"email": person.email, "name": "Both", "roles": [role]});
        other.owner.client.post(&other.path("/members"), body).expect(201);
        person.client.get(&other.path("")).expect(200);
    }
    let eyes = eyes_of(&org, &org.rbt);
    eyes.get(&other.path("/tickets")).refused(404, "not_found");
    let invited = json!({"email": "somebody@else.example", "roles": ["rbt"]});
    let invitation = org.owner.client.post(&org.path("/invitations"), invited).expect(201);
    let secret = org.path(&format!("/invitations/{}/url", text(&invitation, "id")));
    let own = org.path(&format!("/members/{}", org.rbt.id));
    for path in ["/me", "/me/permissions", "/me/sessions", "/me/two-factor", &secret, &own, &org.path("")] {
        eyes.get(path).refused(403, "not_while_viewing_as");
    }
    let change =
        json!({"current_password": crate::harness::PASSWORD, "new_password": "another-quiet-lantern-8"});
    eyes.post("/me/change-password", change).refused(403, "not_while_viewing_as");
    eyes.post(&format!("{own}/view-as"), json!({"reason": WHY})).refused(403, "not_while_viewing_as");
    eyes.post(&org.path("/tickets"), json!({})).refused(403, "not_while_viewing_as");
}
