//! Roles of an organization and their permissions.

pub(crate) mod body;
pub(crate) mod clone_role;
pub(crate) mod create_role;
pub(crate) mod delete_role;
pub(crate) mod get_role;
pub(crate) mod list_permissions;
pub(crate) mod list_roles;
pub(crate) mod replace_role_permissions;
pub(crate) mod update_role;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use crate::people::roles::replace_role_permissions::PermissionKey;

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
