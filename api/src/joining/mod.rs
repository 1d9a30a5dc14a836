//! Joining an organization: invitations, and requests to join.

pub(crate) mod invitations;
pub(crate) mod membership_requests;

use utoipa::OpenApi;
use utoipa_actix_web::service_config::ServiceConfig;

/// Schemas of query parameters and optional bodies.
#[derive(OpenApi)]
#[openapi(components(schemas(
    membership_requests::MembershipRequestStatusKey,
    invitations::InvitationOrder,
    invitations::InvitationStatusKey
)))]
pub(crate) struct Schemas;

pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    membership_requests::configure(config);
    invitations::configure(config);
}
