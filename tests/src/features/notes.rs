//! Internal notes: S004-10, and S004-20 for their files.

use serde_json::{Value, json};

use super::helpers::*;
use crate::harness::{Org, Person, Reply};

/// An answer, byte for byte.
type Answer = (String, u16, Option<String>, Vec<u8>);

/// Everything that a person can read of a ticket and of their lists.
fn everything_seen(org: &Org, person: &Person, ticket: &Value) -> Vec<Answer> {
    let subject = text(ticket, "subject").split(' ').next().unwrap().to_owned();
    let mut paths: Vec<String> = ["", "/messages", "/events", "/messages?limit=1", "/events?limit=1"]
        .map(|rest| ticket_path(org, ticket, rest))
        .into();
    for query in [
        "include_total=true".to_owned(),
        "include_total=true&sort=-updated_at".to_owned(),
        "include_total=true&status=open".to_owned(),
        "has_assignee=false".to_owned(),
        format!("include_total=true&q={subject}"),
        format!("updated_at_gte={}", text(ticket, "updated_at")),
    ] {
        paths.push(org.path(&format!("/tickets?{query}")));
    }
    paths.push(org.path("/me/ticket-summary"));
    for message in thread(org, person, ticket) {
        paths.push(ticket_path(org, ticket, &format!("/messages/{}", text(&message, "id"))));
        for file in message["attachments"].as_array().unwrap() {
            paths.push(org.path(&format!("/attachments/{}", text(file, "id"))));
            paths.push(org.path(&format!("/attachments/{}/content", text(file, "id"))));
        }
    }
    let answer = |path: String| {
        let reply = person.client.get(&path);
        (path, reply.status, reply.header("etag"), reply.bytes)
    };
    paths.into_iter().map(answer).collect()
}

fn holds(reply: &Reply, canary: &str) -> bool {
    let tag = reply.header("etag").unwrap_or_default();
    String::from_utf8_lossy(&reply.bytes).to_lowercase().contains(canary) || tag.contains(canary)
}

/// A ticket with a conversation and files, in an organization of its own.
fn conversation() -> (Org, Value) {
    let org = Org::new();
    let file = upload(&org, &org.rbt, "screen.txt", "what I saw");
    let ticket = org
        .ticket_with(&org.rbt, json!({"subject": "Tablet stays dark", "attachment_ids": [file]}))
        .expect(201);
    let file = upload(&org, &org.rbt, "more.txt", "what I saw then");
    let body = json!({"body": "More of it.", "visibility": "public", "attachment_ids": [file]});
    org.rbt.client.post(&ticket_path(&org, &ticket, "/messages"), body).expect(201);
    (org, ticket)
}

#[test]
fn s004_10_a_note_changes_nothing_that_the_requester_sees() {
    let (org, ticket) = conversation();
    let canary = rare_word("canary");
    let before = everything_seen(&org, &org.rbt, &ticket);
    let tag = etag_of(&org, &org.rbt, &ticket);
    let file = upload(&org, &org.manager, &format!("{canary}.txt"), &canary);
    let body =
        json!({"body": format!("Between us: {canary}"), "visibility": "internal", "attachment_ids": [file]});
    let noted = org.manager.client.post(&ticket_path(&org, &ticket, "/messages"), body).expect(201);
    assert_eq!(
        (&noted["visibility"], noted["attachments"].as_array().unwrap().len()),
        (&json!("internal"), 1)
    );
    note(&org, &org.owner, &ticket, &canary).expect(201);
    let after = everything_seen(&org, &org.rbt, &ticket);
    for (old, new) in before.iter().zip(&after) {
        assert_eq!(old, new);
    }
    assert_eq!(before.len(), after.len());
    assert!(after.iter().all(|(_, _, _, bytes)| !String::from_utf8_lossy(bytes).contains(&canary)));
    let unchanged =
        org.rbt.client.send("GET", &ticket_path(&org, &ticket, ""), &[("If-None-Match", &tag)], None);
    assert_eq!(unchanged.status, 304);
    assert_eq!(thread(&org, &org.manager, &ticket).len(), 3);
    assert_eq!(events(&org, &org.manager, &ticket, "note_added").len(), 2);
}

#[test]
fn s004_10_a_note_and_its_file_answer_the_requester_like_nothing() {
    let (org, ticket) = conversation();
    let canary = rare_word("canary");
    let file = upload(&org, &org.manager, &format!("{canary}.txt"), &canary);
    let body = json!({"body": canary, "visibility": "internal", "attachment_ids": [file]});
    let noted = org.manager.client.post(&ticket_path(&org, &ticket, "/messages"), body).expect(201);
    let id = text(&noted, "id");
    for (path, known) in [(ticket_path(&org, &ticket, "/messages/"), &id), (org.path("/attachments/"), &file)]
    {
        let seen = org.rbt.client.get(&format!("{path}{known}"));
        assert_eq!(as_seen(&seen), as_seen(&org.rbt.client.get(&format!("{path}{}", nobody()))));
        seen.refused(404, "not_found");
    }
    let content = org.rbt.client.get(&org.path(&format!("/attachments/{file}/content")));
    assert!(!holds(&content, &canary));
    content.refused(404, "not_found");
    org.rbt.client.delete(&org.path(&format!("/attachments/{file}"))).refused(404, "not_found");
    let marked = |id: &str| {
        org.rbt.client.put(&ticket_path(&org, &ticket, "/read-marker"), json!({"last_read_message_id": id}))
    };
    assert_eq!(as_seen(&marked(&id)), as_seen(&marked(&nobody())));
    org.ticket_with(&org.rbt, json!({"attachment_ids": [file]})).refused(422, "reference_not_found");
    assert_eq!(
        org.manager.client.get(&org.path(&format!("/attachments/{file}/content"))).bytes,
        canary.as_bytes()
    );
}

#[test]
fn s004_10_notes_are_searched_for_staff_only() {
    let (org, ticket) = conversation();
    let canary = rare_word("canary");
    note(&org, &org.manager, &ticket, &format!("Look: {canary}")).expect(201);
    let found = |person: &Person, q: &str| {
        person.client.get(&org.path(&format!("/tickets?include_total=true&q={q}")))
    };
    for q in [
        canary.clone(),
        canary[..8].to_owned(),
        format!("tablet%20{canary}"),
        format!("{canary}&status=open,in_progress&sort=priority"),
    ] {
        let page = found(&org.rbt, &q);
        assert!(!holds(&page, &canary));
        let page = page.expect(200);
        assert_eq!((&page["data"], &page["total"]["count"]), (&json!([]), &json!(0)), "{q}");
        assert_eq!(column(&found(&org.manager, &q).expect(200), "id"), [text(&ticket, "id")], "{q}");
    }
    patch(&org, &org.rbt, &ticket, json!({"details": "Written anew."})).expect(200);
    assert_eq!(found(&org.rbt, &canary).expect(200)["data"], json!([]), "an edit indexes the ticket anew");
    assert_eq!(column(&found(&org.manager, &canary).expect(200), "id"), [text(&ticket, "id")]);
}

#[test]
fn s004_10_users_write_no_notes() {
    let (org, ticket) = conversation();
    let before = (thread(&org, &org.manager, &ticket).len(), events(&org, &org.manager, &ticket, "").len());
    let file = upload(&org, &org.rbt, "a.txt", "a");
    let body = json!({"body": "Between us.", "visibility": "internal", "attachment_ids": [file]});
    org.rbt.client.post(&ticket_path(&org, &ticket, "/messages"), body).refused(403, "forbidden");
    let body = json!({"body": "Between us.", "visibility": "staff"});
    let problem =
        org.rbt.client.post(&ticket_path(&org, &ticket, "/messages"), body).refused(422, "validation_failed");
    assert_eq!(places(&problem), set_of(&["#/visibility"]));
    assert_eq!(
        (thread(&org, &org.manager, &ticket).len(), events(&org, &org.manager, &ticket, "").len()),
        before
    );
    org.rbt.client.delete(&org.path(&format!("/attachments/{file}"))).expect(204);
}

#[test]
fn s004_10_a_note_is_not_counted_as_a_reply() {
    let (org, ticket) = conversation();
    note(&org, &org.manager, &ticket, "Between us.").expect(201);
    let now = read(&org, &org.manager, &ticket);
    assert_eq!((&now["status"], &now["assignee_id"]), (&json!("open"), &Value::Null));
    assert_eq!(org.rbt.client.get(&org.path("/me/ticket-summary")).expect(200)["unread_reply_count"], 0);
    assert_eq!(steps(&org, &org.manager, &ticket), [""; 0]);
}

#[test]
fn s004_10_former_staff_read_no_note_from_the_next_request_on() {
    let (org, ticket) = conversation();
    let canary = rare_word("canary");
    let former = org.add_member(&["manager"], &[&org.downtown], None);
    let own = org.ticket(&former);
    note(&org, &former, &own, &canary).expect(201);
    note(&org, &former, &ticket, &canary).expect(201);
    assert_eq!(thread(&org, &former, &own).len(), 1);
    change_member(&org, &former, json!({"roles": ["rbt"]}));
    assert_eq!(thread(&org, &former, &own).len(), 0);
    assert_eq!(events(&org, &former, &own, "note_added").len(), 0);
    assert_eq!(former.client.get(&org.path(&format!("/tickets?q={canary}"))).expect(200)["data"], json!([]));
    former.client.get(&ticket_path(&org, &ticket, "/messages")).refused(404, "not_found");
}

#[test]
fn s004_10_staff_of_other_locations_are_users_on_their_own_tickets() {
    let (org, canary) = (Org::new(), rare_word("canary"));
    let limited = org.add_member(&["manager"], &[&org.riverside], Some("locations"));
    let own = org.ticket_with(&limited, json!({"location_id": org.riverside})).expect(201);
    patch(&org, &org.manager, &own, json!({"location_id": org.downtown})).expect(200);
    let before = everything_seen(&org, &limited, &own);
    let noted = note(&org, &org.manager, &own, &canary).expect(201);
    assert_eq!(before, everything_seen(&org, &limited, &own));
    note(&org, &limited, &own, "Mine.").refused(403, "forbidden");
    limited
        .client
        .get(&ticket_path(&org, &own, &format!("/messages/{}", text(&noted, "id"))))
        .refused(404, "not_found");
    assert_eq!(limited.client.get(&org.path(&format!("/tickets?q={canary}"))).expect(200)["data"], json!([]));
    limited.client.post(&ticket_path(&org, &own, "/start"), json!({})).refused(403, "forbidden");
    reply(&org, &limited, &own, "As its requester.").expect(201);
    assert_eq!(read(&org, &org.manager, &own)["status"], "open");
    assert_eq!(thread(&org, &org.manager, &own).len(), 2);
}
