//! Support requests, from filing to closing.

pub(crate) mod approve_ticket;
pub(crate) mod body;
pub(crate) mod close_ticket;
pub(crate) mod create_follow_up;
pub(crate) mod create_ticket;
pub(crate) mod deny_ticket;
pub(crate) mod get_ticket;
pub(crate) mod get_ticket_form;
pub(crate) mod list_tickets;
pub(crate) mod reopen_ticket;
pub(crate) mod resolve_ticket;
pub(crate) mod start_ticket;
pub(crate) mod update_ticket;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use crate::tickets::tickets::body::{TicketPath, find_ticket, find_ticket_to_change};
pub(crate) use crate::tickets::tickets::close_ticket::CloseTicket;
pub(crate) use crate::tickets::tickets::list_tickets::TicketOrder;

pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(get_ticket_form::get_ticket_form)
        .service(list_tickets::list_tickets)
        .service(create_ticket::create_ticket)
        .service(get_ticket::get_ticket)
        .service(update_ticket::update_ticket)
        .service(approve_ticket::approve_ticket)
        .service(deny_ticket::deny_ticket)
        .service(start_ticket::start_ticket)
        .service(resolve_ticket::resolve_ticket)
        .service(reopen_ticket::reopen_ticket)
        .service(close_ticket::close_ticket)
        .service(create_follow_up::create_follow_up);
}
