//! Settings of the whole platform.

pub(crate) mod body;
pub(crate) mod get_platform_settings;
pub(crate) mod update_platform_settings;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(get_platform_settings::get_platform_settings)
        .service(update_platform_settings::update_platform_settings);
}
