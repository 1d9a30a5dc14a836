//! The way of a request: read and checked against the contract, then one transaction that finds the caller as he is now,
//! lets the operation decide, and keeps its effect with its events.
//!
//! Faults are told in the order of the contract: size, authentication, rate limit, authorization, media type, syntax,
//! schema, and then what the operation itself finds.

use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, USER_AGENT};
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse};
use orgs::OrgId;
use persistence::{Claim, Scope, Tx};
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::answer::Answer;
use crate::app::App;
use crate::body::read_json_bytes;
use crate::contract::Operation;
use crate::keys::{Bearer, hex};
use crate::paging::ListOf;
use crate::problem::{Code, Fault, Problem};
use crate::request_id::RequestId;
use crate::strict_json;
use crate::work::{SignedIn, Work, find_member, find_signed_in};

/// A request to one operation, read as far as it can be without the database.
pub(crate) struct Call<P = (), Q = (), B = ()> {
    pub(crate) app: App,
    pub(crate) head: Head,
    /// What was sent, or all that is wrong with it. Told only to whoever may call the operation.
    input: Result<Arc<Input<P, Q, B>>, Problem>,
    fingerprint: String,
}

/// What was sent.
pub(crate) struct Input<P = (), Q = (), B = ()> {
    pub(crate) path: P,
    pub(crate) query: Q,
    pub(crate) body: B,
}

/// What a request says beside its input.
#[derive(Clone)]
pub(crate) struct Head {
    pub(crate) bearer: Option<Bearer>,
    pub(crate) org: Option<OrgId>,
    pub(crate) request_id: String,
    pub(crate) address: IpAddr,
    pub(crate) user_agent: Option<String>,
    pub(crate) if_match: Option<String>,
    pub(crate) list: ListOf,
    operation: Arc<Needs>,
    if_none_match: Option<String>,
    idempotency_key: Option<String>,
    method: String,
    path: String,
}

/// What an operation needs of its caller.
pub(crate) struct Needs {
    pub(crate) permissions: Vec<roles::Permission>,
    pub(crate) platform_permission: Option<roles::PlatformPermission>,
    /// Whether a session may call it that has something else to do first.
    pub(crate) is_open_to_restricted: bool,
}

pub(crate) type Reply = Result<HttpResponse, Problem>;

/// Seconds after which a request is answered with 503, whatever it waits for.
const PATIENCE: Duration = Duration::from_secs(25);

impl<P, Q, B> FromRequest for Call<P, Q, B>
where
    P: DeserializeOwned + 'static,
    Q: DeserializeOwned + 'static,
    B: DeserializeOwned + 'static,
{
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let takes_json =
            app_of(request).is_ok_and(|app| operation_of(&app, request).is_ok_and(Operation::takes_json));
        // A body that is no JSON is left to the operation itself.
        let payload = takes_json.then(|| payload.take());
        let request = request.clone();
        Box::pin(async move {
            let app = app_of(&request)?;
            let operation = operation_of(&app, &request)?;
            let bytes = match payload {
                Some(payload) => read_json_bytes(&request, payload).await?,
                None => Bytes::new(),
            };
            let head = Head::read(&app, &request, operation)?;
            let input = read_input(operation, &request, &bytes).map(Arc::new);
            let fingerprint = hex(&Sha256::digest(&bytes));
            Ok(Self { head, input, fingerprint, app: app.clone() })
        })
    }
}

fn app_of(request: &HttpRequest) -> Result<App, Problem> {
    request.app_data::<App>().cloned().ok_or_else(Problem::internal)
}

fn operation_of<'a>(app: &'a App, request: &HttpRequest) -> Result<&'a Operation, Problem> {
    let pattern = request.match_pattern().unwrap_or_default();
    app.contract.operation(request.method().as_str(), &pattern).ok_or_else(Problem::internal)
}

impl Head {
    /// Reads credentials and headers, and counts the request against its limits.
    fn read(app: &App, request: &HttpRequest, operation: &Operation) -> Result<Self, Problem> {
        let address = client_address(request, &app.trusted_proxies);
        let bearer =
            if operation.is_public { None } else { Some(app.keys.check(bearer_token(request.headers())?)?) };
        let org = request.match_info().get("org_id").and_then(|id| Uuid::parse_str(id).ok()).map(OrgId);
        let verdict = match bearer {
            Some(bearer) => app.limits.count_principal(bearer.user_id.0, org.map(|o| o.0)),
            None => app.limits.count_address(address),
        };
        request.extensions_mut().insert(verdict.allowance);
        if let Some(refusal) = verdict.refusal {
            return Err(refusal);
        }
        let text = |name: &str| request.headers().get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
        let taken = |name: &str| operation.takes_header(name).then(|| text(name)).flatten();
        Ok(Self {
            bearer,
            org,
            request_id: RequestId::of(request),
            address,
            user_agent: text(USER_AGENT.as_str()).map(|agent| agent.chars().take(200).collect()),
            if_match: taken("If-Match"),
            list: ListOf::new(request.path(), request.query_string()),
            operation: Arc::new(Needs {
                permissions: operation.permissions.clone(),
                platform_permission: operation.platform_permission,
                is_open_to_restricted: operation.is_open_to_restricted,
            }),
            if_none_match: taken("If-None-Match"),
            idempotency_key: taken("Idempotency-Key"),
            method: request.method().as_str().to_owned(),
            path: request.path().to_owned(),
        })
    }

    fn scope(&self) -> Scope {
        Scope { org: self.org, user: self.bearer.map(|b| b.user_id), is_platform: false }
    }

    fn claim(&self, fingerprint: &str) -> Option<Claim> {
        let key = self.idempotency_key.as_deref()?.trim_matches('"').to_owned();
        let user = self.bearer?.user_id;
        Some(Claim {
            user,
            method: self.method.clone(),
            path: self.path.clone(),
            key,
            fingerprint: fingerprint.to_owned(),
        })
    }
}

fn bearer_token(headers: &HeaderMap) -> Result<&str, Problem> {
    let none = || {
        Problem::new(
            Code::Unauthenticated,
            "Log in, and send the access token as `Authorization: Bearer ...`.",
        )
    };
    let value = headers.get(AUTHORIZATION).ok_or_else(none)?;
    let bad = || {
        Problem::new(Code::Unauthenticated, "The credentials are not a bearer token.").with_bad_credentials()
    };
    let (scheme, token) = value.to_str().map_err(|_| bad())?.split_once(' ').ok_or_else(bad)?;
    if scheme.eq_ignore_ascii_case("bearer") { Ok(token.trim()) } else { Err(bad()) }
}

/// The address a request comes from: that of the peer, or what proxies in our trust say of theirs, read from the right.
pub(crate) fn client_address(request: &HttpRequest, trusted: &[IpAddr]) -> IpAddr {
    let mut address = request.peer_addr().map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.ip());
    let chain = request
        .headers()
        .get_all("X-Forwarded-For")
        .filter_map(|v| v.to_str().ok())
        .collect::<Vec<_>>()
        .join(",");
    for hop in chain.rsplit(',') {
        if !trusted.contains(&address) {
            break;
        }
        match hop.trim().parse() {
            Ok(earlier) => address = earlier,
            Err(_) => break,
        }
    }
    address
}

fn read_input<P: DeserializeOwned, Q: DeserializeOwned, B: DeserializeOwned>(
    operation: &Operation,
    request: &HttpRequest,
    bytes: &Bytes,
) -> Result<Input<P, Q, B>, Problem> {
    let body = read_body(operation, request, bytes)?;
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
    // The schema has spoken; a value that it takes and the type does not is a fault of ours, told as one of the body.
    let unfit = |e: serde_json::Error| {
        Problem::invalid(vec![Fault::at("#", "invalid", format!("The request can't be read: {e}."))])
    };
    Ok(Input {
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
        let detail =
            format!("The body is no JSON that can be taken (line {}, column {}).", e.line(), e.column());
        Problem::new(Code::MalformedJson, detail)
    })
}

/// A query's names and values; a percent sign that starts no byte, or bytes that are no UTF-8, are refused.
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

impl<P, Q, B> Call<P, Q, B>
where
    P: Send + Sync + 'static,
    Q: Send + Sync + 'static,
    B: Send + Sync + 'static,
{
    /// Reads as a member of the organization in the path.
    pub(crate) async fn read(
        self,
        work: impl FnOnce(&mut Work<'_, '_>, &Input<P, Q, B>) -> Result<Answer, Problem> + Send + 'static,
    ) -> Reply {
        let (app, head, input) = (self.app.clone(), self.head.clone(), self.input);
        let run = self.app.db.read(head.scope(), move |tx| {
            let actor = find_member(tx, &head)?;
            let input = input?;
            work(&mut Work::new(tx, &app, &head, actor), &input)
        });
        finish(run, self.head.if_none_match.as_deref()).await
    }

    /// Writes as a member of the organization in the path.
    pub(crate) async fn write(
        self,
        work: impl Fn(&mut Work<'_, '_>, &Input<P, Q, B>) -> Result<Answer, Problem> + Send + 'static,
    ) -> Reply {
        let (app, head, input) = (self.app.clone(), self.head.clone(), self.input);
        let claim = head.claim(&self.fingerprint);
        let run = self.app.db.write(head.scope(), move |tx| {
            let actor = find_member(tx, &head)?;
            let input = input.as_ref().map_err(Clone::clone)?;
            once(tx, claim.as_ref(), |tx| work(&mut Work::new(tx, &app, &head, actor.clone()), input))
        });
        finish(run, None).await
    }

    /// Reads as whoever is logged in, beside all organizations.
    pub(crate) async fn read_account(
        self,
        scope: AccountScope,
        work: impl FnOnce(&mut Work<'_, '_, SignedIn>, &Input<P, Q, B>) -> Result<Answer, Problem>
        + Send
        + 'static,
    ) -> Reply {
        let (app, head, input) = (self.app.clone(), self.head.clone(), self.input);
        let run = self.app.db.read(scope.of(&head), move |tx| {
            let signed_in = find_signed_in(tx, &head)?;
            let input = input?;
            work(&mut Work::new(tx, &app, &head, signed_in), &input)
        });
        finish(run, self.head.if_none_match.as_deref()).await
    }

    /// Writes as whoever is logged in, beside all organizations.
    pub(crate) async fn write_account(
        self,
        scope: AccountScope,
        work: impl Fn(&mut Work<'_, '_, SignedIn>, &Input<P, Q, B>) -> Result<Answer, Problem> + Send + 'static,
    ) -> Reply {
        let (app, head, input) = (self.app.clone(), self.head.clone(), self.input);
        let claim = head.claim(&self.fingerprint);
        let run = self.app.db.write(scope.of(&head), move |tx| {
            let signed_in = find_signed_in(tx, &head)?;
            let input = input.as_ref().map_err(Clone::clone)?;
            once(tx, claim.as_ref(), |tx| work(&mut Work::new(tx, &app, &head, signed_in.clone()), input))
        });
        finish(run, None).await
    }

    /// Finds something as a member of the organization in the path, for operations that answer with more than JSON.
    pub(crate) async fn find<T: Send + 'static>(
        self,
        work: impl FnOnce(&mut Work<'_, '_>, &Input<P, Q, B>) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let (app, head, input) = (self.app.clone(), self.head.clone(), self.input);
        self.app
            .db
            .read(head.scope(), move |tx| {
                let actor = find_member(tx, &head)?;
                work(&mut Work::new(tx, &app, &head, actor), &*input?)
            })
            .await
    }

    /// Goes on only if the caller may call the operation and sent what it takes; nothing is done yet.
    pub(crate) async fn checked(self) -> Result<Self, Problem> {
        let (head, input) = (self.head.clone(), self.input.as_ref().map(drop).map_err(Clone::clone));
        self.app.db.read(head.scope(), move |tx| find_member(tx, &head).and(input)).await?;
        Ok(self)
    }

    /// Goes on only if somebody is logged in who may call the operation; nothing is done yet.
    pub(crate) async fn signed_in(self) -> Result<Self, Problem> {
        let (head, input) = (self.head.clone(), self.input.as_ref().map(drop).map_err(Clone::clone));
        self.app.db.read(head.scope(), move |tx| find_signed_in(tx, &head).and(input)).await?;
        Ok(self)
    }

    /// The input, for operations without a log-in and for those that do something outside the transaction first.
    pub(crate) fn input(&self) -> Result<Arc<Input<P, Q, B>>, Problem> {
        self.input.clone()
    }

    /// Sets what the `Idempotency-Key` is compared by, when that is not the JSON body.
    pub(crate) fn with_fingerprint(self, fingerprint: String) -> Self {
        Self { fingerprint, ..self }
    }
}

/// Whether an operation beside all organizations may see them all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AccountScope {
    /// Only what is the caller's own.
    Own,
    /// The whole installation: the operation checks a platform permission, or keeps to what is the caller's own.
    Platform,
}

impl AccountScope {
    fn of(self, head: &Head) -> Scope {
        Scope { is_platform: self == Self::Platform, ..head.scope() }
    }
}

impl Head {
    pub(crate) fn needs(&self) -> &Needs {
        &self.operation
    }
}

/// Does the work, or gives again what it gave under the same key before (W6).
fn once(
    tx: &mut Tx<'_>,
    claim: Option<&Claim>,
    work: impl FnOnce(&mut Tx<'_>) -> Result<Answer, Problem>,
) -> Result<Answer, Problem> {
    let Some(claim) = claim else { return work(tx) };
    let in_progress = |e: persistence::StoreError| match e {
        persistence::StoreError::Locked => {
            Problem::new(Code::IdempotencyInProgress, "The first request with this key is still running.")
                .with_retry_after(1)
        }
        other => other.into(),
    };
    match tx.claim_key(claim, crate::clock::now()).map_err(in_progress)? {
        Some(kept) if kept.fingerprint != claim.fingerprint => {
            Err(Problem::new(Code::IdempotencyKeyReused, "The key came with another body before.")
                .with_errors(vec![Fault::header(
                    "Idempotency-Key",
                    "reused",
                    "Use a new key for each new request.",
                )]))
        }
        Some(kept) => Ok(Answer::replay(kept)),
        None => {
            let answer = work(tx)?;
            tx.keep_answer(claim, &answer.to_stored(&claim.fingerprint))?;
            Ok(answer)
        }
    }
}

async fn finish(run: impl Future<Output = Result<Answer, Problem>>, if_none_match: Option<&str>) -> Reply {
    match tokio::time::timeout(PATIENCE, run).await {
        Ok(answer) => answer.map(|answer| answer.into_response(if_none_match)),
        Err(_) => Err(Problem::new(Code::Unavailable, "This took too long; try again.")),
    }
}
