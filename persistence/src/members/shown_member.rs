use ::roles::ShownMember;
use diesel::prelude::*;

use crate::db::schema::memberships;

pub(crate) type Shown<'a> =
    (diesel::dsl::Eq<memberships::shown_name, &'a str>, diesel::dsl::Eq<memberships::shown_email, &'a str>);

/// The columns by which members are sorted and found.
pub(crate) fn shown(known: ShownMember<'_>) -> Shown<'_> {
    (memberships::shown_name.eq(known.name().as_str()), memberships::shown_email.eq(known.email().as_str()))
}
