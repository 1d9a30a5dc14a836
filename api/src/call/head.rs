//! What a request says beside its input: who sends it, from where, and its headers.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, OnceLock};

use actix_web::http::header::{AUTHORIZATION, HeaderMap, USER_AGENT};
use actix_web::{HttpMessage, HttpRequest};
use orgs::OrgId;
use persistence::{Claim, Scope};
use users::{SessionId, UserId};
use uuid::Uuid;

use crate::app::App;
use crate::bearer::{Bearer, Viewing};
use crate::clock::now;
use crate::contract::Operation;
use crate::paging::ListOf;
use crate::problem::{Code, Problem};
use crate::rate_limit::Allowance;
use crate::request_id::RequestId;

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
    /// What counting it for the organization found; once, however often the transaction runs again.
    counted: Arc<OnceLock<Option<Problem>>>,
    pub(super) if_none_match: Option<String>,
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
    /// Whether it may be called with the eyes of somebody else.
    pub(crate) is_open_to_viewing: bool,
}

impl Head {
    /// Reads credentials and headers, and counts the request against its limits.
    pub(super) fn read(app: &App, request: &HttpRequest, operation: &Operation) -> Result<Self, Problem> {
        let address = client_address(request, &app.trusted_proxies);
        let bearer = match operation.is_public {
            true => None,
            false => bearer_of(app, request).map(Some).or_else(|bad| {
                count(app, request, None)?;
                Err(bad)
            })?,
        };
        if let Some(viewing) = bearer.and_then(|bearer| bearer.viewing) {
            request.extensions_mut().insert(viewing);
        }
        count(app, request, bearer)?;
        let org = request.match_info().get("org_id").and_then(|id| Uuid::parse_str(id).ok()).map(OrgId);
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
                is_open_to_viewing: operation.is_open_to_viewing,
            }),
            counted: Arc::default(),
            if_none_match: taken("If-None-Match").filter(|_| bearer.is_none_or(|b| b.viewing.is_none())),
            idempotency_key: taken("Idempotency-Key"),
            method: request.method().as_str().to_owned(),
            path: request.path().to_owned(),
        })
    }

    /// For what is done later in the name of somebody who asked for it. No request caused it: it has no address.
    pub(crate) fn in_the_name_of(user: UserId, org: Option<OrgId>) -> Self {
        Self {
            bearer: Some(Bearer { user_id: user, session_id: SessionId(Uuid::nil()), viewing: None }),
            org,
            request_id: String::new(),
            address: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            user_agent: None,
            if_match: None,
            list: ListOf::new("", ""),
            operation: Arc::new(Needs {
                permissions: Vec::new(),
                platform_permission: None,
                is_open_to_restricted: false,
                is_open_to_viewing: false,
            }),
            counted: Arc::default(),
            if_none_match: None,
            idempotency_key: None,
            method: String::new(),
            path: String::new(),
        }
    }

    pub(super) fn scope(&self) -> Scope {
        Scope { org: self.org, user: self.bearer.map(|b| b.user_id), is_platform: false }
    }

    /// What the request claims to be by its `Idempotency-Key`, if it sent one.
    pub(crate) fn claim(&self, fingerprint: &str) -> Option<Claim> {
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

    /// Counts the request against the limit of the organization in its path. Only requests of members who get in are: strangers
    /// and whoever is suspended use up nothing that is not their own.
    pub(crate) fn count_for(&self, app: &App, org: OrgId) -> Result<(), Problem> {
        let refusal = self.counted.get_or_init(|| app.limits.count_member(org.0));
        refusal.clone().map_or(Ok(()), Err)
    }

    /// With whose eyes the caller looks, if not with his own.
    pub(crate) fn viewing(&self) -> Option<Viewing> {
        self.bearer.and_then(|bearer| bearer.viewing)
    }

    pub(crate) fn needs(&self) -> &Needs {
        &self.operation
    }
}

/// Counts a request that was refused before it came to an operation: for who holds its access token, or else for its network.
pub(crate) fn count_refused(app: &App, request: &HttpRequest) -> Result<(), Problem> {
    if request.extensions().contains::<Allowance>() {
        return Ok(());
    }
    count(app, request, bearer_of(app, request).ok())
}

/// Counts a request for who holds its access token, or else for its network, and refuses one too many.
fn count(app: &App, request: &HttpRequest, bearer: Option<Bearer>) -> Result<(), Problem> {
    let verdict = match bearer {
        Some(bearer) => app.limits.count_principal(bearer.user_id.0),
        None => app.limits.count_address(client_address(request, &app.trusted_proxies)),
    };
    request.extensions_mut().insert(verdict.allowance);
    verdict.refusal.map_or(Ok(()), Err)
}

fn bearer_of(app: &App, request: &HttpRequest) -> Result<Bearer, Problem> {
    app.keys.check(bearer_token(request.headers())?, now())
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

/// The address a request comes from: that of the peer, or what proxies in our trust say of theirs, read from the right. An
/// IPv4 address is one however it is written: a listener on `[::]` sees them as `::ffff:192.0.2.1`.
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
