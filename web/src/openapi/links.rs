//! Links from each operation that creates something to the operations that use it (OpenAPI 3.1, 4.8.20).

use serde_json::{Map, Value, json};

use crate::openapi::operations::operations;

/// The creating operation, the parameter for the id, the id's location in the response, and the operations that use it.
type Row = (&'static str, &'static str, &'static str, &'static [&'static str]);

const TABLE: [Row; 8] = [
    ("create_org", "org_id", "/id", &["get_org"]),
    ("create_location", "location_id", "/id", &["get_location", "update_location"]),
    ("create_member", "user_id", "/user_id", &["get_member"]),
    (
        "create_ticket",
        "ticket_id",
        "/id",
        &[
            "get_ticket",
            "update_ticket",
            "post_message",
            "list_messages",
            "start_ticket",
            "resolve_ticket",
            "close_ticket",
            "list_ticket_events",
            "mark_ticket_read",
        ],
    ),
    ("create_follow_up", "ticket_id", "/id", &["get_ticket", "update_ticket"]),
    ("post_message", "message_id", "/id", &["get_message"]),
    (
        "upload_attachment",
        "attachment_id",
        "/id",
        &["get_attachment", "download_attachment", "delete_attachment"],
    ),
    ("create_category", "category_id", "/id", &["update_category"]),
];

pub(super) fn add(document: &mut Value) {
    for (path, _, operation) in operations(document) {
        let Some((_, parameter, pointer, targets)) =
            TABLE.iter().find(|row| operation.get("operationId").is_some_and(|id| id == row.0))
        else {
            continue;
        };
        let mut parameters = Map::new();
        let names = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
        for name in names.filter(|name| name != parameter) {
            parameters.insert(name.to_owned(), json!(format!("$request.path.{name}")));
        }
        parameters.insert((*parameter).to_owned(), json!(format!("$response.body#{pointer}")));
        let links: Map<String, Value> = targets.iter().map(|target| link(target, &parameters)).collect();
        if let Some(created) =
            operation.get_mut("responses").and_then(|r| r.get_mut("201")).and_then(Value::as_object_mut)
        {
            created.insert("links".to_owned(), Value::Object(links));
        }
    }
}

fn link(target: &str, parameters: &Map<String, Value>) -> (String, Value) {
    let mut parameters = parameters.clone();
    if target.starts_with("update_") {
        parameters.insert("header.If-Match".to_owned(), json!("$response.header.ETag"));
    }
    (target.to_owned(), json!({ "operationId": target, "parameters": parameters }))
}
