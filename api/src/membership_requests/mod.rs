//! Coming to belong to an organization without being invited (S000-20, S000-21), or filing requests as its guest (S002-22).

mod appeal_my_membership_request;
mod approve_membership_request;
mod body;
mod create_guest_membership;
mod create_membership_request;
mod delete_my_membership_request;
mod deny_membership_request;
mod get_membership_request;
mod get_my_membership_request;
mod list;
mod list_joinable_orgs;
mod list_membership_requests;
mod list_my_membership_requests;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use body::MembershipRequestStatusKey;

pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_joinable_orgs::list_joinable_orgs)
        .service(create_membership_request::create_membership_request)
        .service(list_my_membership_requests::list_my_membership_requests)
        .service(get_my_membership_request::get_my_membership_request)
        .service(delete_my_membership_request::delete_my_membership_request)
        .service(appeal_my_membership_request::appeal_my_membership_request)
        .service(create_guest_membership::create_guest_membership)
        .service(list_membership_requests::list_membership_requests)
        .service(get_membership_request::get_membership_request)
        .service(approve_membership_request::approve_membership_request)
        .service(deny_membership_request::deny_membership_request);
}
