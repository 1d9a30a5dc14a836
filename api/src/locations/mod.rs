//! The places that an organization works at.

mod body;
mod create_location;
mod get_location;
mod list_locations;
mod update_location;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_locations::list_locations)
        .service(create_location::create_location)
        .service(get_location::get_location)
        .service(update_location::update_location);
}
