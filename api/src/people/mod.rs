//! Operations of staff for people: members of an organization and accounts of the platform, their roles, and critical
//! changes.

pub(crate) mod approvals;
pub(crate) mod approvers;
pub(crate) mod correct_account;
pub(crate) mod deletion_body;
pub(crate) mod members;
pub(crate) mod permission_requests;
pub(crate) mod reason;
pub(crate) mod roles;
pub(crate) mod setup_link;
pub(crate) mod temporary_password;
pub(crate) mod users;
pub(crate) mod view_as_token;

use utoipa::OpenApi;
use utoipa_actix_web::service_config::ServiceConfig;

/// Schemas of query parameters and optional bodies.
#[derive(OpenApi)]
#[openapi(components(schemas(users::UserOrder)))]
pub(crate) struct Schemas;

pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    members::configure(config);
    roles::configure(config);
    permission_requests::configure(config);
    users::configure(config);
    approvals::configure(config);
    approvers::configure(config);
}
