//! Files: uploaded first, then attached to a ticket or message.

pub(crate) mod body;
pub(crate) mod delete_attachment;
pub(crate) mod download_attachment;
pub(crate) mod get_attachment;
pub(crate) mod receive;
pub(crate) mod reservation;
pub(crate) mod upload_attachment;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(upload_attachment::upload_attachment)
        .service(get_attachment::get_attachment)
        .service(download_attachment::download_attachment)
        .service(delete_attachment::delete_attachment);
}
