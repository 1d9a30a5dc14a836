//! Logging in and out.

pub(crate) mod body;
pub(crate) mod create_session;
pub(crate) mod delete_current_session;
pub(crate) mod delete_my_session;
pub(crate) mod list_my_sessions;
pub(crate) mod refresh_session;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use crate::accounts::sessions::create_session::restrictions_of;

pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(create_session::create_session)
        .service(refresh_session::refresh_session)
        .service(delete_current_session::delete_current_session)
        .service(list_my_sessions::list_my_sessions)
        .service(delete_my_session::delete_my_session);
}
