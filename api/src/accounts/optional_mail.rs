use std::collections::BTreeSet;

use mail::MailKind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Mail that one may do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OptionalMail {
    /// A request was received.
    TicketReceived,
    /// Support answered a request.
    NewReply,
    /// The status of a request changed.
    StatusChanged,
    /// Something waits for one to decide on.
    DecisionWaits,
}

impl OptionalMail {
    /// In the order of [`MailKind::OPTIONAL`].
    const ALL: [Self; MailKind::OPTIONAL.len()] =
        [Self::TicketReceived, Self::NewReply, Self::StatusChanged, Self::DecisionWaits];

    fn kind(self) -> MailKind {
        match self {
            Self::TicketReceived => MailKind::TicketReceived,
            Self::NewReply => MailKind::NewReply,
            Self::StatusChanged => MailKind::StatusChanged,
            Self::DecisionWaits => MailKind::DecisionWaits,
        }
    }

    pub(super) fn kinds(words: &BTreeSet<Self>) -> BTreeSet<MailKind> {
        words.iter().map(|word| word.kind()).collect()
    }

    pub(super) fn among(kinds: &BTreeSet<MailKind>) -> Vec<Self> {
        Self::ALL.into_iter().filter(|word| kinds.contains(&word.kind())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_optional_kind_can_be_named() {
        assert_eq!(OptionalMail::ALL.map(OptionalMail::kind), MailKind::OPTIONAL);
    }
}
