//! The conversation and the internal notes of a ticket.

mod body;
mod get_message;
mod list_messages;
mod post_message;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_messages::list_messages)
        .service(post_message::post_message)
        .service(get_message::get_message);
}
