//! Approvers of critical changes, and the state of their votes (S001-30).

pub(crate) mod body;
pub(crate) mod list_approvers;
pub(crate) mod list_org_approvers;
pub(crate) mod restore_approver_vote;
pub(crate) mod restore_org_approver_vote;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_approvers::list_approvers)
        .service(restore_approver_vote::restore_approver_vote)
        .service(list_org_approvers::list_org_approvers)
        .service(restore_org_approver_vote::restore_org_approver_vote);
}
