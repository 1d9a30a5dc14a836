use ::orgs::OrgId;
use ::tickets::{StaffScope, TicketScope};
use ::users::UserId;
use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::connection::MultiBackend;
use crate::schema::{attachments, messages, tickets as t};
use crate::sql_types::{DbId, DbTime};
use crate::ticket_filter::visible;
use crate::{StoreError, Tx};

/// How many rows of one kind an organization has, and how many of them a person sees; both counted to 10,000.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rows {
    /// All of the organization.
    pub total: i64,
    /// Those that the person sees.
    pub visible: i64,
}

/// The rows of one organization, and what of them one person sees.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DataCounts {
    /// Requests.
    pub tickets: Rows,
    /// Messages, notes included in the total.
    pub messages: Rows,
    /// Files of requests and messages.
    pub attachments: Rows,
    /// Requests that the person filed.
    pub own_tickets: i64,
}

const AT_MOST: i64 = 10_000;

fn counted<T>(rows: &[T]) -> i64 {
    i64::try_from(rows.len()).unwrap_or(i64::MAX)
}

impl Tx<'_> {
    /// What an organization has, and what somebody with this scope sees of it; nothing without one.
    pub fn data_counts(
        &mut self,
        org: OrgId,
        user: UserId,
        scope: Option<&TicketScope>,
    ) -> Result<DataCounts, StoreError> {
        let org_id = DbId(org.0);
        let tickets: Vec<DbId> =
            t::table.filter(t::org_id.eq(org_id)).select(t::id).limit(AT_MOST).load(self.conn)?;
        let own: Vec<DbId> = t::table
            .filter(t::org_id.eq(org_id))
            .filter(t::requester_id.eq(DbId(user.0)))
            .select(t::id)
            .limit(AT_MOST)
            .load(self.conn)?;
        let messages: Vec<DbId> = messages::table
            .filter(messages::org_id.eq(org_id))
            .select(messages::id)
            .limit(AT_MOST)
            .load(self.conn)?;
        let attachments: Vec<DbId> = attachments::table
            .filter(attachments::org_id.eq(org_id))
            .select(attachments::id)
            .limit(AT_MOST)
            .load(self.conn)?;
        let seen = match scope {
            Some(scope) => self.seen(org, scope)?,
            None => Seen::default(),
        };
        Ok(DataCounts {
            tickets: Rows { total: counted(&tickets), visible: seen.tickets },
            messages: Rows { total: counted(&messages), visible: seen.messages },
            attachments: Rows { total: counted(&attachments), visible: seen.attachments },
            own_tickets: counted(&own),
        })
    }

    fn seen(&mut self, org: OrgId, scope: &TicketScope) -> Result<Seen, StoreError> {
        let tickets: Vec<DbId> = visible(org, scope).select(t::id).limit(AT_MOST).load(self.conn)?;
        let mut public = messages::table
            .filter(messages::org_id.eq(DbId(org.0)))
            .filter(messages::ticket_id.eq_any(tickets.clone()))
            .select(messages::id)
            .limit(AT_MOST)
            .into_boxed::<MultiBackend>();
        if scope.as_staff == StaffScope::None {
            public = public.filter(messages::visibility.eq("public"));
        }
        let messages: Vec<DbId> = public.load(self.conn)?;
        let attachments: Vec<DbId> = attachments::table
            .filter(attachments::org_id.eq(DbId(org.0)))
            .filter(attachments::ticket_id.eq_any(tickets.iter().copied().map(Some).collect::<Vec<_>>()))
            .select(attachments::id)
            .limit(AT_MOST)
            .load(self.conn)?;
        Ok(Seen {
            tickets: counted(&tickets),
            messages: counted(&messages),
            attachments: counted(&attachments),
        })
    }

    /// When a person filed the first request in an organization, and when the first was solved.
    pub fn first_requests(&mut self, org: OrgId, user: UserId) -> Result<FirstRequests, StoreError> {
        let own = || t::table.filter(t::org_id.eq(DbId(org.0))).filter(t::requester_id.eq(DbId(user.0)));
        let filed: Option<DbTime> =
            own().order(t::created_at).select(t::created_at).first(self.conn).optional()?;
        let solved: Option<Option<DbTime>> = own()
            .filter(t::resolved_at.is_not_null())
            .order(t::resolved_at)
            .select(t::resolved_at)
            .first(self.conn)
            .optional()?;
        Ok((filed.map(|at| at.0), solved.flatten().map(|at| at.0)))
    }
}

#[derive(Default)]
struct Seen {
    tickets: i64,
    messages: i64,
    attachments: i64,
}

/// The first request filed, and the first solved.
pub type FirstRequests = (Option<DateTime<Utc>>, Option<DateTime<Utc>>);
