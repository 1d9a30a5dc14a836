//! Organizations and their settings.

pub(crate) mod body;
pub(crate) mod create_org;
pub(crate) mod get_org;
pub(crate) mod list_orgs;
pub(crate) mod update_org;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use crate::organizations::orgs::body::OrgPath;
pub(crate) use crate::organizations::orgs::create_org::find_or_create_account;

pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_orgs::list_orgs)
        .service(create_org::create_org)
        .service(get_org::get_org)
        .service(update_org::update_org);
}
