//! One's own account: coming in, passwords, and who one is.

mod accepted;
mod after_link;
mod cancel_my_deletion;
mod change_my_address;
mod change_my_password;
mod complete_account_setup;
mod complete_my_address_proof;
mod complete_password_reset;
mod confirm_address;
mod confirm_address_change;
mod create_my_address_proof;
mod create_registration;
mod get_me;
mod get_my_permissions;
mod get_my_profile;
mod get_retention_notice;
mod list_account_statuses;
mod list_my_accesses;
mod my_profile;
mod optional_mail;
mod passwords;
mod request_password_reset;
mod resend_confirmation;
mod schedule_my_deletion;
mod update_me;
mod update_my_profile;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use after_link::save_proof;
pub(crate) use passwords::require_current;

pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(create_registration::create_registration)
        .service(resend_confirmation::resend_confirmation)
        .service(confirm_address::confirm_address)
        .service(complete_account_setup::complete_account_setup)
        .service(request_password_reset::request_password_reset)
        .service(complete_password_reset::complete_password_reset)
        .service(change_my_password::change_my_password)
        .service(change_my_address::change_my_address)
        .service(confirm_address_change::confirm_address_change)
        .service(create_my_address_proof::create_my_address_proof)
        .service(complete_my_address_proof::complete_my_address_proof)
        .service(get_me::get_me)
        .service(update_me::update_me)
        .service(get_my_permissions::get_my_permissions)
        .service(get_my_profile::get_my_profile)
        .service(update_my_profile::update_my_profile)
        .service(list_my_accesses::list_my_accesses)
        .service(get_retention_notice::get_retention_notice)
        .service(schedule_my_deletion::schedule_my_deletion)
        .service(cancel_my_deletion::cancel_my_deletion)
        .service(list_account_statuses::list_account_statuses);
}
