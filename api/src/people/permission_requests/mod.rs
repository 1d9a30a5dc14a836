//! Requests of members for a role or a permission (S000-17 to S000-19).

pub(crate) mod body;
pub(crate) mod create_permission_request;
pub(crate) mod deny_permission_request;
pub(crate) mod get_permission_request;
pub(crate) mod grant_permission_request;
pub(crate) mod list_permission_requests;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(create_permission_request::create_permission_request)
        .service(list_permission_requests::list_permission_requests)
        .service(get_permission_request::get_permission_request)
        .service(grant_permission_request::grant_permission_request)
        .service(deny_permission_request::deny_permission_request);
}
