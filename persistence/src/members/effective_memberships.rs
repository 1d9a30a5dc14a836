use diesel::prelude::*;

use crate::db::schema::memberships;
use crate::db::sql_types::DbTime;

/// Not suspended, or no longer.
#[diesel::dsl::auto_type]
pub(crate) fn is_effective_at(now: DbTime) -> _ {
    memberships::is_active.eq(true).or(memberships::suspended_until.le(now).assume_not_null())
}
