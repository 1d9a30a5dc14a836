use actix_web::post;
use application::context::new_id;
use application::problem::Problem;
use application::refusals::tickets::of_reply;
use application::tickets::change::{assignee_is_available, save_message, save_ticket};
use application::tickets::find::find_ticket_to_change;
use application::tickets::notices::notify_requester;
use mail::MailKind;
use orgs::Visibility;
use serde::Deserialize;
use tickets::{AttachmentId, Body, MessageId};
use utoipa::ToSchema;
use uuid::Uuid;
use web::answer::Answer;
use web::call::{Call, Reply};
use web::openapi::parameters::IdempotencyKey;
use web::values::MessageVisibility;

use super::body::MessageBody;
use crate::tickets::tickets::TicketPath;

/// A new message.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"body": "We are looking into it.", "visibility": "public"}))]
pub(crate) struct PostMessage {
    #[schema(min_length = 1, max_length = 20000)]
    body: String,
    /// `internal` is a note that only staff write and read.
    visibility: MessageVisibility,
    /// Pending uploads of the caller.
    #[schema(max_items = 5)]
    attachment_ids: Option<Vec<Uuid>>,
}

/// Posts a reply or an internal note
///
/// The first public reply of staff takes an open ticket into work. A reply of the requester to a resolved one brings it back.
#[utoipa::path(tag = "messages", params(TicketPath, IdempotencyKey), request_body = PostMessage,
    extensions(("x-required-permission" = json!("create_tickets")), ("x-staff-permission" = json!("manage_tickets")),
        ("x-problem-codes" = json!(["approval_pending", "reference_not_found", "ticket_closed"]))),
    responses((status = 201, description = "The posted message.", body = MessageBody)))]
#[post("/orgs/{org_id}/tickets/{ticket_id}/messages")]
pub(super) async fn post_message(call: Call<TicketPath, (), PostMessage>) -> Reply {
    call.write(|ctx, input| {
        let sent = &input.body;
        let ticket = find_ticket_to_change(ctx, input.path.ticket_id())?;
        let body = Body::parse(&sent.body).map_err(|e| Problem::rule("#/body", &e))?;
        let id = MessageId(new_id());
        let posted = match sent.visibility {
            MessageVisibility::Public => {
                let available = assignee_is_available(ctx, &ticket)?;
                ticket.reply(&ctx.caller, id, body, available, ctx.now)
            }
            MessageVisibility::Internal => ticket.add_note(&ctx.caller, id, body, ctx.now),
        };
        let posted = posted.map_err(|refused| of_reply(refused, &ticket))?;
        let files: Vec<AttachmentId> =
            sent.attachment_ids.iter().flatten().copied().map(AttachmentId).collect();
        save_message(ctx, &ticket, &posted.message, &files)?;
        match posted.ticket {
            Some(changed) => drop(save_ticket(ctx, changed, posted.events)?),
            None => posted.events.into_iter().for_each(|event| ctx.record(event)),
        }
        if posted.message.visibility == Visibility::Public {
            notify_requester(ctx, &ticket, MailKind::NewReply)?;
        }
        let attached = ctx.tx.attachments(ctx.caller.org_id).of_messages(ticket.id, &[id])?;
        let place = format!("/api/v1/orgs/{}/tickets/{}/messages/{}", ticket.org_id.0, ticket.id.0, id.0);
        Ok(Answer::created(place, &MessageBody::of(&posted.message, &attached))?.tagged(1, "all"))
    })
    .await
}
