//! Invitations to an organization or to the platform.

pub(crate) mod accept_invitation;
pub(crate) mod analytics;
pub(crate) mod batch;
pub(crate) mod body;
pub(crate) mod check_invitation;
pub(crate) mod create_invitation;
pub(crate) mod create_invitation_batch;
pub(crate) mod create_platform_invitation;
pub(crate) mod create_platform_invitation_batch;
pub(crate) mod decline_invitation;
pub(crate) mod delete_invitation;
pub(crate) mod delete_platform_invitation;
pub(crate) mod get_invitation;
pub(crate) mod get_invitation_analytics;
pub(crate) mod get_invitation_url;
pub(crate) mod get_platform_invitation;
pub(crate) mod get_platform_invitation_analytics;
pub(crate) mod get_platform_invitation_url;
pub(crate) mod invitation_code;
pub(crate) mod invite;
pub(crate) mod list;
pub(crate) mod list_invitations;
pub(crate) mod list_platform_invitations;
pub(crate) mod preview_invitation;
pub(crate) mod resend;
pub(crate) mod resend_invitation;
pub(crate) mod resend_platform_invitation;
pub(crate) mod revoke_invitation;
pub(crate) mod revoke_platform_invitation;
pub(crate) mod url;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use crate::joining::invitations::body::InvitationStatusKey;
pub(crate) use crate::joining::invitations::list::InvitationOrder;

pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(create_invitation::create_invitation)
        .service(create_invitation_batch::create_invitation_batch)
        .service(list_invitations::list_invitations)
        .service(get_invitation::get_invitation)
        .service(get_invitation_url::get_invitation_url)
        .service(resend_invitation::resend_invitation)
        .service(revoke_invitation::revoke_invitation)
        .service(delete_invitation::delete_invitation)
        .service(get_invitation_analytics::get_invitation_analytics)
        .service(create_platform_invitation::create_platform_invitation)
        .service(create_platform_invitation_batch::create_platform_invitation_batch)
        .service(list_platform_invitations::list_platform_invitations)
        .service(get_platform_invitation::get_platform_invitation)
        .service(get_platform_invitation_url::get_platform_invitation_url)
        .service(resend_platform_invitation::resend_platform_invitation)
        .service(revoke_platform_invitation::revoke_platform_invitation)
        .service(delete_platform_invitation::delete_platform_invitation)
        .service(get_platform_invitation_analytics::get_platform_invitation_analytics)
        .service(check_invitation::check_invitation)
        .service(preview_invitation::preview_invitation)
        .service(accept_invitation::accept_invitation)
        .service(decline_invitation::decline_invitation);
}
