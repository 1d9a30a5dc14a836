//! The scenarios.

/// Whether the disk matters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Only reads.
    Read,
    /// Commits durably.
    Write,
}

/// One kind of request.
pub(crate) struct Scenario {
    /// As the table calls it.
    pub(crate) name: &'static str,
    /// The script without its ending.
    pub(crate) script: &'static str,
    /// Decides on the limit.
    pub(crate) kind: Kind,
}

/// The reads first, so that both servers start them with the same data.
pub(crate) const COMPARED: [Scenario; 7] = [
    Scenario { name: "list open tickets, page of 25", script: "list", kind: Kind::Read },
    Scenario { name: "get a ticket", script: "get", kind: Kind::Read },
    Scenario { name: "its thread", script: "thread", kind: Kind::Read },
    Scenario { name: "search, frequent word", script: "search", kind: Kind::Read },
    Scenario { name: "search, rare word", script: "search_rare", kind: Kind::Read },
    Scenario { name: "post a message", script: "post_message", kind: Kind::Write },
    Scenario { name: "create a ticket", script: "create_ticket", kind: Kind::Write },
];

/// Connections at a time.
pub(crate) const CONNECTIONS: [u32; 2] = [1, 8];

impl Kind {
    /// The minimum part of the baseline's throughput.
    pub(crate) fn least_ratio(self) -> f64 {
        match self {
            Self::Read => 0.35,
            Self::Write => 0.6,
        }
    }
}
