//! Joining an organization without an invitation (S000-20, S000-21), or filing requests as its guest (S002-22).

pub(crate) mod appeal_my_membership_request;
pub(crate) mod approve_membership_request;
pub(crate) mod body;
pub(crate) mod create_guest_membership;
pub(crate) mod create_membership_request;
pub(crate) mod delete_my_membership_request;
pub(crate) mod deny_membership_request;
pub(crate) mod get_membership_request;
pub(crate) mod get_my_membership_request;
pub(crate) mod list;
pub(crate) mod list_joinable_orgs;
pub(crate) mod list_membership_requests;
pub(crate) mod list_my_membership_requests;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use crate::joining::membership_requests::body::MembershipRequestStatusKey;

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
