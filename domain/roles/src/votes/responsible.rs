use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use users::UserId;

use crate::Takeover;
use crate::votes::Holder;

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
