//! Rules for every response: headers, and the problems that any operation of its kind can return.

use application::problem_codes::Code;
use serde_json::{Map, Value, json};

use super::document_error::DocumentError;
use super::operations::operations;
use super::requests::merge;
use super::shape::Shape;
use super::{problem_codes, problem_examples};

/// Bodies that carry their version as an `ETag`.
const VERSIONED: [&str; 14] = [
    "Invitation",
    "User",
    "Platform",
    "MailSettings",
    "MailTemplate",
    "Message",
    "Attachment",
    "Ticket",
    "Location",
    "Member",
    "NewMember",
    "Category",
    "Organization",
    "Role",
];

/// # Errors
///
/// A declared problem code that does not exist.
pub(super) fn complete(document: &mut Value) -> Result<(), DocumentError> {
    let mut answered = Vec::new();
    for (path, _, operation) in operations(document) {
        let shape = Shape::of(path, operation);
        describe(path, &shape, operation);
        let codes = problem_codes::complete(&shape, operation)?;
        let responses = operation.entry("responses").or_insert_with(|| json!({}));
        let Some(responses) = responses.as_object_mut() else { continue };
        for (status, response) in responses.iter_mut() {
            answered.extend(body_name(response));
            add_headers(status, response, &shape);
        }
        for problem in PROBLEMS.iter().filter(|problem| problem.is_for(&codes)) {
            responses.insert(
                problem.status.to_owned(),
                json!({ "$ref": format!("#/components/responses/{}", problem.name) }),
            );
        }
    }
    let all: Map<String, Value> =
        PROBLEMS.iter().map(|problem| (problem.name.to_owned(), problem.response())).collect();
    if let Some(components) = document.get_mut("components").and_then(Value::as_object_mut) {
        components.insert("responses".to_owned(), Value::Object(all));
    }
    require_all_members(document, answered);
    Ok(())
}

/// Appends to the description who may call the operation.
fn describe(path: &str, shape: &Shape, operation: &mut Map<String, Value>) {
    let word = |name: &str| operation.get(name).and_then(Value::as_str);
    let viewing = match shape.is_open_to_viewing {
        true => " Open to the tokens of `view_as_member`.",
        false => "",
    };
    let permission =
        match (word("x-required-permission"), word("x-staff-permission"), word("x-platform-permission")) {
            (Some(one), Some(other), _) => format!("Requires `{one}`, or `{other}` for staff."),
            (Some(one), None, Some(platform)) => {
                format!("Requires `{one}`, or `{platform}` for platform administrators.")
            }
            (Some(one), None, None) => format!("Requires `{one}`."),
            _ if operation.get("security").is_some() => "Public: no log-in is required.".to_owned(),
            _ if path.contains("{org_id}") => "For every member of the organization.".to_owned(),
            _ => "Open to every logged-in user.".to_owned(),
        };
    let said = word("description").unwrap_or_default();
    let description =
        if said.is_empty() { permission + viewing } else { format!("{said}\n\n{permission}{viewing}") };
    operation.insert("description".to_owned(), json!(description));
    if operation.get("security").is_none() {
        // An explicit null states that membership is enough.
        operation.entry("x-required-permission").or_insert(Value::Null);
    }
}

/// A response with a problem, shared by the operations that answer with its status.
struct ProblemResponse {
    /// `default` stands for all statuses that the document does not name.
    status: &'static str,
    name: &'static str,
    meaning: &'static str,
}

const fn refusal(status: &'static str, name: &'static str, meaning: &'static str) -> ProblemResponse {
    ProblemResponse { status, name, meaning }
}

static PROBLEMS: [ProblemResponse; 16] = [
    refusal("400", "Malformed", "The syntax is wrong."),
    refusal("401", "Unauthenticated", "Not logged in, or the credentials are not valid."),
    refusal("403", "Forbidden", "The caller may not do this, or is suspended here."),
    refusal("404", "NotFound", "It does not exist, or is not visible to this caller."),
    refusal("408", "TimedOut", "The body did not arrive in time."),
    refusal("409", "Conflict", "The current state, or a request in progress, does not allow it."),
    refusal("410", "Gone", "The link or code does not work any more."),
    refusal("412", "PreconditionFailed", "It was changed since you read it."),
    refusal("413", "TooLarge", "The body is too large."),
    refusal("415", "UnsupportedMediaType", "The media type is not accepted."),
    refusal("422", "Unprocessable", "The request does not fit its schema, or a rule refuses what it means."),
    refusal("428", "PreconditionRequired", "`If-Match` is missing."),
    refusal("429", "RateLimited", "Too many requests, or too many failed attempts."),
    refusal("500", "InternalError", "An error of the server."),
    refusal("503", "Unavailable", "The database or file store is unavailable."),
    refusal("default", "OtherProblem", "Any other refusal."),
];

fn body_name(response: &Value) -> Option<String> {
    let content = response.get("content")?.as_object()?;
    let reference = content.values().find_map(|media| media.get("schema")?.get("$ref")?.as_str())?;
    reference.rsplit('/').next().map(str::to_owned)
}

fn header(description: &str, is_always_sent: bool) -> Value {
    json!({ "description": description, "required": is_always_sent, "schema": { "type": "string" } })
}

const VIEWING_AS: &str = "Viewing-As";

fn viewing_as() -> Value {
    header("The account that is viewed as, in a view-as session.", false)
}

/// Adds the headers of a successful response.
fn add_headers(status: &str, response: &mut Value, shape: &Shape) {
    let is_versioned = body_name(response).is_some_and(|name| VERSIONED.contains(&name.as_str()));
    let Some(response) = response.as_object_mut() else { return };
    let headers = response.entry("headers").or_insert_with(|| json!({}));
    let Some(headers) = headers.as_object_mut() else { return };
    let mut add = |name: &str, value: Value| drop(headers.insert(name.to_owned(), value));
    add("X-Request-Id", header("Finds the request in the server's log.", true));
    if shape.is_in_api {
        add(
            "RateLimit",
            header("What is left: `\"default\";r=<requests>;t=<seconds until all is back>`.", true),
        );
        add("RateLimit-Policy", header("The limit: `\"default\";q=<requests>;w=<seconds>`.", true));
    }
    if status == "201" {
        add("Location", header("The location of the new resource.", true));
    }
    if is_versioned || status == "304" {
        add("ETag", header("The version of the resource, for `If-Match` and `If-None-Match`.", true));
    }
    if shape.is_list {
        add("Link", header("The next page, `rel=\"next\"`, if there is one.", false));
    }
    if shape.is_open_to_viewing && status != "304" {
        add(VIEWING_AS, viewing_as());
    }
    if shape.takes_idempotency_key {
        add(
            "Idempotency-Replayed",
            header("`true` when the response is that of an earlier request with the same key.", false),
        );
    }
}

impl ProblemResponse {
    /// Whether one of the codes has its status.
    fn is_for(&self, codes: &[Code]) -> bool {
        self.status == "default" || codes.iter().any(|code| code.status().to_string() == self.status)
    }

    fn response(&self) -> Value {
        let mut headers = Map::new();
        headers.insert("X-Request-Id".to_owned(), header("Finds the request in the server's log.", true));
        if self.status.starts_with('4') {
            headers.insert(VIEWING_AS.to_owned(), viewing_as());
        }
        match self.status {
            "403" => drop(
                headers
                    .insert("WWW-Authenticate".to_owned(), header("What is missing (RFC 6750 3.1).", false)),
            ),
            "401" => drop(
                headers
                    .insert("WWW-Authenticate".to_owned(), header("How to authenticate (RFC 6750 3).", true)),
            ),
            "412" => drop(headers.insert("ETag".to_owned(), header("The current version.", true))),
            "429" | "503" => drop(headers.insert("Retry-After".to_owned(), header("Seconds to wait.", true))),
            _ => {}
        }
        json!({
            "description": self.meaning,
            "headers": headers,
            "content": { "application/problem+json": problem_examples::media_type(self.status) },
        })
    }
}

/// Problem documents omit members that do not apply.
const NOT_ALWAYS_WHOLE: [&str; 2] = ["Problem", "Fault"];

/// Every documented member of a response is always present, and null when it has no value (N10).
fn require_all_members(document: &mut Value, mut todo: Vec<String>) {
    let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else {
        return;
    };
    let mut done = Vec::new();
    while let Some(name) = todo.pop() {
        if done.contains(&name) || NOT_ALWAYS_WHOLE.contains(&name.as_str()) {
            continue;
        }
        merge(schemas, &name);
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
            let here = members
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(|r| r.rsplit('/').next())
                .map(str::to_owned);
            here.into_iter().chain(members.values().flat_map(referred)).collect()
        }
        Value::Array(items) => items.iter().flat_map(referred).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of a response, with their names.
    fn examples(response: &Value) -> Vec<(Option<String>, Value)> {
        let media_type = response.pointer("/content/application~1problem+json").unwrap();
        if let Some(only) = media_type.get("example") {
            return vec![(None, only.clone())];
        }
        let named = media_type.get("examples").and_then(Value::as_object).unwrap();
        named.iter().map(|(name, example)| (Some(name.clone()), example["value"].clone())).collect()
    }

    #[test]
    fn every_example_of_a_refusal_is_one_that_its_code_allows() {
        for problem in &PROBLEMS {
            let examples = examples(&problem.response());
            assert!(!examples.is_empty(), "{}", problem.name);
            for (name, example) in examples {
                let code = example["code"].as_str().and_then(Code::parse).unwrap();
                assert_eq!(example["status"], code.status(), "{example}");
                assert_eq!(example["title"], code.title(), "{example}");
                assert_eq!(example["type"], format!("/problems/{}", code.as_str()), "{example}");
                assert!(example["errors"].is_array(), "{example}");
                assert!(name.is_none_or(|name| name == code.as_str()), "{example}");
                let is_listed = PROBLEMS.iter().any(|other| other.status == code.status().to_string());
                let is_of_status = problem.status == code.status().to_string();
                assert!(is_of_status || problem.status == "default" && !is_listed, "{example}");
            }
        }
    }
}
