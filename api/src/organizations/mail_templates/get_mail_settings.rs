use actix_web::get;
use web::answer::Answer;
use web::call::{Call, Reply};
use web::openapi::parameters::IfNoneMatch;

use super::body::{MailSettingsBody, audience_of};
use crate::organizations::orgs::OrgPath;

/// Reads an organization's mail settings
#[utoipa::path(tag = "mail_templates", params(OrgPath, IfNoneMatch), extensions(("x-required-permission" = json!("manage_mail"))),
    responses((status = 200, description = "The mail settings.", body = MailSettingsBody), (status = 304, description = "Not modified.")))]
#[get("/orgs/{org_id}/mail-settings")]
pub(super) async fn get_mail_settings(call: Call<OrgPath>) -> Reply {
    call.read(|ctx, _| {
        let settings = ctx.tx.mail_of(ctx.caller.org_id).settings()?;
        let audience = audience_of(&settings);
        Ok(Answer::ok(&MailSettingsBody::from(&settings))?.tagged(settings.version, &audience))
    })
    .await
}
