use ::orgs::OrgId;
use ::tickets::{StaffScope, TicketScope};

use crate::tickets::ticket_filter::TicketFilter;

/// A list without its page.
pub(crate) struct TicketList<'a> {
    pub(crate) org: OrgId,
    pub(crate) scope: &'a TicketScope,
    pub(crate) filter: &'a TicketFilter,
    /// Only the tickets of the scope within this reach.
    pub(crate) reach: Option<&'a StaffScope>,
}
