use actix_web::delete;
use application::problem::Problem;
use application::problem_codes::Code;
use web::answer::Answer;
use web::call::{Call, Reply};

use super::body::{AttachmentPath, find_attachment};
use application::tickets::stored_files;

/// Deletes your pending upload
///
/// A file that came with a request or message stays with it.
#[utoipa::path(tag = "attachments", params(AttachmentPath), extensions(("x-required-permission" = json!("create_tickets")), ("x-staff-permission" = json!("manage_tickets")),
        ("x-problem-codes" = json!(["conflict"]))),
    responses((status = 204, description = "The upload is deleted.")))]
#[delete("/orgs/{org_id}/attachments/{attachment_id}")]
pub(super) async fn delete_attachment(call: Call<AttachmentPath>) -> Reply {
    let removed = call.prepare(|ctx, input| {
        let file = find_attachment(ctx, input.path.attachment_id())?;
        if file.ticket_id.is_some() {
            return Err(Problem::new(Code::Conflict, "The file belongs to a ticket and stays with it."));
        }
        let org = ctx.caller.org_id;
        ctx.tx.attachments(org).remove(&file, ctx.now)?;
        Ok((org, file))
    });
    let (org, file) = removed.await?;
    // The bytes are removed after the row, since a row without bytes would be worse. If it fails, the sweep tries
    // again.
    if let Err(problem) = stored_files::remove(&call.app, org, file.id, &file.storage_key).await {
        log::warn!("files.remove error={problem}");
    }
    Ok(Answer::no_content().into_response(None))
}
