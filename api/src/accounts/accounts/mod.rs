//! The caller's own account: registration, passwords, profile and preferences.

pub(crate) mod accepted;
pub(crate) mod cancel_my_deletion;
pub(crate) mod change_my_address;
pub(crate) mod change_my_password;
pub(crate) mod complete_account_setup;
pub(crate) mod complete_my_address_proof;
pub(crate) mod complete_password_reset;
pub(crate) mod confirm_address;
pub(crate) mod confirm_address_change;
pub(crate) mod create_my_address_proof;
pub(crate) mod create_registration;
pub(crate) mod get_me;
pub(crate) mod get_my_permissions;
pub(crate) mod get_my_profile;
pub(crate) mod get_retention_notice;
pub(crate) mod list_account_statuses;
pub(crate) mod list_my_accesses;
pub(crate) mod my_profile;
pub(crate) mod optional_mail;
pub(crate) mod request_password_reset;
pub(crate) mod resend_confirmation;
pub(crate) mod schedule_my_deletion;
pub(crate) mod update_me;
pub(crate) mod update_my_profile;

use utoipa_actix_web::service_config::ServiceConfig;

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
