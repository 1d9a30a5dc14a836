use actix_web::get;

use super::body::{AttachmentBody, AttachmentPath};
use crate::answer::Answer;
use crate::call::{Call, Reply};

/// Reads what is known of a file
#[utoipa::path(tag = "attachments", params(AttachmentPath), extensions(("x-required-permission" = json!("create_tickets")), ("x-staff-permission" = json!("manage_tickets"))),
    responses((status = 200, description = "The file's description.", body = AttachmentBody)))]
#[get("/orgs/{org_id}/attachments/{attachment_id}")]
pub(super) async fn get_attachment(call: Call<AttachmentPath>) -> Reply {
    call.read(|work, input| {
        let file = work.attachment(input.path.attachment_id())?;
        Answer::ok(&AttachmentBody::from(&file))
    })
    .await
}
