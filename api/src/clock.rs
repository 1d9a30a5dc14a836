//! The one place where the time is read and ids and secrets are made.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, SubsecRound, Utc};
use uuid::Uuid;

/// Now, to the microsecond: as exact as both databases keep it.
#[expect(clippy::disallowed_methods, reason = "the edge where the clock is read")]
pub(crate) fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(6)
}

/// A new id (RFC 9562 5.7).
#[expect(clippy::disallowed_methods, reason = "the edge where ids are made")]
pub(crate) fn new_id() -> Uuid {
    Uuid::now_v7()
}

/// 256 random bits.
#[expect(clippy::disallowed_methods, reason = "the edge where secrets are made")]
pub(crate) fn random_bytes() -> Result<[u8; 32], getrandom::Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// A secret of 256 random bits, fit for a link.
pub(crate) fn new_secret() -> Result<String, getrandom::Error> {
    Ok(URL_SAFE_NO_PAD.encode(random_bytes()?))
}
