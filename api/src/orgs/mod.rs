//! Organizations.

mod body;
mod create_org;
mod get_org;
mod list_orgs;
mod update_org;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use body::OrgPath;

pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_orgs::list_orgs)
        .service(create_org::create_org)
        .service(get_org::get_org)
        .service(update_org::update_org);
}
