//! The operations, in wings. Dependencies between wings only point along joining -> people -> tickets -> accounts,
//! organizations.

mod accounts;
mod joining;
mod organizations;
mod people;
mod tickets;

use utoipa::OpenApi;
use utoipa_actix_web::service_config::ServiceConfig;

/// Adds all operations. Routes are matched in order, so the most frequent ones come first.
pub fn configure(config: &mut ServiceConfig<'_>) {
    tickets::configure(config);
    accounts::configure(config);
    organizations::configure(config);
    people::configure(config);
    joining::configure(config);
}

/// Schemas that no operation references directly: of query parameters and of optional bodies.
pub fn schemas() -> utoipa::openapi::OpenApi {
    let mut schemas = tickets::Schemas::openapi();
    schemas.merge(people::Schemas::openapi());
    schemas.merge(joining::Schemas::openapi());
    schemas
}
