//! Members of an organization, and what its staff do for their accounts.

pub(crate) mod body;
pub(crate) mod cancel_member_deletion;
pub(crate) mod confirm_member;
pub(crate) mod correct_member_account;
pub(crate) mod create_member;
pub(crate) mod create_member_setup_link;
pub(crate) mod flag_member_compromised;
pub(crate) mod get_member;
pub(crate) mod get_member_data_diagnosis;
pub(crate) mod get_member_login_diagnosis;
pub(crate) mod get_member_permissions;
pub(crate) mod get_member_profile;
pub(crate) mod list_member_accesses;
pub(crate) mod list_member_activity;
pub(crate) mod list_member_log_ins;
pub(crate) mod list_member_mails;
pub(crate) mod list_member_support_history;
pub(crate) mod list_members;
pub(crate) mod reactivate_member;
pub(crate) mod remove_member;
pub(crate) mod reset_member_two_factor;
pub(crate) mod schedule_member_deletion;
pub(crate) mod send_member_confirmation;
pub(crate) mod send_member_password_reset;
pub(crate) mod set_member_temporary_password;
pub(crate) mod suspend_member;
pub(crate) mod unlock_member;
pub(crate) mod update_member;
pub(crate) mod view_as_member;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use crate::people::members::body::{find_locations, find_member, role_keys};

pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_members::list_members)
        .service(create_member::create_member)
        .service(create_member_setup_link::create_member_setup_link)
        .service(get_member::get_member)
        .service(update_member::update_member)
        .service(remove_member::remove_member)
        .service(cancel_member_deletion::cancel_member_deletion)
        .service(confirm_member::confirm_member)
        .service(correct_member_account::correct_member_account)
        .service(flag_member_compromised::flag_member_compromised)
        .service(get_member_data_diagnosis::get_member_data_diagnosis)
        .service(get_member_login_diagnosis::get_member_login_diagnosis)
        .service(get_member_permissions::get_member_permissions)
        .service(get_member_profile::get_member_profile)
        .service(list_member_accesses::list_member_accesses)
        .service(list_member_activity::list_member_activity)
        .service(list_member_log_ins::list_member_log_ins)
        .service(list_member_mails::list_member_mails)
        .service(list_member_support_history::list_member_support_history)
        .service(reactivate_member::reactivate_member)
        .service(schedule_member_deletion::schedule_member_deletion)
        .service(send_member_confirmation::send_member_confirmation)
        .service(send_member_password_reset::send_member_password_reset)
        .service(set_member_temporary_password::set_member_temporary_password)
        .service(reset_member_two_factor::reset_member_two_factor)
        .service(suspend_member::suspend_member)
        .service(unlock_member::unlock_member)
        .service(view_as_member::view_as_member);
}
