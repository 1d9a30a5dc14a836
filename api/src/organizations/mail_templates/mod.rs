//! The branding and the templates of an organization's mail.

pub(crate) mod body;
pub(crate) mod get_mail_settings;
pub(crate) mod get_mail_template;
pub(crate) mod list_mail_template_gaps;
pub(crate) mod list_mail_templates;
pub(crate) mod preview_mail_template;
pub(crate) mod remove_mail_template;
pub(crate) mod replace_mail_template;
pub(crate) mod update_mail_settings;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(get_mail_settings::get_mail_settings)
        .service(update_mail_settings::update_mail_settings)
        .service(list_mail_templates::list_mail_templates)
        .service(list_mail_template_gaps::list_mail_template_gaps)
        .service(get_mail_template::get_mail_template)
        .service(replace_mail_template::replace_mail_template)
        .service(remove_mail_template::remove_mail_template)
        .service(preview_mail_template::preview_mail_template);
}
