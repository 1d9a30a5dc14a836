//! The origin of an act, as recorded in the event log and in account histories.

use std::net::{IpAddr, Ipv4Addr};

use users::{SessionId, UserId};

use crate::problem::Problem;

/// The origin of an act.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The request's id in the server's log. Empty if no request caused the act.
    pub request_id: String,
    /// The client's network address. None if no request caused the act.
    pub address: Option<IpAddr>,
    /// The client's `User-Agent`, at most 200 characters.
    pub user_agent: Option<String>,
    /// The logged-in account; with a view-as token, the viewer. None without a log-in.
    pub user: Option<UserId>,
    /// The session of that account. None without a log-in, and if no request caused the act.
    pub session: Option<SessionId>,
}

impl Origin {
    /// The origin of a later act on behalf of a requester.
    pub fn on_behalf_of(user: UserId) -> Self {
        Self { request_id: String::new(), address: None, user_agent: None, user: Some(user), session: None }
    }

    /// The client's address, or `0.0.0.0` if no request caused the act.
    pub fn client_address(&self) -> IpAddr {
        self.address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
    }

    /// The logged-in account, for operations that require one.
    ///
    /// # Errors
    ///
    /// `internal_error` if nobody is logged in: a public operation must not call this.
    pub fn actor(&self) -> Result<UserId, Problem> {
        self.user.ok_or_else(Problem::internal)
    }
}
