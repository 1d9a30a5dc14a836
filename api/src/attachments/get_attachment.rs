use actix_web::get;

use super::body::{AttachmentBody, AttachmentPath, version};
use crate::answer::Answer;
use crate::call::{Call, Reply};
use crate::openapi::IfNoneMatch;

/// Reads a file's metadata
#[utoipa::path(tag = "attachments", params(AttachmentPath, IfNoneMatch), extensions(("x-open-to-viewing-as" = json!(true)), ("x-required-permission" = json!("create_tickets")), ("x-staff-permission" = json!("manage_tickets"))),
    responses(
    (status = 200, description = "The file's description.", body = AttachmentBody),
    (status = 304, description = "You have it already."),
))]
#[get("/orgs/{org_id}/attachments/{attachment_id}")]
pub(super) async fn get_attachment(call: Call<AttachmentPath>) -> Reply {
    call.read(|ctx, input| {
        let file = ctx.attachment(input.path.attachment_id())?;
        Ok(Answer::ok(&AttachmentBody::from(&file))?.tagged(version(&file), "all"))
    })
    .await
}
