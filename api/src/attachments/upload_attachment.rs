use std::sync::Arc;

use actix_web::{HttpRequest, post, web};
use tickets::{Attachment, AttachmentId};
use utoipa::ToSchema;

use super::body::{AttachmentBody, version};
use super::receive::{greatest_body, receive};
use crate::answer::Answer;
use crate::body::TimedBody;
use crate::call::{Call, Reply};
use crate::clock::new_secret;
use crate::openapi::IdempotencyKey;
use crate::orgs::OrgPath;
use crate::problem::{Code, Problem};
use crate::work::new_id;

/// One file.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its description is used")]
pub(crate) struct UploadAttachment {
    /// 1 to 10 485 760 bytes: anything but programs, scripts and web pages, and truly what it says to be.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Bytes that an organization may store: 20 GiB.
const QUOTA_BYTES: i64 = 21_474_836_480;

/// Uploads a file
///
/// It is pending, and the caller's alone, until it is named in a request or message; after 24 hours it is removed.
#[utoipa::path(tag = "attachments", params(OrgPath, IdempotencyKey), request_body(content = UploadAttachment, content_type = "multipart/form-data"),
    extensions(("x-required-permission" = json!("create_tickets")), ("x-staff-permission" = json!("manage_tickets"))),
    responses((status = 201, description = "Uploaded.", body = AttachmentBody)))]
#[post("/orgs/{org_id}/attachments")]
pub(super) async fn upload_attachment(
    request: HttpRequest,
    call: Call<OrgPath>,
    payload: web::Payload,
) -> Reply {
    // The right to attach is found before the body is read.
    let call = call.checked().await?;
    let body = TimedBody::new(&request, payload.into_inner(), greatest_body())?;
    let key = new_secret().map_err(|_| Problem::internal())?;
    let received = Arc::new(receive(&request, body, &call.app.files, &key).await?);
    let files = call.app.files.clone();
    let fingerprint = received.sha256.clone();
    let stored = key.clone();
    let result = call
        .with_fingerprint(fingerprint)
        .write(move |work, _| {
            let org = work.who.org_id;
            let attachment = Attachment {
                id: AttachmentId(new_id()),
                uploader_id: work.who.user_id,
                filename: received.filename.clone(),
                content_type: received.content_type.clone(),
                size_bytes: i64::try_from(received.size_bytes).unwrap_or(i64::MAX),
                sha256: received.sha256.clone(),
                storage_key: stored.clone(),
                ticket_id: None,
                message_id: None,
                created_at: work.now,
            };
            if work.tx.attachments(org).add(&attachment)? > QUOTA_BYTES {
                return Err(Problem::new(Code::QuotaExceeded, "The organization's storage is full."));
            }
            let place = format!("/api/v1/orgs/{}/attachments/{}", org.0, attachment.id.0);
            Ok(Answer::created(place, &AttachmentBody::from(&attachment))?
                .tagged(version(&attachment), "all"))
        })
        .await;
    // A replay, or a refusal, leaves bytes without a row.
    let is_kept =
        result.as_ref().is_ok_and(|response| !response.headers().contains_key("Idempotency-Replayed"));
    if !is_kept {
        files.remove(&key).await?;
    }
    result
}
