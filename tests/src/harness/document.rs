//! `openapi.yaml`, and the check of answers against it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::env;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock, Mutex};

use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};

use super::process::root;
use super::reply::Reply;
use super::server::unpoisoned;

static DOCUMENT: LazyLock<Document> = LazyLock::new(Document::read);

/// The document of this run.
pub(crate) fn document() -> &'static Document {
    &DOCUMENT
}

/// Its file: `STEWARD_TEST_OPENAPI`, else the one of the repository.
pub(crate) fn file() -> PathBuf {
    env::var_os("STEWARD_TEST_OPENAPI").map_or_else(|| root().join("openapi.yaml"), PathBuf::from)
}

/// The document, with its operations.
pub(crate) struct Document {
    pub(crate) value: Value,
    /// By operation id.
    pub(crate) operations: BTreeMap<String, Operation>,
    /// Its schemas, which refuse fields that they do not name.
    closed: Value,
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

/// An operation.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) id: String,
    /// In capitals.
    pub(crate) method: String,
    /// From the root, with its parameters in braces.
    pub(crate) path: String,
    /// As the document has it.
    pub(crate) value: Value,
    /// The permission it is marked with.
    pub(crate) permission: Option<String>,
}

/// An answer and its request.
pub(super) struct Answered<'a> {
    pub(super) method: &'a str,
    /// From the root, without the query.
    pub(super) path: &'a str,
    pub(super) reply: &'a Reply,
}

/// Statuses of refusals before the routing to an operation.
const REFUSED_UNROUTED: [u16; 10] = [400, 401, 404, 405, 408, 413, 414, 429, 431, 503];

/// Suffix of schemas that are part of another.
const AS_PART: &str = "AsPart";

/// Panics if an answer differs from the document, and records the operation as exercised.
pub(super) fn check(answered: &Answered) {
    let document = document();
    let found = document.operation_at(answered.method, answered.path);
    let verdict = match found {
        Some(operation) => {
            record(&operation.id, answered.reply.code());
            document.judge(operation, answered.reply)
        }
        None if is_page(answered) => Ok(()),
        None => judge_unrouted(document, answered.reply),
    };
    if let Err(fault) = verdict {
        let operation = found.map_or("no operation", |operation| operation.id.as_str());
        panic!("the answer differs from openapi.yaml ({operation}): {fault}\n{}", answered.reply);
    }
}

/// Pages for people, and preflights, which are not operations.
fn is_page(answered: &Answered) -> bool {
    let path = answered.path;
    answered.method == "OPTIONS"
        || path == "/docs"
        || path.starts_with("/docs/")
        || path.starts_with("/problems/")
}

fn judge_unrouted(document: &Document, reply: &Reply) -> Result<(), String> {
    if !REFUSED_UNROUTED.contains(&reply.status) {
        return Err(format!("{} from a path or method that is not documented", reply.status));
    }
    judge_problem(document, reply)
}

fn judge_problem(document: &Document, reply: &Reply) -> Result<(), String> {
    if reply.media_type().as_deref() != Some("application/problem+json") {
        return Err("an error that is no application/problem+json".to_owned());
    }
    document.judge_body(&json!({ "$ref": "#/components/schemas/Problem" }), reply)?;
    if reply.body["status"] != json!(reply.status) {
        return Err("the problem names another status".to_owned());
    }
    Ok(())
}

impl Document {
    fn read() -> Self {
        let file = file();
        let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let value: Value = yaml_serde::from_str(&text).expect("openapi.yaml is YAML");
        let mut operations = BTreeMap::new();
        for (path, item) in object(&value["paths"]) {
            for (method, operation) in object(item) {
                let operation = Operation::read(path, method, operation);
                let twin = operations.insert(operation.id.clone(), operation);
                assert!(twin.is_none(), "two operations with one id: {twin:?}");
            }
        }
        let closed = closed(&value["components"]["schemas"]);
        Self { value, operations, closed, validators: Mutex::new(HashMap::new()) }
    }

    /// The operation of a method and a path; of several the one with the fewest parameters.
    pub(crate) fn operation_at(&self, method: &str, path: &str) -> Option<&Operation> {
        let matching = self.operations.values().filter(|o| o.method == method && fits(&o.path, path));
        matching.min_by_key(|operation| operation.path.matches('{').count())
    }

    /// The target of a reference, or the value itself.
    pub(crate) fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str().and_then(|reference| reference.strip_prefix('#')) {
            Some(pointer) => self.value.pointer(pointer).unwrap_or_else(|| panic!("{pointer} is missing")),
            None => value,
        }
    }

    fn judge(&self, operation: &Operation, reply: &Reply) -> Result<(), String> {
        let responses = &operation.value["responses"];
        let documented = match &responses[reply.status.to_string()] {
            Value::Null => &responses["default"],
            found => found,
        };
        if documented.is_null() {
            return Err(format!("status {} is not documented", reply.status));
        }
        let documented = self.resolve(documented);
        for (name, header) in object(&documented["headers"]) {
            if self.resolve(header)["required"] == true && reply.header(name).is_none() {
                return Err(format!("the header {name} is missing"));
            }
        }
        let content = object(&documented["content"]);
        if content.is_empty() {
            let is_empty = reply.bytes.is_empty();
            return if is_empty { Ok(()) } else { Err("a body where none is documented".to_owned()) };
        }
        let media_type = reply.media_type().ok_or("no media type")?;
        let (_, body) = content
            .iter()
            .find(|(name, _)| **name == media_type)
            .ok_or_else(|| format!("the media type {media_type} is not documented"))?;
        if reply.status >= 400 {
            judge_problem(self, reply)?;
            if !operation.has_problem(reply.code()) {
                return Err(format!("the code {} is not among its x-problem-codes", reply.code()));
            }
        }
        if media_type.ends_with("json") { self.judge_body(&body["schema"], reply) } else { Ok(()) }
    }

    fn judge_body(&self, schema: &Value, reply: &Reply) -> Result<(), String> {
        let body: Value =
            serde_json::from_slice(&reply.bytes).map_err(|error| format!("the body is no JSON: {error}"))?;
        let faults: Vec<String> = self
            .validator(schema)
            .iter_errors(&body)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        if faults.is_empty() { Ok(()) } else { Err(faults.join("; ")) }
    }

    /// A compiled schema of the document.
    pub(crate) fn validator(&self, schema: &Value) -> Arc<Validator> {
        let mut validators = unpoisoned(&self.validators);
        let compiled = validators.entry(schema.to_string()).or_insert_with(|| {
            let whole = json!({ "allOf": [schema], "components": { "schemas": self.closed } });
            let options = jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true);
            Arc::new(options.build(&whole).expect("the document's schemas are sound"))
        });
        Arc::clone(compiled)
    }
}

impl Operation {
    fn read(path: &str, method: &str, value: &Value) -> Self {
        let id =
            value["operationId"].as_str().unwrap_or_else(|| panic!("{method} {path} has no operationId"));
        Self {
            id: id.to_owned(),
            method: method.to_uppercase(),
            path: path.to_owned(),
            value: value.clone(),
            permission: value["x-required-permission"].as_str().map(str::to_owned),
        }
    }

    /// Whether it declares this code.
    fn has_problem(&self, code: &str) -> bool {
        self.value["x-problem-codes"].as_array().is_some_and(|codes| codes.iter().any(|known| known == code))
    }

    /// Whether it requires no log-in.
    pub(crate) fn is_public(&self) -> bool {
        self.value["security"].as_array().is_some_and(|ways| ways.iter().all(|way| object(way).is_empty()))
    }
}

/// The members of a JSON object; none for anything else.
pub(crate) fn object(value: &Value) -> &Map<String, Value> {
    static NONE: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);
    value.as_object().unwrap_or(&NONE)
}

/// Schemas that refuse fields that they do not name: clients must accept new fields, but the document has to
/// contain those of today. If a schema is part of another, the other one decides.
fn closed(schemas: &Value) -> Value {
    let mut all = Map::new();
    for (name, schema) in object(schemas) {
        let mut strict = schema.clone();
        if let Some(parts) = strict.get_mut("allOf").and_then(Value::as_array_mut) {
            for part in parts {
                let reference = part["$ref"].as_str().map(|reference| format!("{reference}{AS_PART}"));
                if let Some(reference) = reference {
                    part["$ref"] = json!(reference);
                }
            }
        }
        let names_members = schema["properties"].is_object() || schema["allOf"].is_array();
        if names_members && schema["additionalProperties"].is_null() {
            strict["unevaluatedProperties"] = json!(false);
        }
        all.insert(name.clone(), strict);
        all.insert(format!("{name}{AS_PART}"), schema.clone());
    }
    Value::Object(all)
}

fn fits(pattern: &str, path: &str) -> bool {
    let (wanted, given) = (pattern.split('/'), path.split('/'));
    wanted.clone().count() == given.clone().count()
        && wanted
            .zip(given)
            .all(|(wanted, given)| if wanted.starts_with('{') { !given.is_empty() } else { wanted == given })
}

/// Records that an operation was called and, of a refusal, its code. `cargo xtask test` compares the records with the
/// document.
fn record(id: &str, code: &str) {
    static RECORDED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let Some(file) = env::var_os("STEWARD_TEST_COVERAGE") else { return };
    let line = format!("{id} {code}");
    let mut recorded = unpoisoned(&RECORDED);
    if recorded.contains(&line) {
        return;
    }
    let opened = OpenOptions::new().create(true).append(true).open(&file);
    let written = opened.and_then(|mut file| writeln!(file, "{line}"));
    written.unwrap_or_else(|error| panic!("STEWARD_TEST_COVERAGE: {error}"));
    recorded.insert(line);
}

/// Records a refusal that came byte by byte, of whatever operation.
pub(crate) fn record_refusal(code: &str) {
    record("", code);
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

    use super::*;

    fn verdict(status: u16, headers: &[(&'static str, &'static str)], body: &Value) -> Result<(), String> {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        let bytes = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        let reply = Reply::new("GET /healthz".to_owned(), status, headers, bytes);
        document().judge(&document().operations["get_health"], &reply)
    }

    #[test]
    fn an_answer_that_differs_from_the_document_is_found() {
        let id = ("x-request-id", "1");
        let (json, problem) =
            (("content-type", "application/json"), ("content-type", "application/problem+json"));
        let well = json!({ "status": "ok" });
        assert_eq!(verdict(200, &[id, json], &well), Ok(()));
        let of_500 = json!({
            "type": "/problems/internal_error", "title": "t", "status": 500, "detail": "d", "code": "internal_error",
            "request_id": "1", "errors": [],
        });
        assert_eq!(verdict(500, &[id, problem], &of_500), Ok(()));
        let of_another = json!({
            "type": "/problems/storage_full", "title": "t", "status": 503, "detail": "d", "code": "storage_full",
            "request_id": "1", "errors": [],
        });
        for (what, wrong) in [
            (
                "a code that it does not declare",
                verdict(503, &[id, problem, ("retry-after", "1")], &of_another),
            ),
            ("a header is missing", verdict(200, &[json], &well)),
            ("another media type", verdict(200, &[id, ("content-type", "text/plain")], &well)),
            ("no media type", verdict(200, &[id], &well)),
            ("a member is of another type", verdict(200, &[id, json], &json!({ "status": 1 }))),
            ("a member is missing", verdict(200, &[id, json], &json!({}))),
            ("a member is not documented", verdict(200, &[id, json], &json!({ "status": "ok", "more": 1 }))),
            ("no body", verdict(200, &[id, json], &Value::Null)),
            ("an undocumented success", verdict(201, &[id, json], &well)),
            ("an error that is no problem", verdict(500, &[id, json], &of_500)),
            ("a problem with another status", verdict(503, &[id, problem], &of_500)),
        ] {
            assert!(wrong.is_err(), "{what}, and nobody notices");
        }
    }

    #[test]
    fn a_path_leads_to_its_operation() {
        let id = |method: &str, path: &str| {
            document().operation_at(method, path).map_or("", |operation| operation.id.as_str())
        };
        assert_eq!(id("GET", "/api/v1/orgs/1/tickets/2"), "get_ticket");
        assert_eq!(id("DELETE", "/api/v1/sessions/current"), "delete_current_session");
        assert_eq!(id("GET", "/api/v1/orgs/1/tickets/"), "");
        assert_eq!(id("GET", "/api/v1/orgs/1/tickets/2/"), "");
        assert_eq!(id("POST", "/healthz"), "");
    }
}
