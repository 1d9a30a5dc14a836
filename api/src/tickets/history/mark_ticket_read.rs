use actix_web::put;
use application::problem::Problem;
use application::tickets::find::find_ticket_to_change;
use serde::Deserialize;
use tickets::MessageId;
use utoipa::ToSchema;
use uuid::Uuid;
use web::answer::Answer;
use web::call::{Call, Reply};

use crate::tickets::tickets::TicketPath;

/// How far the caller has read.
#[derive(Default, Deserialize, ToSchema)]
#[schema(example = json!({}))]
pub(crate) struct MarkTicketRead {
    /// The last public message that was shown. Default: the latest.
    last_read_message_id: Option<Uuid>,
}

/// Marks a ticket's messages as read
///
/// The marker never moves back. It is the caller's own, so it needs no `If-Match`. The body may be left out.
#[utoipa::path(tag = "history", params(TicketPath), request_body = Option<MarkTicketRead>,
    extensions(("x-required-permission" = json!("create_tickets")), ("x-staff-permission" = json!("manage_tickets")),
        ("x-problem-codes" = json!(["reference_not_found"]))),
    responses((status = 204, description = "The messages are marked as read.")))]
#[put("/orgs/{org_id}/tickets/{ticket_id}/read-marker")]
pub(super) async fn mark_ticket_read(call: Call<TicketPath, (), Option<MarkTicketRead>>) -> Reply {
    call.write(|ctx, input| {
        let org = ctx.caller.org_id;
        let ticket = find_ticket_to_change(ctx, input.path.ticket_id())?;
        let until = match input.body.as_ref().and_then(|sent| sent.last_read_message_id) {
            Some(id) => {
                let message = ctx.tx.thread(org, ticket.id).find(MessageId(id), false)?;
                message
                    .ok_or_else(|| {
                        Problem::no_such_reference("#/last_read_message_id", "message on this ticket")
                    })?
                    .created_at
            }
            None => ctx.now,
        };
        let reader = ctx.caller.user_id;
        let until = ctx.tx.mark_read(org, ticket.id, reader, until)?;
        if reader == ticket.requester_id {
            let unread = ctx.tx.thread(org, ticket.id).replies_after(until, reader)?;
            ctx.tx.tickets(org).set_unread_replies(ticket.id, unread)?;
        }
        Ok(Answer::no_content())
    })
    .await
}
