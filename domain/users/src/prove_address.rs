use chrono::{DateTime, Utc};

use crate::{Account, AddressProof, EmailAddress, OneTimeToken};

impl Account {
    /// Whether its owner has shown that they read the mailbox.
    pub fn is_address_proved(&self) -> bool {
        matches!(self.address_proof, AddressProof::Held(_))
    }

    /// The address, if it is proved.
    pub fn proved_address(&self) -> Option<&EmailAddress> {
        self.is_address_proved().then_some(&self.email)
    }

    /// The account after the use of a one-time token: proved, if the token's link was sent only to its
    /// address.
    #[must_use]
    pub fn proved_by(&self, token: &OneTimeToken, now: DateTime<Utc>) -> Self {
        if token.mailed_to.as_ref() == Some(&self.email) { self.with_proof(now) } else { self.clone() }
    }

    /// The account with a proved address: platform staff vouch for it, or it was created so. An existing
    /// proof is not changed.
    #[must_use]
    pub fn with_proof(&self, now: DateTime<Utc>) -> Self {
        match self.address_proof {
            AddressProof::Held(_) => self.clone(),
            _ => Self { address_proof: AddressProof::Held(now), updated_at: now, ..self.clone() },
        }
    }

    /// The account after an act that may have given others access.
    #[must_use]
    pub fn without_proof(&self, now: DateTime<Utc>) -> Self {
        match self.address_proof {
            AddressProof::Held(proved_at) => Self {
                address_proof: AddressProof::Ended { proved_at, ended_at: now },
                updated_at: now,
                ..self.clone()
            },
            _ => self.clone(),
        }
    }

    /// The account with another, unproved address.
    #[must_use]
    pub fn at_unproved_address(&self, email: EmailAddress, now: DateTime<Utc>) -> Self {
        Self { email, address_proof: AddressProof::Never, updated_at: now, ..self.clone() }
    }

    /// Whether a password link, used now, gives the account to somebody who may never have had access. Its
    /// security settings, such as a second factor, may then be a stranger's and have to be removed.
    pub fn was_never_proved(&self) -> bool {
        self.address_proof == AddressProof::Never
    }
}
