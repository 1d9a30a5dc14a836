use ::orgs::LocationId;
use ::tickets::{CategoryId, Priority, Status};
use ::users::UserId;

use crate::db::sql_types::DbId;

/// The common condition of all rows of a scan: the first columns of its index, after the organization.
pub(crate) enum IndexPrefix {
    Nothing,
    Number(i64),
    Ids(Vec<DbId>),
    Requester(UserId),
    Assignee(Option<UserId>),
    Approval(&'static str),
    Status(Status),
    Location(LocationId),
    Category(CategoryId),
    Priority(Priority),
}
