//! The same files in two places at once.

use serde_json::{Value, json};

use super::concurrently::{only, together, with_status};
use crate::faults::snapshot::rows;
use crate::harness::{Org, Person};

fn uploads(org: &Org, by: &Person, count: usize) -> Vec<Value> {
    (0..count)
        .map(|n| {
            by.client.upload(&org.id, &format!("{n}.txt"), "text/plain", b"text").expect(201)["id"].clone()
        })
        .collect()
}

fn ticket(org: &Org) -> String {
    let ticket = org.ticket_with(&org.rbt, json!({ "urgency": "low" })).expect(201);
    org.path(&format!("/tickets/{}", ticket["id"].as_str().unwrap()))
}

#[test]
fn s004_8_the_same_five_files_go_into_one_message_only() {
    let org = Org::new();
    for _ in 0..6 {
        let path = ticket(&org);
        let five = uploads(&org, &org.rbt, 5);
        let replies = together(6, |number| {
            let body = json!({ "body": format!("Message {number}"), "visibility": "public", "attachment_ids": five });
            org.rbt.client.post(&format!("{path}/messages"), body)
        });
        only(&replies, &[(201, ""), (422, "reference_not_found")]);
        assert_eq!(with_status(&replies, 201).len(), 1);
        let messages = rows(&org.rbt.client, &format!("{path}/messages"));
        let messages = messages.as_array().unwrap();
        assert_eq!(messages.len(), 1, "a refused message is there");
        assert_eq!(messages[0]["attachments"].as_array().unwrap().len(), 5);
    }
}

#[test]
fn files_that_overlap_never_make_more_than_five_and_never_belong_twice() {
    let org = Org::new();
    for _ in 0..6 {
        let path = ticket(&org);
        let files = uploads(&org, &org.rbt, 8);
        let replies = together(8, |number| {
            let named: Vec<&Value> = (0..5).map(|n| &files[(number + n) % 8]).collect();
            match number {
                0 | 1 => org.ticket_with(&org.rbt, json!({ "urgency": "low", "attachment_ids": named })),
                _ => {
                    let body = json!({ "body": "Files", "visibility": "public", "attachment_ids": named });
                    org.rbt.client.post(&format!("{path}/messages"), body)
                }
            }
        });
        only(&replies, &[(201, ""), (422, "reference_not_found")]);
        let taken: Vec<&Value> = with_status(&replies, 201)
            .iter()
            .flat_map(|reply| reply.body["attachments"].as_array().unwrap())
            .collect();
        assert_eq!(taken.len(), 5, "of eight files, any two choices of five overlap");
        for file in taken {
            let read = org
                .rbt
                .client
                .get(&org.path(&format!("/attachments/{}", file["id"].as_str().unwrap())))
                .expect(200);
            assert_eq!((&read["ticket_id"], &read["message_id"]), (&file["ticket_id"], &file["message_id"]));
        }
    }
}

#[test]
fn a_file_is_deleted_or_attached_and_not_both() {
    let org = Org::new();
    for _ in 0..8 {
        let path = ticket(&org);
        let file = uploads(&org, &org.rbt, 1).remove(0);
        let place = org.path(&format!("/attachments/{}", file.as_str().unwrap()));
        let replies = together(2, |number| match number {
            0 => org.rbt.client.delete(&place),
            _ => org.rbt.client.post(
                &format!("{path}/messages"),
                json!({ "body": "F", "visibility": "public", "attachment_ids": [file] }),
            ),
        });
        let (deleted, attached) = (replies[0].status, replies[1].status);
        assert!([(204, 422), (409, 201)].contains(&(deleted, attached)), "{replies:?}");
        let content = org.rbt.client.get(&format!("{place}/content"));
        assert_eq!(content.status, if attached == 201 { 200 } else { 404 }, "{content}");
    }
}
