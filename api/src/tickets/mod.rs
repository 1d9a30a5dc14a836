//! Tickets: their lifecycle, messages, files, history and categories.

pub(crate) mod attachments;
pub(crate) mod categories;
pub(crate) mod history;
pub(crate) mod messages;
#[expect(clippy::module_inception, reason = "the wing is named after its first tag")]
pub(crate) mod tickets;

use utoipa::OpenApi;
use utoipa_actix_web::service_config::ServiceConfig;

/// Schemas of query parameters and optional bodies.
#[derive(OpenApi)]
#[openapi(components(schemas(tickets::CloseTicket, tickets::TicketOrder, history::MarkTicketRead)))]
pub(crate) struct Schemas;

pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    tickets::configure(config);
    messages::configure(config);
    attachments::configure(config);
    history::configure(config);
    categories::configure(config);
}
