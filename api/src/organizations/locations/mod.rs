//! The locations of an organization.

pub(crate) mod body;
pub(crate) mod create_location;
pub(crate) mod get_location;
pub(crate) mod list_locations;
pub(crate) mod update_location;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_locations::list_locations)
        .service(create_location::create_location)
        .service(get_location::get_location)
        .service(update_location::update_location);
}
