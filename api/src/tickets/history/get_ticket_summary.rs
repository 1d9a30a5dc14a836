use actix_web::get;
use serde::Serialize;
use utoipa::ToSchema;
use web::answer::Answer;
use web::call::{Call, Reply};

use crate::organizations::orgs::OrgPath;

/// Counts for a badge.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"open_count": 2, "unread_reply_count": 1}))]
pub(crate) struct TicketCounts {
    /// Your unresolved requests: open or in progress.
    open_count: i64,
    /// Replies of others to your requests since you marked them as read.
    unread_reply_count: i64,
}

/// Counts your unresolved requests and unread replies
#[utoipa::path(tag = "history", params(OrgPath), extensions(("x-open-to-viewing-as" = json!(true)), ("x-required-permission" = json!("create_tickets")), ("x-staff-permission" = json!("manage_tickets"))),
    responses((status = 200, description = "The counts.", body = TicketCounts)))]
#[get("/orgs/{org_id}/me/ticket-summary")]
pub(super) async fn get_ticket_summary(call: Call<OrgPath>) -> Reply {
    call.read(|ctx, _| {
        let (open_count, unread_reply_count) =
            ctx.tx.tickets(ctx.caller.org_id).summary_of(ctx.caller.user_id)?;
        Answer::ok(&TicketCounts { open_count, unread_reply_count })
    })
    .await
}
