//! Settings of the whole installation.

mod body;
mod get_installation;
mod update_installation;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    config.service(get_installation::get_installation).service(update_installation::update_installation);
}
