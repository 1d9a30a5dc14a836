//! Path, query and body of a request, checked against the document. All faults are reported together.

use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Bytes;
use actix_web::{HttpMessage, HttpRequest};
use application::problem::{Fault, Problem};
use application::problem_codes::Code;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::meta::RequestMeta;
use crate::contract::Operation;
use crate::strict_json;
use std::sync::Arc;

/// The input of a request.
pub struct Input<P = (), Q = (), B = ()> {
    /// The parameters in the path.
    pub path: P,
    /// The parameters in the query.
    pub query: Q,
    /// The body.
    pub body: B,
    /// The other parts of the request.
    pub meta: Arc<RequestMeta>,
}

pub(super) fn read_input<P: DeserializeOwned, Q: DeserializeOwned, B: DeserializeOwned>(
    operation: &Operation,
    request: &HttpRequest,
    bytes: &Bytes,
    meta: &Arc<RequestMeta>,
) -> Result<Input<P, Q, B>, Problem> {
    let mut body = read_body(operation, request, bytes)?;
    let sent_query: Vec<(String, String)> = decoded_query(request.query_string())?;
    let sent_path: Vec<(String, String)> =
        request.match_info().iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
    let mut faults = Vec::new();
    let path = operation.read_path(&sent_path, &mut faults);
    let query = operation.read_query(&sent_query, &mut faults);
    for name in ["Idempotency-Key", "If-Match", "If-None-Match"] {
        if let Some(value) = request.headers().get(name) {
            operation.check_header(name, value.to_str().unwrap_or("\0"), &mut faults);
        }
    }
    operation.check_body(body.as_ref(), &mut faults);
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    body.iter_mut().for_each(|body| operation.trim_body(body));
    // The value matches its schema but not its type: a fault of the server, reported as a fault of the body.
    let unfit = |e: serde_json::Error| {
        Problem::invalid(vec![Fault::at("#", "invalid", format!("The request can't be read: {e}."))])
    };
    Ok(Input {
        meta: meta.clone(),
        path: serde_json::from_value(path).map_err(unfit)?,
        query: serde_json::from_value(query).map_err(unfit)?,
        body: serde_json::from_value(body.unwrap_or(Value::Null)).map_err(unfit)?,
    })
}

fn read_body(operation: &Operation, request: &HttpRequest, bytes: &Bytes) -> Result<Option<Value>, Problem> {
    if !operation.takes_json() || bytes.is_empty() && request.headers().get(CONTENT_TYPE).is_none() {
        return Ok(None);
    }
    let sent = request.content_type().to_ascii_lowercase();
    let is_known = sent == "application/json" || operation.body_types.contains(&sent);
    if !is_known && !bytes.is_empty() {
        return Err(Problem::new(
            Code::UnsupportedMediaType,
            format!("Send the body as {}.", operation.body_types.join(" or ")),
        ));
    }
    if bytes.is_empty() {
        return Ok(None);
    }
    strict_json::parse(bytes).map(Some).map_err(|e| {
        let detail = format!("The body is not valid JSON (line {}, column {}).", e.line(), e.column());
        Problem::new(Code::MalformedJson, detail)
    })
}

/// The names and values of a query. Invalid percent-encoding and invalid UTF-8 are refused.
fn decoded_query(query: &str) -> Result<Vec<(String, String)>, Problem> {
    let malformed = || Problem::new(Code::MalformedRequest, "The query is not percent-encoded UTF-8.");
    let is_hex = |b: Option<&u8>| b.is_some_and(u8::is_ascii_hexdigit);
    let bytes = query.as_bytes();
    let broken = bytes
        .iter()
        .enumerate()
        .any(|(i, b)| *b == b'%' && !(is_hex(bytes.get(i + 1)) && is_hex(bytes.get(i + 2))));
    let pairs: Vec<(String, String)> = url::form_urlencoded::parse(bytes).into_owned().collect();
    let has_replacement = pairs.iter().any(|(n, v)| n.contains('\u{fffd}') || v.contains('\u{fffd}'));
    if broken || (has_replacement && !query.to_ascii_uppercase().contains("%EF%BF%BD")) {
        Err(malformed())
    } else {
        Ok(pairs)
    }
}
