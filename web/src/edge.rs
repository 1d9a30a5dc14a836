//! The parts of every response: request id, security headers, rate limit, and a problem document for every error.

use std::panic::AssertUnwindSafe;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, VARY,
};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, ResponseError};
use application::clock::now;
use application::problem::Problem;
use application::problem_codes::Code;
use futures_util::FutureExt;
use persistence::with_time_limit;

use crate::call::meta::count_refused;
use crate::problem::Refusal;
use crate::rate_limit::Allowance;
use crate::request_id::RequestId;
use crate::state::State;
use application::bearer::Viewing;

const SECURITY: [(&str, &str); 3] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-resource-policy", "same-site"),
];

/// The outermost layer.
pub async fn edge(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let started = now();
    let sent = request.headers().get("X-Request-Id").and_then(|v| v.to_str().ok());
    let id = RequestId::choose(sent);
    request.extensions_mut().insert(id.clone());
    let state = request.app_data::<State>().cloned();
    let method = known_method(request.method());
    let called = AssertUnwindSafe(with_time_limit(next.call(request))).catch_unwind().await;
    let mut response = match called {
        Ok(Ok(response)) => response.map_into_boxed_body(),
        // Without its request, the response cannot be completed here, but it is still a problem document.
        Ok(Err(error)) => return Err(Refusal(as_problem(&error).with_request_id(&id.0)).into()),
        Err(_) => return Err(Refusal(Problem::internal().with_request_id(&id.0)).into()),
    };
    if let Some(problem) = problem_of(&response) {
        let problem = counted(state.as_ref(), response.request(), problem);
        log_problem(&id.0, &problem);
        let mut refusal = Refusal(problem.with_request_id(&id.0)).error_response();
        copy_cors_headers(response.headers(), refusal.headers_mut());
        response = response.into_response(refusal).map_into_boxed_body();
    }
    let request = response.request().clone();
    let is_behind_tls = state.as_ref().is_some_and(|state| state.app.public_url.starts_with("https://"));
    if is_behind_tls {
        let value = HeaderValue::from_static("max-age=63072000; includeSubDomains");
        response.headers_mut().insert(HeaderName::from_static("strict-transport-security"), value);
    }
    let pattern = request.match_pattern();
    add_headers(response.headers_mut(), &request, &id.0);
    let millis = (now() - started).num_milliseconds();
    let path = pattern.unwrap_or_else(|| "unmatched".to_owned());
    log::info!(
        "http.request id={} method={method} path={path} status={} millis={millis}",
        id.0,
        response.status().as_u16()
    );
    if let Some(state) = state {
        state.metrics.count_request(method, &path, response.status().as_u16(), now() - started);
    }
    Ok(response)
}

/// The method's name for logs and metrics. Unknown methods have unbounded lengths and numbers, so they share one name.
fn known_method(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "OTHER",
    }
}

/// The CORS headers of the inner layer apply to the problem document as well.
fn copy_cors_headers(from: &HeaderMap, to: &mut HeaderMap) {
    for (name, value) in
        from.iter().filter(|(name, _)| name.as_str().starts_with("access-control-") || **name == VARY)
    {
        to.append(name.clone(), value.clone());
    }
}

/// The problem for an error response. `None` if it is no error, or a problem document already.
fn problem_of(response: &ServiceResponse<BoxBody>) -> Option<Problem> {
    if let Some(error) = response.response().error() {
        return Some(as_problem(error));
    }
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    let is_problem = response.headers().get(CONTENT_TYPE).is_some_and(|t| t == "application/problem+json");
    (is_error && !is_problem).then(|| of_framework(status))
}

/// The refusal, or a rate-limit refusal. Counts requests that no operation has counted: unknown paths, methods and
/// pages.
fn counted(state: Option<&State>, request: &HttpRequest, problem: Problem) -> Problem {
    match state.filter(|_| (400..500).contains(&problem.code().status())) {
        Some(state) => count_refused(state, request).err().unwrap_or(problem),
        None => problem,
    }
}

fn as_problem(error: &actix_web::Error) -> Problem {
    error
        .as_error::<Refusal>()
        .map(|refusal| refusal.0.clone())
        .unwrap_or_else(|| of_framework(error.as_response_error().status_code()))
}

fn of_framework(status: actix_web::http::StatusCode) -> Problem {
    let code = Code::of_status(status.as_u16());
    Problem::new(code, format!("{}.", code.title()))
}

fn log_problem(id: &str, problem: &Problem) {
    if problem.code().status() >= 500 {
        log::error!("http.problem id={id} code={} cause={:?}", problem.code().as_str(), problem.cause());
    }
}

fn add_headers(headers: &mut HeaderMap, request: &HttpRequest, id: &str) {
    if let Ok(value) = HeaderValue::from_str(id) {
        headers.insert(HeaderName::from_static("x-request-id"), value);
    }
    for (name, value) in SECURITY {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if !headers.contains_key(CONTENT_SECURITY_POLICY) {
        headers.insert(
            CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
        );
    }
    if let Some(viewing) = request.extensions().get::<Viewing>()
        && let Ok(value) = HeaderValue::from_str(&viewing.viewed.0.to_string())
    {
        headers.insert(HeaderName::from_static("viewing-as"), value);
        // A browser requests both views under the same URL: a cached view-as response must not answer the caller's
        // own request.
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if let Some(allowance) = request.extensions().get::<Allowance>() {
        let policy = format!("\"default\";q={};w=60", allowance.per_minute);
        let left = format!("\"default\";r={};t={}", allowance.remaining, allowance.reset_seconds);
        for (name, value) in [("ratelimit-policy", policy), ("ratelimit", left)] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
    }
}

/// Handles requests without a route: an unknown path, or another method of a known path.
pub async fn unrouted(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let state = request.app_data::<State>().ok_or_else(Problem::internal)?;
    match state.contract.methods_at(request.path()) {
        Some(allowed) => Err(Problem::new(Code::MethodNotAllowed, "The method is not offered here.")
            .with_allow(allowed)
            .into()),
        None => Err(Problem::not_found().into()),
    }
}
