use actix_web::delete;

use super::body::AttachmentPath;
use super::room;
use crate::answer::Answer;
use crate::call::{Call, Reply};
use crate::problem::{Code, Problem};

/// Deletes your pending upload
///
/// A file that came with a request or message stays with it.
#[utoipa::path(tag = "attachments", params(AttachmentPath), extensions(("x-required-permission" = json!("create_tickets")), ("x-staff-permission" = json!("manage_tickets"))),
    responses((status = 204, description = "Removed.")))]
#[delete("/orgs/{org_id}/attachments/{attachment_id}")]
pub(super) async fn delete_attachment(call: Call<AttachmentPath>) -> Reply {
    let removed = call.prepare(|ctx, input| {
        let file = ctx.attachment(input.path.attachment_id())?;
        if file.ticket_id.is_some() {
            return Err(Problem::new(Code::Conflict, "The file belongs to a ticket and stays with it."));
        }
        let org = ctx.caller.org_id;
        ctx.tx.attachments(org).remove(&file, ctx.now)?;
        Ok((org, file))
    });
    let (org, file) = removed.await?;
    // The bytes go after the row: a row without bytes would be worse. The sweep tries again if they don't.
    if let Err(problem) = room::remove(&call.app, org, file.id, &file.storage_key).await {
        log::warn!("files.remove error={problem}");
    }
    Ok(Answer::no_content().into_response(None))
}
