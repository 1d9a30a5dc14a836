//! Two-factor log-in: setting it up, showing a code, and helping somebody who lost the device (S9 of the contract).

mod body;
mod codes;
mod confirm_my_two_factor;
mod disable_my_two_factor;
mod get_my_two_factor;
mod guesses;
mod replace_my_recovery_codes;
mod reset;
mod set_up_my_two_factor;
mod shown;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use body::require_own;
pub(crate) use guesses::reserve as reserve_guess;
pub(crate) use reset::switch_off_two_factor;
pub(crate) use shown::{Shown, pass};

pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(get_my_two_factor::get_my_two_factor)
        .service(set_up_my_two_factor::set_up_my_two_factor)
        .service(confirm_my_two_factor::confirm_my_two_factor)
        .service(replace_my_recovery_codes::replace_my_recovery_codes)
        .service(disable_my_two_factor::disable_my_two_factor);
}
