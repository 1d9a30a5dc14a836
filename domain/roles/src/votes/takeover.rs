use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use users::{EmailAddress, UserId};

use super::Holder;

/// An act of staff, or of the operator of the server, that could give access to another person's account
/// (S001-30). View as, links mailed to the address on file, unlocking and suspending are not among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TakeoverAct {
    /// Staff set a temporary password.
    SetTemporaryPassword,
    /// Staff reset the two-factor log-in.
    ResetTwoFactor,
    /// Staff corrected the e-mail address.
    CorrectAddress,
    /// Staff confirmed the e-mail address by hand.
    ConfirmByHand,
    /// Staff transferred the account to another organization.
    Transfer,
    /// Staff fetched a set-up link instead of mailing it.
    FetchSetupLink,
    /// The operator of the server created a recovery link for an owner.
    RecoverOwner,
}

impl TakeoverAct {
    /// All values.
    pub const ALL: [Self; 7] = [
        Self::SetTemporaryPassword,
        Self::ResetTwoFactor,
        Self::CorrectAddress,
        Self::ConfirmByHand,
        Self::Transfer,
        Self::FetchSetupLink,
        Self::RecoverOwner,
    ];

    /// The identifier in storage.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SetTemporaryPassword => "set_temporary_password",
            Self::ResetTwoFactor => "reset_two_factor",
            Self::CorrectAddress => "correct_address",
            Self::ConfirmByHand => "confirm_by_hand",
            Self::Transfer => "transfer",
            Self::FetchSetupLink => "fetch_setup_link",
            Self::RecoverOwner => "recover_owner",
        }
    }

    /// Parses an identifier; `None` if it is unknown.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.as_str() == word)
    }
}

/// An act that could have given its actor access to an account, and is not undone. It belongs to the account,
/// whatever rights the account has or gets. While it is open, every vote of the account is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Takeover {
    /// Everybody who is responsible for the act: [`responsible_for`] its actor, at the time of the act.
    /// Empty: an act of the operator of the server, who is not linked to an account.
    pub by: BTreeSet<UserId>,
    /// The time of the act.
    pub at: DateTime<Utc>,
    /// The account's address before the act, if a link that was sent only there had proved it. A link that is
    /// sent only there closes the takeover; if this is `None`, no link does.
    pub proved_address: Option<EmailAddress>,
}

impl Takeover {
    /// Whether the operator of the server acted, so that no account is responsible.
    pub(super) fn is_by_operator(&self) -> bool {
        self.by.is_empty()
    }

    /// Records an act on an account with these open takeovers; `address` is the account's proved address
    /// before the act.
    ///
    /// The first open takeover may have changed the address, so a later one trusts only what the first one
    /// trusts.
    pub fn record(
        open: &[Self],
        by: BTreeSet<UserId>,
        address: Option<EmailAddress>,
        now: DateTime<Utc>,
    ) -> Self {
        let first = open.iter().min_by_key(|takeover| takeover.at);
        let proved_address = first.map_or(address, |first| first.proved_address.clone());
        Self { by, at: now, proved_address }
    }

    /// The takeovers that remain open after the person used a link that went only to this address.
    #[must_use]
    pub fn remaining_after_link(open: &[Self], address: &EmailAddress) -> Vec<Self> {
        open.iter().filter(|takeover| takeover.proved_address.as_ref() != Some(address)).cloned().collect()
    }
}

/// Everybody who may be behind what an account does. That is the account itself and everybody responsible for
/// an open takeover of it. For seven days it is also those who gave it a right or restored a vote of it, even
/// if that vote started at once.
///
/// `takeovers` are all open ones; `holdings` are all rights of the account, in every organization and on the
/// platform. The stored sets are results of this function, so the result is closed.
pub fn responsible_for(
    user: UserId,
    takeovers: &[Takeover],
    holdings: &[Holder],
    now: DateTime<Utc>,
) -> BTreeSet<UserId> {
    let entered = takeovers.iter().flat_map(|takeover| &takeover.by);
    let given = holdings.iter().flat_map(|holder| holder.recent_grantors(now));
    let restored = holdings.iter().flat_map(|holder| holder.recent_endorsers(now));
    entered.chain(given).chain(restored).copied().chain([user]).collect()
}
