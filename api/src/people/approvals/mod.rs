//! Changes that require a second approver (S001-30).

pub(crate) mod approval;
pub(crate) mod approve_change;
pub(crate) mod approve_org_change;
pub(crate) mod body;
pub(crate) mod deny_change;
pub(crate) mod deny_my_approval;
pub(crate) mod deny_org_change;
pub(crate) mod get_approval;
pub(crate) mod get_org_approval;
pub(crate) mod list_approvals;
pub(crate) mod list_my_approvals;
pub(crate) mod list_org_approvals;

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
