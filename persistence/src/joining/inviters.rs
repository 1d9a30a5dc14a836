use ::orgs::OrgId;
use ::users::AccountStatus;
use diesel::dsl::exists;
use diesel::expression::BoxableExpression;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use crate::db::connection::MultiBackend;
use crate::db::schema::{invitations as i, memberships, orgs, users};
use crate::db::sql_types::DbId;
use crate::db::texts::coalesce;

/// Those of an organization, or of the platform.
pub(crate) fn in_scope(query: Boxed<'_>, org: Option<OrgId>) -> Boxed<'_> {
    match org {
        Some(org) => query.filter(i::org_id.eq(DbId(org.0))),
        None => query.filter(i::org_id.is_null()),
    }
}

/// Whether the inviter is effective: by their account, and in an organization by a claimed, active
/// membership.
pub(crate) fn inviter_is_effective() -> Expr<Bool> {
    let account = users::table
        .filter(users::id.eq(i::inviter_id))
        .filter(users::status.eq(AccountStatus::Active.as_str()));
    let here = memberships::table
        .inner_join(orgs::table)
        .filter(memberships::org_id.nullable().eq(i::org_id))
        .filter(memberships::user_id.eq(i::inviter_id))
        .filter(memberships::is_active.eq(true))
        .filter(memberships::unclaimed_name.is_null())
        .filter(orgs::is_active.eq(true));
    Box::new(exists(account).and(i::org_id.is_null().or(exists(here))))
}

/// The name of the inviter.
pub(crate) fn inviter_name() -> Expr<Text> {
    let sent = memberships::table
        .filter(memberships::org_id.nullable().eq(i::org_id))
        .filter(memberships::user_id.eq(i::inviter_id))
        .select(memberships::unclaimed_name);
    let name = users::table.filter(users::id.eq(i::inviter_id)).select(users::name);
    Box::new(coalesce(sent.single_value(), name.single_value().assume_not_null()))
}

pub(crate) type Boxed<'a> = diesel::helper_types::IntoBoxed<'a, i::table, MultiBackend>;

pub(crate) type Expr<T> = Box<dyn BoxableExpression<i::table, MultiBackend, SqlType = T>>;
