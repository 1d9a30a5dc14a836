//! One's own account.

mod complete_account_setup;
mod get_me;
pub(crate) mod setup_link;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    config.service(complete_account_setup::complete_account_setup).service(get_me::get_me);
}
