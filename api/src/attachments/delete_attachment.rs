use actix_web::delete;

use super::body::AttachmentPath;
use crate::answer::Answer;
use crate::call::{Call, Reply};
use crate::problem::{Code, Problem};

/// Removes a pending upload of one's own
///
/// A file that came with a request or message stays with it.
#[utoipa::path(tag = "attachments", params(AttachmentPath), extensions(("x-required-permission" = json!("create_tickets")), ("x-staff-permission" = json!("manage_tickets"))),
    responses((status = 204, description = "Removed.")))]
#[delete("/orgs/{org_id}/attachments/{attachment_id}")]
pub(super) async fn delete_attachment(call: Call<AttachmentPath>) -> Reply {
    // The bytes stay until the sweep finds them without a row: a row without bytes would be worse.
    call.write(|work, input| {
        let file = work.attachment(input.path.attachment_id())?;
        if file.ticket_id.is_some() {
            return Err(Problem::new(Code::Conflict, "The file belongs to a ticket and stays with it."));
        }
        work.tx.attachments(work.who.org_id).remove(&file)?;
        Ok(Answer::no_content())
    })
    .await
}
