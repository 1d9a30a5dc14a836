//! What members may do.

mod body;
mod get_role;
mod list_permissions;
mod list_roles;
mod replace_role_permissions;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_roles::list_roles)
        .service(get_role::get_role)
        .service(replace_role_permissions::replace_role_permissions)
        .service(list_permissions::list_permissions);
}
