//! Events of tickets, and read markers.

pub(crate) mod get_ticket_summary;
pub(crate) mod list_ticket_events;
pub(crate) mod mark_ticket_read;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use crate::tickets::history::mark_ticket_read::MarkTicketRead;

pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_ticket_events::list_ticket_events)
        .service(get_ticket_summary::get_ticket_summary)
        .service(mark_ticket_read::mark_ticket_read);
}
