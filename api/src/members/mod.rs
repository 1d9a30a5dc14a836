//! Who belongs to an organization, and how its staff look after them.

mod body;
mod cancel_member_deletion;
mod confirm_member;
mod correct_member_account;
mod create_member;
mod create_member_setup_link;
mod flag_member_compromised;
mod get_member;
mod get_member_data_diagnosis;
mod get_member_login_diagnosis;
mod get_member_permissions;
mod get_member_profile;
mod list_member_accesses;
mod list_member_activity;
mod list_member_log_ins;
mod list_member_mails;
mod list_member_support_history;
mod list_members;
mod reactivate_member;
mod remove_member;
mod reset_member_two_factor;
mod schedule_member_deletion;
mod send_member_confirmation;
mod send_member_password_reset;
mod set_member_temporary_password;
mod suspend_member;
mod unlock_member;
mod update_member;
mod view_as_member;

use utoipa_actix_web::service_config::ServiceConfig;

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
