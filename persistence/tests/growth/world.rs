//! An organization with many rows of everything, filled with a few statements for both SQLite and PostgreSQL.

use orgs::{LocationId, OrgId};
use tickets::CategoryId;
use users::UserId;
use uuid::Uuid;

/// The syntax in which the two databases differ.
pub(crate) struct Dialect {
    pub(crate) is_postgres: bool,
}

pub(crate) const ORG: OrgId = OrgId(Uuid::from_u128(1));
/// A person who filed every fiftieth ticket, and works on as many.
pub(crate) const BUSY: UserId = user(3);
/// A person who filed every other ticket.
pub(crate) const BUSIEST: UserId = user(4);
/// A person who filed nothing.
pub(crate) const IDLE: UserId = user(101);
pub(crate) const LOCATION: LocationId = LocationId(Uuid::from_u128(2_000_001));
/// A location with few tickets, all of them old.
pub(crate) const QUIET_LOCATION: LocationId = LocationId(Uuid::from_u128(2_000_100));
pub(crate) const CATEGORY: CategoryId = CategoryId(Uuid::from_u128(3_000_001));
pub(crate) const NOBODY: Uuid = Uuid::from_u128(9_999_999_999);
/// Time of the first row of everything, in seconds since the epoch.
pub(crate) const BEGIN: i64 = 1_700_000_000;

pub(crate) const fn user(n: u128) -> UserId {
    UserId(Uuid::from_u128(1_000_000_000 + n))
}

impl Dialect {
    fn id(&self, number: &str) -> String {
        match self.is_postgres {
            true => format!("lpad(to_hex(({number})::bigint), 32, '0')::uuid"),
            false => format!("unhex(printf('%032x', {number}))"),
        }
    }

    fn at(&self, seconds: &str) -> String {
        match self.is_postgres {
            true => format!("to_timestamp({BEGIN}::bigint + ({seconds}))"),
            false => format!("strftime('%Y-%m-%dT%H:%M:%f000Z', {BEGIN} + ({seconds}), 'unixepoch')"),
        }
    }

    fn numbers(&self, last: i64) -> String {
        match self.is_postgres {
            true => format!("generate_series(1::bigint, {last}) AS c (n)"),
            false => format!(
                "(WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {last}) SELECT n FROM c)"
            ),
        }
    }

    fn no_checks(&self) -> &'static str {
        match self.is_postgres {
            true => "SET session_replication_role = replica;",
            false => "PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF;",
        }
    }

    /// Statements that create `size` rows of everything.
    pub(crate) fn filled(&self, size: i64) -> String {
        let (org, n) = (self.id("1"), self.numbers(size));
        let (at, later) = (self.at("n"), self.at(&format!("(n * 7919) % {size}")));
        let far = self.at("1000000000");
        let (id, user) = (self.id("n"), self.id("1000000000 + n"));
        let json = if self.is_postgres { "'[]'::jsonb" } else { "'[]'" };
        let object = if self.is_postgres { "'{}'::jsonb" } else { "'{}'" };
        let yes = if self.is_postgres { "true" } else { "1" };
        let uuid_null = if self.is_postgres { "NULL::uuid" } else { "NULL" };
        let requester =
            self.id("1000000000 + CASE WHEN n % 50 = 0 THEN 3 WHEN n % 2 = 0 THEN 4 ELSE 200 + n % 1000 END");
        let assignee = self.id("1000000000 + CASE WHEN n % 50 = 0 THEN 3 ELSE 2000 + n % 40 END");
        let location = self.id("2000000 + CASE WHEN n <= 20 THEN 100 ELSE n % 20 END");
        let category = self.id("3000000 + n % 30");
        let is_guest = "n % 3 = 0";
        let mut sql = self.no_checks().to_owned();
        sql += &format!(
            "INSERT INTO orgs (id, name, slug, is_active, created_at, updated_at, version)
                SELECT {id}, 'Org ' || n, 'org-' || n, {yes}, {at}, {at}, 1 FROM {n};
             INSERT INTO users (id, email, name, locale, status, created_at, updated_at)
                SELECT {user}, 'person' || n || '@else.example', 'Person ' || n, 'en',
                    CASE WHEN n % 1000 = 0 THEN 'suspended' ELSE 'active' END, {at}, {at} FROM {n};
             INSERT INTO platform_roles (user_id, role_key) SELECT {user}, 'platform_owner' FROM {few};
             INSERT INTO memberships (org_id, user_id, ticket_scope, is_active, created_at, updated_at, version, shown_name, shown_email)
                SELECT {org}, {user}, 'organization', n % 100 <> 0, {at}, {at}, 1, 'Person ' || n, 'person' || n || '@else.example' FROM {n};
             INSERT INTO roles (org_id, role_key, name, updated_at, version) VALUES ({org}, 'guest', 'Guest', {begin}, 1), ({org}, 'rbt', 'RBT', {begin}, 1);
             INSERT INTO role_permissions (org_id, role_key, permission) VALUES ({org}, 'guest', 'create_tickets'), ({org}, 'rbt', 'create_tickets');
             INSERT INTO membership_roles (org_id, user_id, role_key)
                SELECT {org}, {user}, CASE WHEN {is_guest} THEN 'guest' ELSE 'rbt' END FROM {n};
             INSERT INTO membership_locations (org_id, user_id, location_id) SELECT {org}, {user}, {location} FROM {n};",
            few = self.numbers(5),
            begin = self.at("0"),
        );
        sql += &format!(
            "INSERT INTO tickets (org_id, id, number, subject, details, urgency, priority, status, location_id, category_id,
                    requester_id, created_by, assignee_id, approval, approval_by, approval_at, created_at, updated_at, version, unread_reply_count)
                SELECT {org}, {id}, n, 'Subject ' || n, 'Details of it', 1, 1 + n % 4,
                    CASE WHEN n <= 10 THEN 'open' WHEN n % 50 = 1 THEN 'resolved' ELSE 'closed' END, {location}, {category}, {requester},
                    {requester}, CASE WHEN n % 9 = 0 THEN {uuid_null} ELSE {assignee} END,
                    CASE WHEN n <= 5 THEN 'waiting' WHEN n % 500 = 0 THEN 'approved' END,
                    CASE WHEN n % 500 = 0 THEN {requester} END, CASE WHEN n % 500 = 0 THEN {at} END, {at}, {later}, 1, 0 FROM {n};
             INSERT INTO messages (org_id, id, ticket_id, author_id, visibility, body, created_at)
                SELECT {org}, {id}, {id}, {requester}, 'public', 'Hello', {at} FROM {n};
             INSERT INTO attachments (org_id, id, uploader_id, filename, content_type, size_bytes, sha256, storage_key, ticket_id, created_at)
                SELECT {org}, {id}, {requester}, 'a.txt', 'text/plain', 1, 'hash', 'key-' || n, {id}, {at} FROM {n};",
        );
        sql += &format!(
            "INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at) SELECT {id}, {user}, {at}, {far}, {far} FROM {n};
             INSERT INTO refresh_tokens (token_hash, session_id) SELECT 'hash-' || n, {id} FROM {n};
             INSERT INTO account_events (id, user_id, org_id, kind, actor_id, occurred_at, request_id, changes)
                SELECT {id}, {whose}, {org}, CASE WHEN n <= 5 THEN 'log_in_failed' WHEN n % 2 = 0 THEN 'session_created' ELSE 'data_read' END,
                    {whose}, {at}, 'request', {json} FROM {n};
             INSERT INTO one_time_tokens (id, purpose, user_id, token_hash, created_at, expires_at)
                SELECT {id}, 'reset_password', {user}, 'hash-' || n, {at}, {far} FROM {n};
             INSERT INTO idempotency_keys (user_id, method, path, idempotency_key, fingerprint, created_at)
                SELECT {user}, 'POST', '/', 'key', 'print', {far} FROM {n};
             INSERT INTO approvals (id, org_id, kind, subject_id, payload, reason, requested_by, requested_at, expires_at, version)
                SELECT {id}, {other}, 'remove_owner', {user}, {object}, 'Reason', {user}, {at}, {at}, 1 FROM {n};
             INSERT INTO permission_requests (org_id, id, user_id, requested_role, justification, requested_at, decided_at, version)
                SELECT {org}, {id}, {user}, 'rbt', 'Why', {at}, CASE WHEN n > 5 THEN {at} END, 1 FROM {n};
             INSERT INTO membership_requests (org_id, id, user_id, status, requested_at, version)
                SELECT {org}, {id}, {user}, CASE WHEN n > 5 THEN 'approved' ELSE 'pending' END, {at}, 1 FROM {n};",
            whose = self.id("1000000000 + CASE WHEN n % 3 = 0 THEN n ELSE 3 END"),
            other = self.id("CASE WHEN n <= 5 THEN 1 ELSE 2 END"),
        );
        // To the organization, and to the platform.
        for (invitation, offered_by, hash) in
            [(id.as_str(), org.as_str(), "hash-"), (&self.id("5000000 + n"), uuid_null, "platform-")]
        {
            sql += &format!(
                "INSERT INTO invitations (id, org_id, email, roles, location_ids, offered, locale, valid_from, valid_until, extra, inviter_id,
                        generation, code_hash, last_sent_at, decision, decided_at, accepted_by, is_open, created_at, updated_at, version)
                    SELECT {invitation}, {offered_by}, 'guest' || n || '@else.example', {json}, {json}, CASE WHEN n <= 5 THEN ' bcba ' ELSE ' rbt ' END,
                        'en', {at}, CASE WHEN n <= 10 THEN {at_end} ELSE {at} END, {object},
                        {inviter}, 1, '{hash}' || n, {later}, CASE WHEN n > 10 THEN CASE n % 3 WHEN 0 THEN 'revoked' WHEN 1 THEN 'accepted' END END,
                        CASE WHEN n > 10 AND n % 3 < 2 THEN {at} END, CASE WHEN n > 10 AND n % 3 = 1 THEN {user} END, {open}, {at}, {at}, 1 FROM {n};",
                at_end = self.at("10000000 + n"),
                inviter = self.id("1000000000 + CASE WHEN n <= 5 THEN 3 WHEN n % 2 = 0 THEN 5 ELSE 10 + n % 40 END"),
                open = "n <= 10",
            );
        }
        if self.is_postgres { sql + "SET session_replication_role = origin;" } else { sql }
    }
}
