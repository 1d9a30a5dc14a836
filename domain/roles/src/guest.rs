use std::collections::BTreeSet;

use crate::{RoleKey, SeededRole};

/// Whether these are the roles of a guest, who files requests without being a member (S002-22).
pub fn is_guest(roles: &BTreeSet<RoleKey>) -> bool {
    !roles.is_empty() && roles.iter().all(|key| key.as_str() == SeededRole::Guest.key())
}
