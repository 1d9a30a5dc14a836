use actix_web::delete;
use application::problem::Problem;
use mail::template_removed;
use web::answer::Answer;
use web::call::{Call, Reply};

use super::body::MailTemplatePath;

/// Restores the default mail template
///
/// Returns 404 if the organization has no template of its own for this kind in this language.
#[utoipa::path(tag = "mail_templates", params(MailTemplatePath), extensions(("x-required-permission" = json!("manage_mail"))),
    responses((status = 204, description = "The organization's template is removed.")))]
#[delete("/orgs/{org_id}/mail-templates/{kind}/{locale}")]
pub(super) async fn remove_mail_template(call: Call<MailTemplatePath>) -> Reply {
    call.write(|ctx, input| {
        let (org, kind, locale) = (ctx.caller.org_id, input.path.kind()?, &input.path.locale);
        if !ctx.tx.mail_of(org).remove_template(kind, locale)? {
            return Err(Problem::not_found());
        }
        ctx.record(template_removed(org, kind, locale));
        Ok(Answer::no_content())
    })
    .await
}
