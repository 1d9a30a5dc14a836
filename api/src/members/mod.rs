//! Who belongs to an organization.

mod body;
mod create_member;
mod get_member;
mod list_members;
mod remove_member;
mod update_member;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_members::list_members)
        .service(create_member::create_member)
        .service(get_member::get_member)
        .service(update_member::update_member)
        .service(remove_member::remove_member);
}
