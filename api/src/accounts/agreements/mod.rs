//! Agreements with their versions, and the consents of people.

pub(crate) mod accept_agreement;
pub(crate) mod body;
pub(crate) mod list_agreements;
pub(crate) mod list_my_consents;
pub(crate) mod publish_agreement;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_agreements::list_agreements)
        .service(publish_agreement::publish_agreement)
        .service(list_my_consents::list_my_consents)
        .service(accept_agreement::accept_agreement);
}
