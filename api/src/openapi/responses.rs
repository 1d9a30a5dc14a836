//! What holds for every answer: its headers, and the problems that any operation of its kind can give.

use serde_json::{Map, Value, json};

use super::for_each_operation;

/// Bodies that carry their version as an `ETag`.
const VERSIONED: [&str; 7] = ["Ticket", "Location", "Member", "NewMember", "Category", "Organization", "Role"];

pub(super) fn complete(document: &mut Value) {
    let mut answered = Vec::new();
    for_each_operation(document, |path, method, operation| {
        let shape = Shape::of(path, method, operation);
        let responses = operation.entry("responses").or_insert_with(|| json!({}));
        let Some(responses) = responses.as_object_mut() else { return };
        for (status, response) in responses.iter_mut() {
            answered.extend(body_name(response));
            dress(status, response, &shape);
        }
        for (status, meaning) in shape.problems() {
            responses.entry(status).or_insert_with(|| problem(status, meaning));
        }
    });
    require_all_members(document, answered);
}

/// What of an operation decides about its answers.
struct Shape {
    is_public: bool,
    is_in_api: bool,
    has_body: bool,
    takes_input: bool,
    names_a_thing: bool,
    is_list: bool,
    takes_idempotency_key: bool,
    takes_if_match: bool,
    requires_if_match: bool,
    changes: bool,
}

impl Shape {
    fn of(path: &str, method: &str, operation: &Map<String, Value>) -> Self {
        let none = Vec::new();
        let parameters = operation.get("parameters").and_then(Value::as_array).unwrap_or(&none);
        let find = |name: &str| parameters.iter().find(|p| p.get("name").is_some_and(|n| n == name));
        let has_body = operation.contains_key("requestBody");
        Self {
            is_public: operation.get("security").and_then(Value::as_array).is_some_and(Vec::is_empty),
            is_in_api: path.starts_with("/api/v1/") && !path.starts_with("/api/v1/openapi"),
            has_body,
            takes_input: has_body || !parameters.is_empty(),
            names_a_thing: path.contains('{'),
            is_list: find("cursor").is_some(),
            takes_idempotency_key: find("Idempotency-Key").is_some(),
            takes_if_match: find("If-Match").is_some(),
            requires_if_match: find("If-Match").is_some_and(|p| p.get("required").is_some_and(|r| r == true)),
            changes: method != "get",
        }
    }

    fn problems(&self) -> Vec<(&'static str, &'static str)> {
        let table = [
            ("400", "The syntax is wrong.", self.takes_input && self.is_in_api),
            ("401", "Not logged in, or the credentials do not count.", !self.is_public || self.has_body),
            ("403", "The caller may not do this, or is suspended here.", !self.is_public),
            ("404", "There is no such thing, or not for this caller.", self.names_a_thing),
            ("408", "The body did not arrive in time.", self.has_body),
            ("409", "The state of the thing, or a request under way, forbids it.", self.changes && self.is_in_api),
            ("412", "Somebody changed it meanwhile.", self.takes_if_match),
            ("413", "The body is too large.", self.has_body),
            ("415", "The media type is not taken.", self.has_body),
            ("422", "The request does not fit its schema, or a rule refuses what it means.", self.takes_input && self.is_in_api),
            ("428", "`If-Match` is missing.", self.requires_if_match),
            ("429", "Too many requests.", self.is_in_api),
            ("500", "An error on our side.", true),
            ("503", "The database or file store is away.", true),
            ("default", "Any other refusal.", true),
        ];
        table.into_iter().filter(|(_, _, applies)| *applies).map(|(status, meaning, _)| (status, meaning)).collect()
    }
}

fn body_name(response: &Value) -> Option<String> {
    let content = response.get("content")?.as_object()?;
    let reference = content.values().find_map(|media| media.get("schema")?.get("$ref")?.as_str())?;
    reference.rsplit('/').next().map(str::to_owned)
}

fn header(description: &str, is_always_sent: bool) -> Value {
    json!({ "description": description, "required": is_always_sent, "schema": { "type": "string" } })
}

/// Adds the headers of a good answer.
fn dress(status: &str, response: &mut Value, shape: &Shape) {
    let is_versioned = body_name(response).is_some_and(|name| VERSIONED.contains(&name.as_str()));
    let Some(response) = response.as_object_mut() else { return };
    let headers = response.entry("headers").or_insert_with(|| json!({}));
    let Some(headers) = headers.as_object_mut() else { return };
    let mut add = |name: &str, value: Value| drop(headers.insert(name.to_owned(), value));
    add("X-Request-Id", header("Finds the request in the server's log.", true));
    if shape.is_in_api {
        add("RateLimit", header("What is left: `\"default\";r=<requests>;t=<seconds until all is back>`.", true));
        add("RateLimit-Policy", header("The limit: `\"default\";q=<requests>;w=<seconds>`.", true));
    }
    if status == "201" {
        add("Location", header("Where the new thing is.", true));
    }
    if is_versioned || status == "304" {
        add("ETag", header("The version of the thing, for `If-Match` and `If-None-Match`.", true));
    }
    if shape.is_list {
        add("Link", header("The next page, `rel=\"next\"`, if there is one.", false));
    }
    if shape.takes_idempotency_key {
        add("Idempotency-Replayed", header("`true` when the answer is that of an earlier request with the same key.", false));
    }
}

fn problem(status: &str, meaning: &str) -> Value {
    let mut headers = Map::new();
    headers.insert("X-Request-Id".to_owned(), header("Finds the request in the server's log.", true));
    match status {
        "401" => drop(headers.insert("WWW-Authenticate".to_owned(), header("How to authenticate (RFC 6750 3).", true))),
        "412" => drop(headers.insert("ETag".to_owned(), header("The version as it is now.", true))),
        "429" | "503" => drop(headers.insert("Retry-After".to_owned(), header("Seconds to wait.", true))),
        _ => {}
    }
    json!({
        "description": meaning,
        "headers": headers,
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
    })
}

/// Every documented member of an answer is always there, null when it has no value (N10).
fn require_all_members(document: &mut Value, mut todo: Vec<String>) {
    let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else { return };
    let mut done = Vec::new();
    while let Some(name) = todo.pop() {
        if done.contains(&name) {
            continue;
        }
        if let Some(schema) = schemas.get_mut(&name).and_then(Value::as_object_mut)
            && let Some(properties) = schema.get("properties").and_then(Value::as_object)
        {
            todo.extend(properties.values().flat_map(referred));
            let all: Vec<Value> = properties.keys().map(|name| json!(name)).collect();
            schema.insert("required".to_owned(), Value::Array(all));
        }
        done.push(name);
    }
}

fn referred(value: &Value) -> Vec<String> {
    match value {
        Value::Object(members) => {
            let here = members.get("$ref").and_then(Value::as_str).and_then(|r| r.rsplit('/').next()).map(str::to_owned);
            here.into_iter().chain(members.values().flat_map(referred)).collect()
        }
        Value::Array(items) => items.iter().flat_map(referred).collect(),
        _ => Vec::new(),
    }
}
