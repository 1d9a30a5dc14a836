//! Accounts of the whole platform, for platform administrators.

pub(crate) mod body;
pub(crate) mod cancel_user_deletion;
pub(crate) mod confirm_user;
pub(crate) mod create_user_setup_link;
pub(crate) mod flag_user_compromised;
pub(crate) mod get_user;
pub(crate) mod get_user_data_diagnosis;
pub(crate) mod get_user_login_diagnosis;
pub(crate) mod get_user_permissions;
pub(crate) mod get_user_profile;
pub(crate) mod grant_platform_role;
pub(crate) mod list_user_accesses;
pub(crate) mod list_user_activity;
pub(crate) mod list_user_log_ins;
pub(crate) mod list_user_mails;
pub(crate) mod list_user_support_history;
pub(crate) mod list_users;
pub(crate) mod order;
pub(crate) mod purge_user;
pub(crate) mod reactivate_user;
pub(crate) mod remove_platform_role;
pub(crate) mod reset_user_two_factor;
pub(crate) mod schedule_user_deletion;
pub(crate) mod send_user_confirmation;
pub(crate) mod send_user_password_reset;
pub(crate) mod set_user_temporary_password;
pub(crate) mod suspend_user;
pub(crate) mod transfer_user;
pub(crate) mod unlock_user;
pub(crate) mod update_user;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use crate::people::users::body::{PlatformRoleKey, SuspensionBody};
pub(crate) use crate::people::users::order::{UserOrder, position, written};

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
