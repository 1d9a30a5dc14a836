//! Where an act comes from, as the event log and the histories of accounts record it.

use std::net::{IpAddr, Ipv4Addr};

use users::{SessionId, UserId};

use crate::problem::Problem;

/// Where an act comes from.
#[derive(Debug, Clone)]
pub struct Origin {
    /// Finds the request in the server's log. Empty for what no request caused.
    pub request_id: String,
    /// The client's network address. None for what no request caused.
    pub address: Option<IpAddr>,
    /// The client's `User-Agent`, at most 200 characters.
    pub user_agent: Option<String>,
    /// The account that is logged in; with a view-as token, that of the viewer. None at operations without a log-in.
    pub user: Option<UserId>,
    /// The session of that account. None without a log-in, and for what no request caused.
    pub session: Option<SessionId>,
}

impl Origin {
    /// For what is done later on behalf of somebody who asked for it.
    pub fn on_behalf_of(user: UserId) -> Self {
        Self { request_id: String::new(), address: None, user_agent: None, user: Some(user), session: None }
    }

    /// The client's address; `0.0.0.0` for what no request caused.
    pub fn client_address(&self) -> IpAddr {
        self.address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
    }

    /// The account that is logged in, where an operation requires one.
    ///
    /// # Errors
    ///
    /// `internal_error` if nobody is logged in: the operation is declared public and must not ask.
    pub fn actor(&self) -> Result<UserId, Problem> {
        self.user.ok_or_else(Problem::internal)
    }
}
