//! Who can approve critical changes, and what their votes are worth (S001-30).

mod body;
mod list_approvers;
mod list_org_approvers;
mod restore_approver_vote;
mod restore_org_approver_vote;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_approvers::list_approvers)
        .service(restore_approver_vote::restore_approver_vote)
        .service(list_org_approvers::list_org_approvers)
        .service(restore_org_approver_vote::restore_org_approver_vote);
}
