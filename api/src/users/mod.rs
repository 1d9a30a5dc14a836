//! Accounts of the whole platform, for those who look after it.

mod body;
mod cancel_user_deletion;
mod confirm_user;
mod create_user_setup_link;
mod flag_user_compromised;
mod get_user;
mod get_user_data_diagnosis;
mod get_user_login_diagnosis;
mod get_user_permissions;
mod get_user_profile;
mod grant_platform_role;
mod list_user_accesses;
mod list_user_activity;
mod list_user_log_ins;
mod list_user_mails;
mod list_user_support_history;
mod list_users;
mod order;
mod purge_user;
mod reactivate_user;
mod remove_platform_role;
mod reset_user_two_factor;
mod schedule_user_deletion;
mod send_user_confirmation;
mod send_user_password_reset;
mod set_user_temporary_password;
mod suspend_user;
mod transfer_user;
mod unlock_user;
mod update_user;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use body::{PlatformRoleKey, SuspensionBody};
pub(crate) use order::{UserOrder, position, written};

pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_users::list_users)
        .service(get_user::get_user)
        .service(cancel_user_deletion::cancel_user_deletion)
        .service(confirm_user::confirm_user)
        .service(create_user_setup_link::create_user_setup_link)
        .service(flag_user_compromised::flag_user_compromised)
        .service(get_user_data_diagnosis::get_user_data_diagnosis)
        .service(get_user_login_diagnosis::get_user_login_diagnosis)
        .service(get_user_permissions::get_user_permissions)
        .service(get_user_profile::get_user_profile)
        .service(grant_platform_role::grant_platform_role)
        .service(list_user_accesses::list_user_accesses)
        .service(list_user_activity::list_user_activity)
        .service(list_user_log_ins::list_user_log_ins)
        .service(list_user_mails::list_user_mails)
        .service(list_user_support_history::list_user_support_history)
        .service(transfer_user::transfer_user)
        .service(purge_user::purge_user)
        .service(reactivate_user::reactivate_user)
        .service(remove_platform_role::remove_platform_role)
        .service(schedule_user_deletion::schedule_user_deletion)
        .service(send_user_confirmation::send_user_confirmation)
        .service(send_user_password_reset::send_user_password_reset)
        .service(set_user_temporary_password::set_user_temporary_password)
        .service(reset_user_two_factor::reset_user_two_factor)
        .service(suspend_user::suspend_user)
        .service(unlock_user::unlock_user)
        .service(update_user::update_user);
}
