/// A unique constraint of the schema that a request can violate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Constraint {
    /// One account per address (R15).
    UserEmail,
    /// One organization per slug (S003-15).
    OrgSlug,
    /// One location per name, within an organization.
    LocationName,
    /// One membership per person, within an organization.
    Membership,
    /// One category per key, within an organization.
    CategoryKey,
    /// One role per key, within an organization.
    RoleKey,
    /// One pending request to join per person, within an organization.
    OpenMembershipRequest,
    /// Any other: a bug.
    Other,
}

/// PostgreSQL names the constraint; SQLite lists the columns.
const NAMES: [(Constraint, &str, &str); 7] = [
    (Constraint::RoleKey, "roles_pkey", "roles.org_id, roles.role_key"),
    (Constraint::UserEmail, "users_email_key", "users.email"),
    (Constraint::OrgSlug, "orgs_slug_key", "orgs.slug"),
    (Constraint::LocationName, "locations_name_key", "locations.org_id, locations.name"),
    (Constraint::Membership, "memberships_pkey", "memberships.org_id, memberships.user_id"),
    (
        Constraint::OpenMembershipRequest,
        "membership_requests_open_key",
        "membership_requests.org_id, membership_requests.user_id",
    ),
    (Constraint::CategoryKey, "categories_key_key", "categories.org_id, categories.category_key"),
];

impl Constraint {
    /// The constraint of a database error.
    pub(crate) fn of(name: Option<&str>, message: &str) -> Self {
        let columns = message.strip_prefix("UNIQUE constraint failed: ").unwrap_or_default();
        let known =
            |(_, constraint, listed): &&(Self, &str, &str)| name == Some(*constraint) || columns == *listed;
        NAMES.iter().find(known).map_or(Self::Other, |(which, _, _)| *which)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_databases_report_the_same_constraint() {
        for (which, name, columns) in NAMES {
            assert_eq!(Constraint::of(Some(name), "duplicate key value"), which);
            assert_eq!(Constraint::of(None, &format!("UNIQUE constraint failed: {columns}")), which);
        }
        assert_eq!(Constraint::of(None, "UNIQUE constraint failed: a.b"), Constraint::Other);
    }
}
