//! Accounts: log-in, the caller's own account and data, agreements, and the settings of the platform.

#[expect(clippy::module_inception, reason = "the wing is named after its first tag")]
pub(crate) mod accounts;
pub(crate) mod agreements;
pub(crate) mod platform;
pub(crate) mod sessions;
pub(crate) mod two_factor;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    sessions::configure(config);
    accounts::configure(config);
    two_factor::configure(config);
    agreements::configure(config);
    platform::configure(config);
}
