//! Limits on requests per minute: per principal, per organization, and per network without valid credentials.

use std::net::IpAddr;
use std::num::NonZeroU32;

use application::problem::Problem;
use application::problem_codes::Code;
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use users::ClientNetwork;
use uuid::Uuid;

/// Callers without a log-in may request mails per hour at this fraction of their requests per minute.
const MAILS_PART: u32 = 10;
/// An organization may send this many times the requests of one principal.
const PRINCIPALS_PER_ORG: u32 = 20;

type Limiter<K> = RateLimiter<K, DefaultKeyedStateStore<K>, DefaultClock, StateInformationMiddleware>;

/// The limits of this process.
pub struct RateLimits {
    per_minute: NonZeroU32,
    principals: Limiter<Uuid>,
    orgs: Limiter<Uuid>,
    networks: Limiter<ClientNetwork>,
    senders: Limiter<ClientNetwork>,
}

/// The result of counting a request.
pub struct Verdict {
    /// The remaining quota.
    pub allowance: Allowance,
    /// Why the request is refused, if it exceeds the limit.
    pub refusal: Option<Problem>,
}

/// Proof that the mail limit admits a mail requested without a log-in. Expensive work requires it.
pub struct MailAllowed(());

/// The remaining quota, for the `RateLimit` header.
#[derive(Debug, Clone, Copy)]
pub struct Allowance {
    /// Requests per minute.
    pub per_minute: u32,
    /// Requests left at this moment.
    pub remaining: u32,
    /// Seconds until the quota is complete again.
    pub reset_seconds: u64,
}

fn limiter<K: std::hash::Hash + Eq + Clone>(per_minute: NonZeroU32) -> Limiter<K> {
    RateLimiter::keyed(Quota::per_minute(per_minute)).with_middleware()
}

impl RateLimits {
    /// Limits with this many requests per minute and principal.
    pub fn new(per_minute: NonZeroU32) -> Self {
        let per_org = per_minute.saturating_mul(NonZeroU32::MIN.saturating_add(PRINCIPALS_PER_ORG - 1));
        let per_hour = NonZeroU32::new(per_minute.get() / MAILS_PART).unwrap_or(NonZeroU32::MIN);
        Self {
            per_minute,
            principals: limiter(per_minute),
            orgs: limiter(per_org),
            networks: limiter(per_minute),
            senders: RateLimiter::keyed(Quota::per_hour(per_hour)).with_middleware(),
        }
    }

    /// Counts a request of a logged-in user.
    pub fn count_principal(&self, user: Uuid) -> Verdict {
        self.count(&self.principals, &user)
    }

    /// Counts a member's request to the organization.
    pub fn count_member(&self, org: Uuid) -> Option<Problem> {
        self.count(&self.orgs, &org).refusal
    }

    /// Counts a mail that a caller without a log-in requests, so that the platform cannot be used to mail strangers.
    pub fn count_mail(&self, address: IpAddr) -> Result<MailAllowed, Problem> {
        let verdict = self.count(&self.senders, &ClientNetwork::of(address));
        verdict.refusal.map_or(Ok(MailAllowed(())), Err)
    }

    /// Counts a request without valid credentials.
    pub fn count_address(&self, address: IpAddr) -> Verdict {
        self.count(&self.networks, &ClientNetwork::of(address))
    }

    fn count<K: std::hash::Hash + Eq + Clone>(&self, limiter: &Limiter<K>, key: &K) -> Verdict {
        let per_minute = self.per_minute.get();
        match limiter.check_key(key) {
            Ok(state) => {
                let remaining = state.remaining_burst_capacity().min(per_minute);
                let reset_seconds = (u64::from(per_minute - remaining) * 60).div_ceil(u64::from(per_minute));
                Verdict { allowance: Allowance { per_minute, remaining, reset_seconds }, refusal: None }
            }
            Err(not_until) => {
                let wait = not_until.wait_time_from(DefaultClock::default().now());
                let reset_seconds = (wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).max(1);
                let refusal = Problem::new(Code::RateLimited, "Too many requests; wait a little.");
                Verdict {
                    allowance: Allowance { per_minute, remaining: 0, reset_seconds },
                    refusal: Some(refusal.with_retry_after(reset_seconds)),
                }
            }
        }
    }

    /// Removes the entries of callers whose quota is complete again.
    pub fn forget_idle(&self) {
        self.principals.retain_recent();
        self.orgs.retain_recent();
        self.networks.retain_recent();
        self.senders.retain_recent();
    }
}
