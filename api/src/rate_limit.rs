//! How many requests a minute one principal, one organization, or one address without a log-in may send.

use std::net::IpAddr;
use std::num::NonZeroU32;

use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use uuid::Uuid;

use crate::problem::{Code, Problem};

/// Organizations may send this many times what one principal may.
const PRINCIPALS_PER_ORG: u32 = 20;

type Limiter<K> = RateLimiter<K, DefaultKeyedStateStore<K>, DefaultClock, StateInformationMiddleware>;

/// The limits of this process.
pub(crate) struct RateLimits {
    per_minute: NonZeroU32,
    principals: Limiter<Uuid>,
    orgs: Limiter<Uuid>,
    addresses: Limiter<IpAddr>,
}

/// What is left, for the `RateLimit` header.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Allowance {
    pub(crate) per_minute: u32,
    pub(crate) remaining: u32,
    /// Seconds until all of it is back.
    pub(crate) reset_seconds: u64,
}

fn limiter<K: std::hash::Hash + Eq + Clone>(per_minute: NonZeroU32) -> Limiter<K> {
    RateLimiter::keyed(Quota::per_minute(per_minute)).with_middleware()
}

impl RateLimits {
    pub(crate) fn new(per_minute: NonZeroU32) -> Self {
        let per_org = per_minute.saturating_mul(NonZeroU32::MIN.saturating_add(PRINCIPALS_PER_ORG - 1));
        Self {
            per_minute,
            principals: limiter(per_minute),
            orgs: limiter(per_org),
            addresses: limiter(per_minute),
        }
    }

    /// Counts a request of somebody who is logged in.
    pub(crate) fn count_principal(&self, user: Uuid, org: Option<Uuid>) -> Result<Allowance, Problem> {
        let allowance = self.count(&self.principals, &user)?;
        if let Some(org) = org {
            self.count(&self.orgs, &org)?;
        }
        Ok(allowance)
    }

    /// Counts a request of somebody who is not.
    pub(crate) fn count_address(&self, address: IpAddr) -> Result<Allowance, Problem> {
        self.count(&self.addresses, &address)
    }

    fn count<K: std::hash::Hash + Eq + Clone>(
        &self,
        limiter: &Limiter<K>,
        key: &K,
    ) -> Result<Allowance, Problem> {
        match limiter.check_key(key) {
            Ok(state) => {
                let quota = self.per_minute.get();
                let remaining = state.remaining_burst_capacity().min(quota);
                let reset_seconds = (u64::from(quota - remaining) * 60).div_ceil(u64::from(quota));
                Ok(Allowance { per_minute: quota, remaining, reset_seconds })
            }
            Err(not_until) => {
                let wait = not_until.wait_time_from(DefaultClock::default().now());
                let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
                Err(Problem::new(Code::RateLimited, "Too many requests; wait a little.")
                    .with_retry_after(seconds))
            }
        }
    }

    /// Forgets those who have their whole quota again.
    pub(crate) fn forget_idle(&self) {
        self.principals.retain_recent();
        self.orgs.retain_recent();
        self.addresses.retain_recent();
    }
}
