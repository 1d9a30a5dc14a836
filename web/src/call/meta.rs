//! The parts of a request besides its input: the caller, the client's address, and headers.

use std::net::IpAddr;
use std::sync::OnceLock;

use actix_web::http::header::{AUTHORIZATION, HeaderMap, USER_AGENT};
use actix_web::{HttpMessage, HttpRequest};
use application::bearer::{Bearer, Viewing};
use application::clock::now;
use application::origin::Origin;
use application::problem::Problem;
use application::problem_codes::Code;
use orgs::OrgId;
use persistence::{Claim, Scope};
use uuid::Uuid;

use crate::answer::{etag, names_version};
use crate::contract::Operation;
use crate::paging::List;
use crate::rate_limit::Allowance;
use crate::request_id::RequestId;
use crate::state::State;

/// The parts of a request besides its input.
pub struct RequestMeta {
    /// The origin, for the log.
    pub origin: Origin,
    /// The organization in the path.
    pub org: Option<OrgId>,
    /// The list and the page that is requested, if any.
    pub list: List,
    bearer: Option<Bearer>,
    if_match: Option<String>,
    needs: Needs,
    /// The result of counting the request for the organization. Counted once, even if the transaction runs again.
    counted: OnceLock<Option<Problem>>,
    pub(super) if_none_match: Option<String>,
    idempotency_key: Option<String>,
    method: String,
    path: String,
}

/// The requirements of an operation on its caller.
pub(super) struct Needs {
    pub(super) permissions: Vec<roles::Permission>,
    pub(super) platform_permission: Option<roles::PlatformPermission>,
    /// Whether a restricted session may call it.
    pub(super) is_open_to_restricted: bool,
    /// Whether it may be called in a view-as session.
    pub(super) is_open_to_viewing: bool,
}

impl RequestMeta {
    /// Reads credentials and headers, and counts the request against its limits.
    pub(super) fn read(state: &State, request: &HttpRequest, operation: &Operation) -> Result<Self, Problem> {
        let address = client_address(request, &state.trusted_proxies);
        let bearer = match operation.is_public {
            true => None,
            false => bearer_of(state, request).map(Some).or_else(|bad| {
                count(state, request, None)?;
                Err(bad)
            })?,
        };
        if let Some(viewing) = bearer.and_then(|bearer| bearer.viewing) {
            request.extensions_mut().insert(viewing);
        }
        count(state, request, bearer)?;
        let org = request.match_info().get("org_id").and_then(|id| Uuid::parse_str(id).ok()).map(OrgId);
        let text = |name: &str| request.headers().get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
        let taken = |name: &str| operation.takes_header(name).then(|| text(name)).flatten();
        let origin = Origin {
            request_id: RequestId::of(request),
            address: Some(address).filter(|address| !address.is_unspecified()),
            user_agent: text(USER_AGENT.as_str()).map(|agent| agent.chars().take(200).collect()),
            user: bearer.map(|bearer| bearer.user_id),
            session: bearer.map(|bearer| bearer.session_id),
        };
        Ok(Self {
            origin,
            org,
            list: List::new(request.path(), request.query_string(), state.cursors.clone()),
            bearer,
            if_match: taken("If-Match"),
            needs: Needs {
                permissions: operation.permissions.clone(),
                platform_permission: operation.platform_permission,
                is_open_to_restricted: operation.is_open_to_restricted,
                is_open_to_viewing: operation.is_open_to_viewing,
            },
            counted: OnceLock::new(),
            if_none_match: taken("If-None-Match").filter(|_| bearer.is_none_or(|b| b.viewing.is_none())),
            idempotency_key: taken("Idempotency-Key"),
            method: request.method().as_str().to_owned(),
            path: request.path().to_owned(),
        })
    }

    pub(super) fn scope(&self) -> Scope {
        Scope { org: self.org, user: self.origin.user, is_platform: false }
    }

    /// The claim of the `Idempotency-Key`, if one was sent.
    pub fn claim(&self, fingerprint: &str) -> Option<Claim> {
        let key = self.idempotency_key.as_deref()?.trim_matches('"').to_owned();
        let user = self.origin.user?;
        Some(Claim {
            user,
            method: self.method.clone(),
            path: self.path.clone(),
            key,
            fingerprint: fingerprint.to_owned(),
        })
    }

    /// Counts the request against the limit of the organization in the path. Only for effective members: requests of
    /// strangers and suspended users must not use up the organization's limit.
    pub(super) fn count_for(&self, state: &State, org: OrgId) -> Result<(), Problem> {
        let refusal = self.counted.get_or_init(|| state.limits.count_member(org.0));
        refusal.clone().map_or(Ok(()), Err)
    }

    /// The holder of the access token, for operations with a log-in.
    pub(super) fn bearer(&self) -> Result<Bearer, Problem> {
        self.bearer.ok_or_else(Problem::internal)
    }

    /// Requires that `If-Match`, if sent, contains this version (W3).
    ///
    /// # Errors
    ///
    /// `precondition_failed`, with the current entity tag.
    pub fn require_match(&self, version: i64, audience: &str) -> Result<(), Problem> {
        match &self.if_match {
            Some(sent) if !names_version(sent, version) => {
                let stale = Problem::new(Code::PreconditionFailed, "It was changed since you read it.");
                Err(stale.with_etag(etag(version, audience)))
            }
            _ => Ok(()),
        }
    }

    /// As [`RequestMeta::require_match`], for operations that require `If-Match` (W4).
    ///
    /// # Errors
    ///
    /// `precondition_required` without the header; `precondition_failed` if it contains another version.
    pub fn require_match_sent(&self, version: i64, audience: &str) -> Result<(), Problem> {
        if self.if_match.is_none() {
            return Err(Problem::new(
                Code::PreconditionRequired,
                "Send the `ETag` that you read as `If-Match`.",
            ));
        }
        self.require_match(version, audience)
    }

    /// The member that the caller views as, if any.
    pub fn viewing(&self) -> Option<Viewing> {
        self.bearer.and_then(|bearer| bearer.viewing)
    }

    pub(super) fn needs(&self) -> &Needs {
        &self.needs
    }
}

/// Counts a request that was refused before it reached an operation, for the holder of its access token or else for
/// its network.
pub fn count_refused(state: &State, request: &HttpRequest) -> Result<(), Problem> {
    if request.extensions().contains::<Allowance>() {
        return Ok(());
    }
    count(state, request, bearer_of(state, request).ok())
}

/// Counts a request for the holder of its access token or else for its network. Fails if it exceeds the limit.
fn count(state: &State, request: &HttpRequest, bearer: Option<Bearer>) -> Result<(), Problem> {
    let verdict = match bearer {
        Some(bearer) => state.limits.count_principal(bearer.user_id.0),
        None => state.limits.count_address(client_address(request, &state.trusted_proxies)),
    };
    request.extensions_mut().insert(verdict.allowance);
    verdict.refusal.map_or(Ok(()), Err)
}

fn bearer_of(state: &State, request: &HttpRequest) -> Result<Bearer, Problem> {
    state.app.keys.check(bearer_token(request.headers())?, now())
}

fn bearer_token(headers: &HeaderMap) -> Result<&str, Problem> {
    let none = || {
        Problem::new(
            Code::Unauthenticated,
            "Log in, and send the access token as `Authorization: Bearer ...`.",
        )
    };
    let bad = || {
        Problem::new(Code::Unauthenticated, "The credentials are not one bearer token.")
            .with_bad_credentials()
    };
    let mut sent = headers.get_all(AUTHORIZATION);
    let value = sent.next().ok_or_else(none)?;
    if sent.next().is_some() {
        return Err(bad());
    }
    let (scheme, token) = value.to_str().map_err(|_| bad())?.split_once(' ').ok_or_else(bad)?;
    if scheme.eq_ignore_ascii_case("bearer") { Ok(token.trim()) } else { Err(bad()) }
}

/// The client's address: that of the peer, or the one that trusted proxies report, read from the right. IPv4
/// addresses are normalized, since a listener on `[::]` sees them as `::ffff:192.0.2.1`.
fn client_address(request: &HttpRequest, trusted: &[IpAddr]) -> IpAddr {
    let mut address = request.peer_addr().map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.ip().to_canonical());
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
        match hop.trim().parse::<IpAddr>() {
            Ok(earlier) => address = earlier.to_canonical(),
            Err(_) => break,
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_proxy_is_trusted_however_its_ipv4_address_is_written() {
        let trusted = ["192.0.2.1".parse().unwrap()];
        for peer in ["192.0.2.1:4000", "[::ffff:192.0.2.1]:4000"] {
            let request = TestRequest::default().peer_addr(peer.parse().unwrap());
            for sent in ["203.0.113.9", "::ffff:203.0.113.9"] {
                let request = TestRequest::default()
                    .peer_addr(peer.parse().unwrap())
                    .insert_header(("X-Forwarded-For", sent))
                    .to_http_request();
                assert_eq!(client_address(&request, &trusted).to_string(), "203.0.113.9", "{peer} {sent}");
            }
            assert_eq!(client_address(&request.to_http_request(), &trusted).to_string(), "192.0.2.1");
        }
    }
}
