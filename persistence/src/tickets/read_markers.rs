use ::orgs::OrgId;
use ::tickets::TicketId;
use ::users::UserId;
use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::db::schema::read_markers as r;
use crate::db::sql_types::{DbId, DbTime};
use crate::{StoreError, Tx};

impl Tx<'_> {
    /// Moves a reader's marker forward, and returns its position. It never moves back.
    pub fn mark_read(
        &mut self,
        org: OrgId,
        ticket: TicketId,
        reader: UserId,
        until: DateTime<Utc>,
    ) -> Result<DateTime<Utc>, StoreError> {
        let row = r::table.find((DbId(org.0), DbId(ticket.0), DbId(reader.0)));
        let known: Option<DbTime> = row.select(r::read_until).first(self.conn).optional()?;
        match known {
            Some(at) if at.0 >= until => return Ok(at.0),
            Some(_) => diesel::update(row).set(r::read_until.eq(DbTime(until))).execute(self.conn)?,
            None => {
                let marker = (
                    r::org_id.eq(DbId(org.0)),
                    r::ticket_id.eq(DbId(ticket.0)),
                    r::user_id.eq(DbId(reader.0)),
                    r::read_until.eq(DbTime(until)),
                );
                diesel::insert_into(r::table).values(marker).execute(self.conn)?
            }
        };
        Ok(until)
    }
}
