//! All routes, and the document that is collected from them.

use actix_web::App as ActixApp;
use serde_json::Value;
use utoipa::OpenApi;
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_actix_web::{AppExt, scope};

use crate::openapi::{Head, finished};

/// Everything under `/api/v1`. Routes are tried one after another, so what is asked for most comes first.
pub(crate) fn configure_api(config: &mut ServiceConfig<'_>) {
    crate::tickets::configure(config);
    crate::messages::configure(config);
    crate::attachments::configure(config);
    crate::history::configure(config);
    crate::system::configure(config);
    crate::sessions::configure(config);
    crate::accounts::configure(config);
    crate::two_factor::configure(config);
    crate::agreements::configure(config);
    crate::platform::configure(config);
    crate::orgs::configure(config);
    crate::locations::configure(config);
    crate::members::configure(config);
    crate::roles::configure(config);
    crate::permission_requests::configure(config);
    crate::membership_requests::configure(config);
    crate::users::configure(config);
    crate::approvals::configure(config);
    crate::approvers::configure(config);
    crate::invitations::configure(config);
    crate::mail_templates::configure(config);
    crate::categories::configure(config);
}

/// The published document.
pub(crate) fn document() -> Result<Value, serde_json::Error> {
    let (_, collected) = ActixApp::new()
        .into_utoipa_app()
        .openapi(Head::openapi())
        .configure(crate::system::configure_outside)
        .service(scope("/api/v1").configure(configure_api))
        .split_for_parts();
    finished(&collected)
}
