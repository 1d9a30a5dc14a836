use actix_web::get;
use web::answer::Answer;
use web::call::{Call, Reply};
use web::openapi::parameters::IfNoneMatch;

use super::body::{AttachmentBody, AttachmentPath, find_attachment, version};

/// Reads a file's metadata
#[utoipa::path(tag = "attachments", params(AttachmentPath, IfNoneMatch), extensions(("x-open-to-viewing-as" = json!(true)), ("x-required-permission" = json!("create_tickets")), ("x-staff-permission" = json!("manage_tickets"))),
    responses(
    (status = 200, description = "The file's metadata.", body = AttachmentBody),
    (status = 304, description = "Not modified."),
))]
#[get("/orgs/{org_id}/attachments/{attachment_id}")]
pub(super) async fn get_attachment(call: Call<AttachmentPath>) -> Reply {
    call.read(|ctx, input| {
        let file = find_attachment(ctx, input.path.attachment_id())?;
        Ok(Answer::ok(&AttachmentBody::from(&file))?.tagged(version(&file), "all"))
    })
    .await
}
