//! Request categories.

pub(crate) mod body;
pub(crate) mod create_category;
pub(crate) mod list_categories;
pub(crate) mod update_category;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_categories::list_categories)
        .service(create_category::create_category)
        .service(update_category::update_category);
}
