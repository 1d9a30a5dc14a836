use ::tickets::{Approval, Decided};
use ::users::UserId;

use crate::StoreError;
use crate::db::sql_types::{DbId, DbTime};

/// The values of the approval columns.
pub(crate) fn approval(
    word: Option<&str>,
    by: Option<&DbId>,
    at: Option<&DbTime>,
) -> Result<Option<Approval>, StoreError> {
    let decided = by.zip(at).map(|(by, at)| Decided { by: UserId(by.0), at: at.0 });
    let parse = |word| Approval::parse(word, decided).ok_or(StoreError::Corrupt("tickets.approval"));
    word.map(parse).transpose()
}
