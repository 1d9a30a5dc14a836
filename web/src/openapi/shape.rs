//! The properties of an operation that determine its headers and the refusals that it shares with others.

use serde_json::{Map, Value};

/// The properties of an operation. A call reads and checks its request by them, so they say with what it refuses.
pub(super) struct Shape {
    pub(super) is_public: bool,
    pub(super) is_in_api: bool,
    /// It belongs to an organization, and only its members may call it.
    pub(super) is_for_members: bool,
    /// It requires a permission, of a member or of a platform administrator.
    pub(super) requires_permission: bool,
    pub(super) has_body: bool,
    pub(super) has_json_body: bool,
    /// Its path has a parameter.
    pub(super) names_a_thing: bool,
    pub(super) is_list: bool,
    pub(super) takes_idempotency_key: bool,
    pub(super) takes_if_match: bool,
    pub(super) requires_if_match: bool,
    pub(super) is_open_to_viewing: bool,
    pub(super) is_open_to_restricted: bool,
}

impl Shape {
    pub(super) fn of(path: &str, operation: &Map<String, Value>) -> Self {
        let none = Vec::new();
        let parameters = operation.get("parameters").and_then(Value::as_array).unwrap_or(&none);
        let find = |name: &str| parameters.iter().find(|p| p.get("name").is_some_and(|n| n == name));
        let is_set = |name: &str| operation.get(name).is_some_and(|value| *value == true);
        let is_public = operation.get("security").and_then(Value::as_array).is_some_and(Vec::is_empty);
        let body = operation.get("requestBody").and_then(|body| body.get("content")?.as_object());
        Self {
            is_public,
            is_in_api: path.starts_with("/api/v1/"),
            is_for_members: path.contains("{org_id}") && !is_public,
            requires_permission: operation.get("x-required-permission").is_some_and(Value::is_string),
            has_body: body.is_some(),
            has_json_body: body.is_some_and(|content| content.keys().any(|kind| kind.contains("json"))),
            names_a_thing: path.contains('{'),
            is_list: find("cursor").is_some(),
            takes_idempotency_key: find("Idempotency-Key").is_some(),
            takes_if_match: find("If-Match").is_some(),
            requires_if_match: find("If-Match").is_some_and(|p| p.get("required").is_some_and(|r| r == true)),
            is_open_to_viewing: is_set("x-open-to-viewing-as"),
            is_open_to_restricted: is_set("x-open-to-restricted-sessions"),
        }
    }
}
