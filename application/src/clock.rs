//! The only place that reads the time and creates ids and secrets.

use std::sync::atomic::{AtomicI64, Ordering};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, SecondsFormat, SubsecRound, TimeDelta, Utc};
use uuid::Uuid;

/// Microseconds by which this process's clock differs from the machine's. Only a test clock changes it.
static OFFSET: AtomicI64 = AtomicI64::new(0);

/// The current time, to the microsecond: the precision of both databases.
pub fn now() -> DateTime<Utc> {
    let offset = TimeDelta::microseconds(OFFSET.load(Ordering::Relaxed));
    (machine_time() + offset).trunc_subsecs(6)
}

/// Sets this process's clock, which continues from there at its normal rate.
pub fn set(instant: DateTime<Utc>) {
    let offset = (instant - machine_time()).num_microseconds().unwrap_or_default();
    OFFSET.store(offset, Ordering::Relaxed);
}

#[expect(clippy::disallowed_methods, reason = "the edge where the clock is read")]
fn machine_time() -> DateTime<Utc> {
    Utc::now()
}

/// An instant as in responses, events and mails: UTC with six decimals (RFC 3339).
pub fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// A new id (RFC 9562 5.7).
#[expect(clippy::disallowed_methods, reason = "the edge where ids are made")]
pub fn new_id() -> Uuid {
    Uuid::now_v7()
}

/// 256 random bits.
#[expect(clippy::disallowed_methods, reason = "the edge where secrets are made")]
pub fn random_bytes() -> Result<[u8; 32], getrandom::Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// A secret of 256 random bits, safe to put in a URL.
pub fn new_secret() -> Result<String, getrandom::Error> {
    Ok(URL_SAFE_NO_PAD.encode(random_bytes()?))
}
