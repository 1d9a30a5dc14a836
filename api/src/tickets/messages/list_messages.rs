use actix_web::get;
use application::clock::instant;
use application::tickets::find::find_ticket;
use serde::Serialize;
use tickets::{MessageId, TicketScope};
use utoipa::ToSchema;
use web::call::{Call, Reply};
use web::paging::{PageQuery, Total};

use super::body::MessageBody;
use crate::tickets::tickets::TicketPath;

/// A page of messages.
#[derive(Serialize, ToSchema)]
pub(crate) struct MessagePage {
    data: Vec<MessageBody>,
    next_cursor: Option<String>,
    total: Option<Total>,
}

/// Lists a ticket's messages, oldest first
///
/// Staff see internal notes too.
#[utoipa::path(tag = "messages", params(TicketPath, PageQuery), extensions(("x-open-to-viewing-as" = json!(true)), ("x-required-permission" = json!("create_tickets")), ("x-staff-permission" = json!("manage_tickets"))),
    responses((status = 200, description = "A page of messages.", body = MessagePage)))]
#[get("/orgs/{org_id}/tickets/{ticket_id}/messages")]
pub(super) async fn list_messages(call: Call<TicketPath, PageQuery>) -> Reply {
    call.read(|ctx, input| {
        let ticket = find_ticket(ctx, input.path.ticket_id())?;
        let with_notes = TicketScope::of(&ctx.caller)?.covers_as_staff(&ticket);
        let page = input.meta.list.page_of(|text| {
            let (at, id) = text.split_once('|')?;
            Some((at.parse().ok()?, MessageId(id.parse().ok()?)))
        })?;
        let org = ctx.caller.org_id;
        let rows = ctx.tx.thread(org, ticket.id).list(with_notes, page)?;
        let ids: Vec<MessageId> = rows.iter().map(|m| m.id).collect();
        let files = ctx.tx.attachments(org).of_messages(ticket.id, &ids)?;
        let body = |rows: Vec<tickets::Message>| rows.iter().map(|m| MessageBody::of(m, &files)).collect();
        input.meta.list.page(
            &page,
            rows,
            |m| format!("{}|{}", instant(m.created_at), m.id.0),
            |rows, next_cursor| Ok(MessagePage { data: body(rows), next_cursor, total: None }),
        )
    })
    .await
}
