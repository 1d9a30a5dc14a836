//! Two-factor log-in: set-up, verification, and help for people who lost the device (S9 of the contract).

pub(crate) mod body;
pub(crate) mod confirm_my_two_factor;
pub(crate) mod disable_my_two_factor;
pub(crate) mod get_my_two_factor;
pub(crate) mod replace_my_recovery_codes;
pub(crate) mod set_up_my_two_factor;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use crate::accounts::two_factor::body::require_own;

pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(get_my_two_factor::get_my_two_factor)
        .service(set_up_my_two_factor::set_up_my_two_factor)
        .service(confirm_my_two_factor::confirm_my_two_factor)
        .service(replace_my_recovery_codes::replace_my_recovery_codes)
        .service(disable_my_two_factor::disable_my_two_factor);
}
