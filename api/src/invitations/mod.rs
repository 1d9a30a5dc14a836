//! Asking people to come in.

mod accept_invitation;
mod analytics;
mod batch;
mod body;
mod check_invitation;
pub(crate) mod code;
mod create_invitation;
mod create_invitation_batch;
mod create_platform_invitation;
mod create_platform_invitation_batch;
mod decline_invitation;
mod delete_invitation;
mod delete_platform_invitation;
mod follow_up;
mod get_invitation;
mod get_invitation_analytics;
mod get_invitation_url;
mod get_platform_invitation;
mod get_platform_invitation_analytics;
mod get_platform_invitation_url;
pub(crate) mod invite;
mod list;
mod list_invitations;
mod list_platform_invitations;
mod preview_invitation;
mod resend;
mod resend_invitation;
mod resend_platform_invitation;
mod revoke_invitation;
mod revoke_platform_invitation;
mod url;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use body::InvitationStatusKey;
pub(crate) use list::InvitationOrder;

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
