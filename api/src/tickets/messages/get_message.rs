use actix_web::get;
use application::problem::Problem;
use application::tickets::find::find_ticket;
use serde::Deserialize;
use tickets::{MessageId, TicketId, TicketScope};
use utoipa::IntoParams;
use uuid::Uuid;
use web::answer::Answer;
use web::call::{Call, Reply};
use web::openapi::parameters::IfNoneMatch;

use super::body::MessageBody;

/// Path parameters of a message.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct MessagePath {
    /// The organization.
    #[expect(dead_code, reason = "read from the request itself")]
    org_id: Uuid,
    /// The ticket.
    ticket_id: Uuid,
    /// The message.
    message_id: Uuid,
}

/// Reads a message
#[utoipa::path(tag = "messages", params(MessagePath, IfNoneMatch), extensions(("x-open-to-viewing-as" = json!(true)), ("x-required-permission" = json!("create_tickets")), ("x-staff-permission" = json!("manage_tickets"))),
    responses(
    (status = 200, description = "The message.", body = MessageBody),
    (status = 304, description = "Not modified."),
))]
#[get("/orgs/{org_id}/tickets/{ticket_id}/messages/{message_id}")]
pub(super) async fn get_message(call: Call<MessagePath>) -> Reply {
    call.read(|ctx, input| {
        let ticket = find_ticket(ctx, TicketId(input.path.ticket_id))?;
        let with_notes = TicketScope::of(&ctx.caller)?.covers_as_staff(&ticket);
        let org = ctx.caller.org_id;
        let message = ctx
            .tx
            .thread(org, ticket.id)
            .find(MessageId(input.path.message_id), with_notes)?
            .ok_or_else(Problem::not_found)?;
        let files = ctx.tx.attachments(org).of_messages(ticket.id, &[message.id])?;
        Ok(Answer::ok(&MessageBody::of(&message, &files))?.tagged(1, "all"))
    })
    .await
}
