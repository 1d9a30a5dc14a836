//! All routes, and the document that is collected from them.

use actix_web::App as ActixApp;
use serde_json::Value;
use utoipa::OpenApi;
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_actix_web::{AppExt, scope};
use web::openapi::document_error::DocumentError;
use web::openapi::{Head, finished};

/// All routes under `/api/v1`.
pub(crate) fn configure_api(config: &mut ServiceConfig<'_>) {
    api::configure(config);
    crate::system::configure(config);
}

/// The published document.
pub(crate) fn document() -> Result<Value, DocumentError> {
    let mut head = Head::openapi();
    head.merge(api::schemas());
    let (_, collected) = ActixApp::new()
        .into_utoipa_app()
        .openapi(head)
        .configure(crate::system::configure_outside)
        .service(scope("/api/v1").configure(configure_api))
        .split_for_parts();
    finished(&collected)
}

#[cfg(test)]
mod tests {
    use web::contract::Contract;

    use super::*;

    #[test]
    fn each_schema_of_the_document_can_be_compiled() {
        let compiled = Contract::of(&document().unwrap()).unwrap().compile().unwrap();
        assert!(compiled > 400, "only {compiled}");
    }

    #[test]
    fn every_form_that_an_attribute_names_is_written_out() {
        let document = serde_json::to_string(&document().unwrap()).unwrap();
        assert!(!document.contains("\"pattern\":\"<"), "a form of an attribute is not known");
    }
}
