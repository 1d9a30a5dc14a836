//! The public messages and internal notes of a ticket.

pub(crate) mod body;
pub(crate) mod get_message;
pub(crate) mod list_messages;
pub(crate) mod post_message;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_messages::list_messages)
        .service(post_message::post_message)
        .service(get_message::get_message);
}
