//! Health checks, the document, and the pages that explain problems.

mod document;
mod health;
mod problem_page;

use actix_web::web::ServiceConfig as Plain;
use utoipa_actix_web::service_config::ServiceConfig;

/// The operations under `/api/v1`.
pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    config.service(document::get_openapi_json).service(document::get_openapi_yaml);
}

/// The operations outside of `/api/v1`.
pub(crate) fn configure_outside(config: &mut ServiceConfig<'_>) {
    config.service(health::get_health).service(health::get_readiness);
}

/// Pages for people, which are not operations.
pub(crate) fn configure_pages(config: &mut Plain) {
    config.service(problem_page::show_problem);
}
