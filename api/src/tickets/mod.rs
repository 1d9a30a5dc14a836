//! Support requests, from filing to closing.

mod approve_ticket;
pub(crate) mod body;
mod change;
mod close_ticket;
mod create_follow_up;
pub(crate) mod create_ticket;
mod deny_ticket;
mod get_ticket;
mod get_ticket_form;
mod list_tickets;
mod notices;
mod refusals;
mod reopen_ticket;
mod resolve_ticket;
mod start_ticket;
mod update_ticket;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use body::TicketPath;
pub(crate) use close_ticket::CloseTicket;
pub(crate) use list_tickets::TicketOrder;
pub(crate) use refusals::of_reply;

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
