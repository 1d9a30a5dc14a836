use actix_web::post;
use application::mail::render::preview;
use application::problem::Problem;
use mail::Template;
use serde::Serialize;
use utoipa::ToSchema;
use web::answer::Answer;
use web::call::{Call, Reply};

use super::body::MailTemplatePath;
use super::replace_mail_template::{ReplaceMailTemplate, require_fillable};

/// A mail as its reader would see it.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"subject": "Choose a new password", "text": "Hello Sam Field,\n\nhttps://support.sunrise.example/open\n\nSunrise Therapy\n", "html": "<!doctype html>..."}))]
pub(crate) struct MailPreview {
    subject: String,
    text: String,
    /// A whole document. Nothing in it is loaded from anywhere.
    html: String,
}

/// Previews a mail template with sample data
///
/// Nothing is saved or sent. The template must be valid for `replace_mail_template`.
#[utoipa::path(tag = "mail_templates", params(MailTemplatePath), request_body = ReplaceMailTemplate,
    extensions(("x-required-permission" = json!("manage_mail")),
        ("x-problem-codes" = json!(["rule_violated"]))),
    responses((status = 200, description = "The rendered mail.", body = MailPreview)))]
#[post("/orgs/{org_id}/mail-templates/{kind}/{locale}/preview")]
pub(super) async fn preview_mail_template(call: Call<MailTemplatePath, (), ReplaceMailTemplate>) -> Reply {
    call.read(|ctx, input| {
        let kind = input.path.kind()?;
        let template: Template = input.body.template();
        require_fillable(&template, kind)?;
        let branding = ctx.tx.mail_of(ctx.caller.org_id).settings()?.branding;
        let written =
            preview(&template, kind, &branding, &input.path.locale).map_err(|_| Problem::internal())?;
        Answer::ok(&MailPreview { subject: written.subject, text: written.text, html: written.html })
    })
    .await
}
