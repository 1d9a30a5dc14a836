use actix_web::get;
use application::problem::Problem;
use web::answer::Answer;
use web::call::{Call, Reply};
use web::openapi::parameters::IfNoneMatch;

use super::body::{AUDIENCE, MailTemplateBody, MailTemplatePath, mail_wording};

/// Reads a mail template in one language
///
/// Those of the organization, or else those that ship with Steward; 404 if there are neither.
#[utoipa::path(tag = "mail_templates", params(MailTemplatePath, IfNoneMatch), extensions(("x-required-permission" = json!("manage_mail"))),
    responses((status = 200, description = "The template.", body = MailTemplateBody), (status = 304, description = "Not modified.")))]
#[get("/orgs/{org_id}/mail-templates/{kind}/{locale}")]
pub(super) async fn get_mail_template(call: Call<MailTemplatePath>) -> Reply {
    call.read(|ctx, input| {
        let words =
            mail_wording(ctx, input.path.kind()?, &input.path.locale)?.ok_or_else(Problem::not_found)?;
        Ok(Answer::ok(&MailTemplateBody::from(&words))?.tagged(words.version(), AUDIENCE))
    })
    .await
}
