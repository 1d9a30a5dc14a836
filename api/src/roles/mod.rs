//! What members may do.

mod body;
mod clone_role;
mod create_role;
mod delete_role;
mod get_role;
mod list_permissions;
mod list_roles;
mod replace_role_permissions;
mod update_role;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use replace_role_permissions::PermissionKey;

pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_roles::list_roles)
        .service(create_role::create_role)
        .service(get_role::get_role)
        .service(update_role::update_role)
        .service(delete_role::delete_role)
        .service(clone_role::clone_role)
        .service(replace_role_permissions::replace_role_permissions)
        .service(list_permissions::list_permissions);
}
