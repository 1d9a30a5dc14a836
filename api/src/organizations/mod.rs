//! Organizations, their locations and their mail.

pub(crate) mod locations;
pub(crate) mod mail_templates;
pub(crate) mod orgs;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    orgs::configure(config);
    locations::configure(config);
    mail_templates::configure(config);
}
