//! Changes that one person alone does not make (S001-30).

mod approve_change;
mod approve_org_change;
mod body;
mod deny_change;
mod deny_my_approval;
mod deny_org_change;
mod get_approval;
mod get_org_approval;
mod list_approvals;
mod list_my_approvals;
mod list_org_approvals;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_approvals::list_approvals)
        .service(get_approval::get_approval)
        .service(approve_change::approve_change)
        .service(deny_change::deny_change)
        .service(list_my_approvals::list_my_approvals)
        .service(deny_my_approval::deny_my_approval)
        .service(list_org_approvals::list_org_approvals)
        .service(get_org_approval::get_org_approval)
        .service(approve_org_change::approve_org_change)
        .service(deny_org_change::deny_org_change);
}
