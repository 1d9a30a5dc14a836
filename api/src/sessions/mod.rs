//! Logging in and out.

mod body;
mod create_session;
mod delete_current_session;
mod delete_my_session;
mod list_my_sessions;
mod refresh_session;
pub(crate) mod throttle;

pub(crate) use create_session::restrictions_of;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(create_session::create_session)
        .service(refresh_session::refresh_session)
        .service(delete_current_session::delete_current_session)
        .service(list_my_sessions::list_my_sessions)
        .service(delete_my_session::delete_my_session);
}
