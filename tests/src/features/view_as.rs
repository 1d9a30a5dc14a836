//! View as: semantics 48. That nothing else can be done that way is in the authorization table.

use serde_json::{Value, json};

use super::fixtures::{stage, stranger};
use super::helpers::*;
use super::unclaimed_memberships::unclaimed_member;
use crate::harness::{Client, Device, Org, Person, Reply, holder_of, platform_owner};

const WHY: &str = "The member sees no requests.";

fn ask(org: &Org, by: &Person, member: &Person) -> Reply {
    let path = org.path(&format!("/members/{}/view-as", member.id));
    by.client.post(&path, json!({"reason": WHY}))
}

/// The owner, viewing as a member.
fn viewing_as(org: &Org, member: &Person) -> Client {
    eyes(org, &org.owner, member)
}

fn eyes(org: &Org, by: &Person, member: &Person) -> Client {
    let token = ask(org, by, member).expect(200);
    assert_eq!((&token["token_type"], &token["expires_in"]), (&json!("Bearer"), &json!(900)));
    assert_eq!(token["viewing_as"], json!(member.id));
    Client { base: by.client.base.clone(), token: Some(text(&token, "access_token")) }
}

#[test]
fn semantics_48_view_as_shows_what_the_member_sees_and_says_so() {
    let org = Org::new();
    let upload = |name: &str| org.rbt.client.upload(&org.id, name, "text/plain", b"A lock.").expect(201);
    let [file, pending] = ["lock.txt", "draft.txt"].map(upload);
    let own = org.ticket_with(&org.rbt, json!({"attachment_ids": [file["id"]]})).expect(201);
    let others = org.ticket(&org.rbt2);
    let hidden = note(&org, &org.manager, &own, "Nothing for the requester.").expect(201);
    let told = reply(&org, &org.manager, &own, "We are looking.").expect(201);
    let eyes = viewing_as(&org, &org.rbt);
    let seen = |path: &str| {
        let (seen, direct) = (eyes.get(path), org.rbt.client.get(path));
        assert_eq!(as_seen(&seen), as_seen(&direct), "{path}");
        assert_eq!((seen.status, &seen.bytes), (200, &direct.bytes), "{path}");
        assert_eq!(seen.header("viewing-as").as_deref(), Some(org.rbt.id.as_str()), "{path}");
        assert_eq!(direct.header("viewing-as"), None, "{path}: without view as");
        let kept = direct.header("etag").unwrap_or_else(|| "\"none\"".to_owned());
        let again = eyes.send("GET", path, &[("If-None-Match", &kept)], None);
        assert_eq!(
            (again.status, again.header("cache-control").as_deref()),
            (200, Some("no-store")),
            "{path}"
        );
    };
    let list = org.path("/tickets");
    for rest in ["", "/messages", "/events", &format!("/messages/{}", text(&told, "id"))] {
        seen(&ticket_path(&org, &own, rest));
    }
    let attachment = format!("/attachments/{}", text(&file, "id"));
    let place = format!("/locations/{}", org.downtown);
    for rest in [&attachment, &format!("{attachment}/content"), &place] {
        seen(&org.path(rest));
    }
    for rest in
        ["/tickets", "/tickets?q=lock", "/me/ticket-summary", "/ticket-form", "/locations", "/categories"]
    {
        seen(&org.path(rest));
    }
    assert_eq!(walk_ids(&eyes, &list), [text(&own, "id")]);
    let unseen = [
        ticket_path(&org, &others, ""),
        ticket_path(&org, &own, &format!("/messages/{}", text(&hidden, "id"))),
        org.path(&format!("/attachments/{}", text(&pending, "id"))),
        org.path(&format!("/attachments/{}/content", text(&pending, "id"))),
    ];
    for path in unseen {
        let refused = eyes.get(&path);
        assert_eq!(refused.header("viewing-as").as_deref(), Some(org.rbt.id.as_str()), "{path}");
        refused.refused(404, "not_found");
    }
    let before = org.rbt.client.get(&org.path("/me/ticket-summary")).expect(200);
    assert_eq!(before["unread_reply_count"], 1, "what another saw is not read");
}

#[test]
fn semantics_48_viewing_as_staff_shows_what_these_staff_see() {
    let org = Org::new();
    let local = org.add_member(&["manager"], &[&org.riverside], Some("locations"));
    let at = |location: &str| org.ticket_with(&org.rbt, json!({"location_id": location})).expect(201);
    let (near, far) = (at(&org.riverside), at(&org.downtown));
    let hidden = note(&org, &org.manager, &near, "For staff.").expect(201);
    let eyes = viewing_as(&org, &local);
    assert_eq!(walk_ids(&eyes, &org.path("/tickets")), [text(&near, "id")]);
    eyes.get(&ticket_path(&org, &near, &format!("/messages/{}", text(&hidden, "id")))).expect(200);
    eyes.get(&ticket_path(&org, &far, "")).refused(404, "not_found");
}

#[test]
fn semantics_48_members_who_cannot_log_in_are_not_viewable() {
    let org = Org::on(stage().own.platform_owner());
    let new = || org.add_member(&["rbt"], &[&org.downtown], None);
    let shut_out = |member: &Person| drop(ask(&org, &org.owner, member).refused(403, "member_cannot_log_in"));
    let (suspended, off, helped) = (new(), new(), new());
    let members = [&suspended, &off, &helped, &org.bcba];
    let eyes = members.map(|member| viewing_as(&org, member));
    org.suspend(&suspended);
    let platform = &stage().own.platform_owner().client;
    platform.post(&format!("/users/{}/suspend", off.id), json!({"reason": "Check."})).expect(200);
    let path = org.path(&format!("/members/{}/set-temporary-password", helped.id));
    org.owner.client.post(&path, json!({"reason": "Check."})).expect(200);
    Device::of(&org.owner);
    org.owner.client.patch(&org.path("/roles/bcba"), json!({"requires_two_factor": true})).expect(200);
    for (member, eyes) in members.into_iter().zip(&eyes) {
        shut_out(member);
        eyes.get(&org.path("/tickets")).refused(403, "member_cannot_log_in");
    }
    let body = json!({"email": stranger(), "name": "Pia Pending", "roles": ["rbt"]});
    let made = org.owner.client.post(&org.path("/members"), body).expect(201);
    shut_out(&Person { id: text(&made, "user_id"), ..off.clone() });
    let gone = new();
    let eyes = viewing_as(&org, &gone);
    org.owner.client.delete(&org.path(&format!("/members/{}", gone.id))).expect(204);
    eyes.get(&org.path("/tickets")).refused(404, "not_found");
    let kept = org.path(&format!("/members/{}/support-history?purpose=Check", suspended.id));
    let kinds = column(&org.owner.client.get(&kept).expect(200), "kind");
    assert_eq!(kinds.iter().filter(|kind| *kind == "viewed_as").count(), 1, "only what came about");
}

#[test]
fn s001_45_an_access_is_shown_by_the_list_of_accesses_and_not_by_the_activity() {
    let org = Org::new();
    viewing_as(&org, &org.rbt);
    for what in ["login", "data"] {
        let diagnosis = format!("/members/{}/{what}-diagnosis?purpose=Called", org.rbt.id);
        org.owner.client.get(&org.path(&diagnosis)).expect(200);
    }
    let accesses = ["data_diagnosed", "data_read", "log_in_diagnosed", "viewed_as"];
    let kinds_in = |list: &str| {
        let path = org.path(&format!("/members/{}/{list}?purpose=Check&limit=100", org.rbt.id));
        column(&org.owner.client.get(&path).expect(200), "kind")
    };
    let shown = kinds_in("accesses");
    for kind in ["data_diagnosed", "log_in_diagnosed", "viewed_as"] {
        assert!(shown.iter().any(|shown| shown == kind), "{kind}: {shown:?}");
    }
    let activity = kinds_in("activity");
    assert!(activity.iter().any(|kind| kind == "account_set_up"), "{activity:?}");
    assert!(activity.iter().all(|kind| !accesses.contains(&kind.as_str())), "{activity:?}");
}

#[test]
fn semantics_48_both_persons_and_the_reason_are_recorded() {
    let org = Org::new();
    let path = org.path(&format!("/members/{}/view-as", org.rbt.id));
    for body in [json!({}), json!({"reason": ""})] {
        org.owner.client.post(&path, body).refused(422, "validation_failed");
    }
    viewing_as(&org, &org.rbt);
    viewing_as(&org, &org.rbt);
    let history = org.path(&format!("/members/{}/support-history?purpose=Check", org.rbt.id));
    for (reader, path, times) in [(&org.rbt, "/me/accesses".to_owned(), 2), (&org.owner, history, 2)] {
        let all = reader.client.get(&path).expect(200);
        let looks: Vec<&Value> =
            all["data"].as_array().unwrap().iter().filter(|event| event["kind"] == "viewed_as").collect();
        assert_eq!(looks.len(), times, "{path}: each time");
        for look in looks {
            let told = (&look["actor_id"], &look["actor_name"], &look["reason"], &look["org_id"]);
            assert_eq!(
                told,
                (&json!(org.owner.id), &json!("Olive Owner"), &json!(WHY), &json!(org.id)),
                "{path}"
            );
        }
    }
}

#[test]
fn semantics_48_nobody_views_as_a_member_with_more_permissions() {
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
    let added = unclaimed_member(&org);
    ask(&org, &org.owner, &added).refused(403, "membership_unclaimed");
    ask(&org, &org.owner, &Org::new().rbt).refused(404, "not_found");
    ask(&org, &holder_of("platform_tech_support"), &org.rbt).refused(404, "not_found");
}

/// An act that ends a view.
type End = fn(&Org, &Person);

#[test]
fn semantics_48_a_view_ends_with_its_preconditions() {
    let all = ["view_as_members", "view_members", "create_tickets", "manage_tickets"];
    let ends: [(&str, u16, &str, End); 8] = [
        ("the session", 401, "token_revoked", |_, by| drop(by.client.delete("/sessions/current"))),
        ("the account", 401, "token_revoked", |_, by| {
            let why = json!({"reason": "Check."});
            platform_owner().client.post(&format!("/users/{}/suspend", by.id), why).expect(200);
        }),
        ("to see members at all", 403, "forbidden", |org, _| {
            drop(grant(org, "manager", &["view_as_members", "create_tickets", "manage_tickets"]));
        }),
        ("the permission", 403, "forbidden", |org, _| drop(grant(org, "manager", &["view_members"]))),
        ("the membership of who looks", 403, "account_disabled", |org, by| org.suspend(by)),
        ("that of the viewed member", 403, "member_cannot_log_in", |org, _| org.suspend(&org.rbt)),
        ("rights that are not above one's own", 403, "forbidden", |org, _| {
            change_member(org, &org.rbt, json!({"roles": ["owner"]}));
        }),
        ("the reach", 403, "forbidden", |org, by| {
            change_member(org, by, json!({"ticket_scope": "locations"}));
        }),
    ];
    for (what, status, code, end) in ends {
        let org = Org::new();
        grant(&org, "manager", &all);
        let eyes = eyes(&org, &org.manager, &org.rbt);
        eyes.get(&org.path("/tickets")).expect(200);
        end(&org, &org.manager);
        let reply = eyes.get(&org.path("/tickets"));
        assert_eq!((reply.status, reply.code()), (status, code), "{what}: {reply}");
    }
}

#[test]
fn semantics_48_a_view_covers_one_organization_and_neither_account_nor_secrets() {
    let (org, other) = (Org::new(), Org::new());
    // Both are members of both.
    for (person, role) in [(&org.owner, "owner"), (&org.rbt, "rbt")] {
        let body = json!({"email": person.email, "name": "Both", "roles": [role]});
        other.owner.client.post(&other.path("/members"), body).expect(201);
        person.client.get(&other.path("")).expect(200);
    }
    let eyes = viewing_as(&org, &org.rbt);
    eyes.get(&other.path("/tickets")).refused(404, "not_found");
    let invited = json!({"email": "somebody@else.example", "roles": ["rbt"]});
    let invitation = org.owner.client.post(&org.path("/invitations"), invited).expect(201);
    let secret = org.path(&format!("/invitations/{}/url", text(&invitation, "id")));
    let own = org.path(&format!("/members/{}", org.rbt.id));
    for path in [
        "/me/accesses",
        &org.path("/permission-requests"),
        "/me",
        "/me/permissions",
        "/me/sessions",
        "/me/two-factor",
        &secret,
        &own,
        &org.path(""),
    ] {
        eyes.get(path).refused(403, "not_while_viewing_as");
    }
    let change =
        json!({"current_password": crate::harness::PASSWORD, "new_password": "another-quiet-lantern-8"});
    eyes.post("/me/change-password", change).refused(403, "not_while_viewing_as");
    eyes.post(&format!("{own}/view-as"), json!({"reason": WHY})).refused(403, "not_while_viewing_as");
    eyes.post(&org.path("/tickets"), json!({})).refused(403, "not_while_viewing_as");
}
