//! The operations, in wings. A wing knows another only along joining -> people -> tickets -> accounts, organizations.

mod accounts;
mod joining;
mod organizations;
mod people;
mod tickets;

use utoipa::OpenApi;
use utoipa_actix_web::service_config::ServiceConfig;

/// Adds all operations. Routes are tried one after another, so what is asked for most comes first.
pub fn configure(config: &mut ServiceConfig<'_>) {
    tickets::configure(config);
    accounts::configure(config);
    organizations::configure(config);
    people::configure(config);
    joining::configure(config);
}

/// The schemas that no operation leads to by itself: of query parameters and of bodies that may be left out.
pub fn schemas() -> utoipa::openapi::OpenApi {
    let mut schemas = tickets::Schemas::openapi();
    schemas.merge(people::Schemas::openapi());
    schemas.merge(joining::Schemas::openapi());
    schemas
}
