use actix_web::{HttpRequest, post};
use application::context::Context;
use application::problem::Problem;
use application::problem_codes::Code;
use tickets::Attachment;
use utoipa::ToSchema;
use web::answer::Answer;
use web::body::TimedBody;
use web::call::input::Input;
use web::call::{Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::body::{AttachmentBody, version};
use super::receive::{Received, expected_bytes, greatest_body, receive};
use super::reservation::UploadReservation;
use crate::organizations::orgs::OrgPath;

/// One file.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its description is used")]
pub(crate) struct UploadAttachment {
    /// 1 to 10 485 760 bytes: no programs, scripts or web pages. The content must match the declared type.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Uploads a file
///
/// The file is pending, and visible to the caller only, until a request or message names it. A file that is not attached is
/// removed after 24 hours.
///
/// Limits, which the operator sets; the defaults are: 50 pending files and 104 857 600 bytes of pending files per person, over
/// all organizations; 1 073 741 824 bytes per person within a period of 24 hours that begins with the first upload, in which
/// interrupted and refused uploads count in full; 21 474 836 480 bytes per organization, of which guests use three quarters at
/// most. A part of the server's disk is never used for files. A limit is checked before the body is read, with the length that
/// the request declares; without `Content-Length`, with the greatest size of a file.
#[utoipa::path(tag = "attachments", params(OrgPath, IdempotencyKey), request_body(content = UploadAttachment, content_type = "multipart/form-data"),
    extensions(("x-required-permission" = json!("create_tickets")), ("x-staff-permission" = json!("manage_tickets")),
        ("x-problem-codes" = json!(["daily_upload_exceeded", "pending_bytes_exceeded", "pending_files_exceeded", "quota_exceeded", "rule_violated", "storage_full", "unsupported_file_type"]))),
    responses((status = 201, description = "The uploaded file.", body = AttachmentBody)))]
#[post("/orgs/{org_id}/attachments")]
pub(super) async fn upload_attachment(
    request: HttpRequest,
    call: Call<OrgPath>,
    payload: actix_web::web::Payload,
) -> Reply {
    // The permission to attach and the free storage are checked before the body is read.
    let reservation = UploadReservation::claim(&call, expected_bytes(&request)).await?;
    let body = TimedBody::new(&request, payload.into_inner(), greatest_body());
    let received = match body {
        Ok(body) => receive(&request, body, &call.app, reservation.as_ref()).await,
        Err(problem) => Err(problem),
    };
    let result = match received {
        Ok(received) => save_upload(call, received, reservation.as_ref()).await,
        Err(problem) => Err(problem.into()),
    };
    let Some(reservation) = reservation else { return result };
    // After a refusal, or a response replayed from a concurrent request with the same key, the bytes have no row.
    match &result {
        Ok(response) if !response.headers().contains_key("Idempotency-Replayed") => reservation.settle(),
        _ => reservation.release().await,
    }
    result
}

/// Adds the row of a complete file, or replays the response that was saved under the same `Idempotency-Key`.
async fn save_upload(
    call: Call<OrgPath>,
    received: Received,
    reservation: Option<&UploadReservation>,
) -> Reply {
    let fingerprint = received.sha256.clone();
    let place = reservation.map(|reservation| (reservation.id, reservation.key.clone(), reservation.until));
    let add = move |ctx: &mut Context<'_, '_>, _: &Input<OrgPath, (), ()>| {
        let away = || Problem::new(Code::Unavailable, "The upload took too long; try again.");
        let (id, storage_key, until) = place.clone().ok_or_else(away)?;
        let org = ctx.caller.org_id;
        let attachment = Attachment {
            id,
            uploader_id: ctx.caller.user_id,
            filename: received.filename.clone(),
            content_type: received.content_type.clone(),
            size_bytes: i64::try_from(received.size_bytes).unwrap_or(i64::MAX),
            sha256: received.sha256.clone(),
            storage_key,
            ticket_id: None,
            message_id: None,
            created_at: ctx.now,
        };
        if !ctx.tx.attachments(org).add(&attachment, until)? {
            return Err(away());
        }
        let place = format!("/api/v1/orgs/{}/attachments/{}", org.0, attachment.id.0);
        Ok(Answer::created(place, &AttachmentBody::from(&attachment))?.tagged(version(&attachment), "all"))
    };
    call.with_fingerprint(fingerprint).write(add).await
}
