//! Who saw whose data: each look of somebody else at it is kept, for the person to see (S001-25, S001-45).

use orgs::OrgId;
use persistence::AccountEvent;
use serde::Deserialize;
use users::UserId;
use utoipa::IntoParams;

use super::case::Case;
use crate::paging::PageQuery;
use crate::problem::Problem;
use crate::work::{Work, happened};

/// A page of what is kept of a person, and what for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct RecordQuery {
    /// What for. It is kept, and the person can read it.
    #[param(min_length = 1, max_length = 200)]
    pub(super) purpose: String,
    /// Items on a page; 25 unless told.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i32>,
    /// The `next_cursor` of the page before, with the same purpose.
    #[param(min_length = 1, max_length = 2000)]
    cursor: Option<String>,
}

impl RecordQuery {
    pub(super) fn page(&self) -> PageQuery {
        PageQuery { limit: self.limit, cursor: self.cursor.clone() }
    }
}

fn read_by(event: AccountEvent, part: &str) -> AccountEvent {
    event.changed("sections", "", part)
}

impl<W> Work<'_, '_, W> {
    /// Keeps that somebody read a part of what is known of a person.
    pub(crate) fn note_reading(&mut self, case: &Case, part: &str, purpose: &str) -> Result<(), Problem> {
        let event = read_by(self.noted("data_read", case, Some(purpose)), part);
        self.note_unless_own(event)
    }

    /// The same where the operation itself tells what for.
    pub(crate) fn note_look(&mut self, case: &Case, part: &str) -> Result<(), Problem> {
        let event = read_by(self.noted("data_read", case, None), part);
        self.note_unless_own(event)
    }

    /// Keeps that these people were shown, in a list or by themselves, once a day for each reader: a client that asks every few
    /// seconds tells nobody more.
    pub(crate) fn note_shown(
        &mut self,
        org: Option<OrgId>,
        part: &str,
        people: &[UserId],
    ) -> Result<(), Problem> {
        let Some(reader) = self.head.bearer.map(|bearer| bearer.user_id) else { return Ok(()) };
        let today = self.now - users::SHOWING_COUNTS_FOR;
        let noted = self.tx.readings_since(org, reader, part, people, today)?;
        for user in people.iter().filter(|user| !noted.contains(user)) {
            let event = AccountEvent { org, ..happened("data_read", *user, self.head) };
            self.note_unless_own(read_by(event, part))?;
        }
        Ok(())
    }

    /// One's own reading is one's own matter.
    pub(super) fn note_unless_own(&mut self, event: AccountEvent) -> Result<(), Problem> {
        if self.head.bearer.is_none_or(|bearer| bearer.user_id != event.user) {
            self.tx.record_account(&event)?;
        }
        Ok(())
    }
}
