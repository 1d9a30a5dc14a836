//! The second barrier between tenants: PostgreSQL's row security.
#![cfg(test)]

mod databases;

use databases::Postgres;
use diesel::connection::SimpleConnection;
use diesel::sql_types::{BigInt, Bool, Text};
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, sql_query};
use persistence::Db;

const A: &str = "0198c1f2-0000-7000-8000-00000000000a";
const B: &str = "0198c1f2-0000-7000-8000-00000000000b";
const PERSON: &str = "0198c1f2-0000-7000-8000-0000000000aa";

#[derive(QueryableByName)]
struct TenantTable {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Bool)]
    is_forced: bool,
    #[diesel(sql_type = BigInt)]
    policies: i64,
}

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = Text)]
    word: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

fn words(conn: &mut PgConnection, query: &str) -> Vec<String> {
    sql_query(query).load::<Word>(conn).unwrap().into_iter().map(|row| row.word).collect()
}

fn count(conn: &mut PgConnection, query: &str) -> i64 {
    sql_query(query).get_result::<Count>(conn).unwrap().count
}

fn tenant_tables(conn: &mut PgConnection) -> Vec<TenantTable> {
    let query = "
        SELECT c.relname::text AS name, c.relrowsecurity AND c.relforcerowsecurity AS is_forced,
            (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid AND pg_get_expr(p.polqual, p.polrelid) LIKE '%steward_org()%') AS policies
        FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
            AND (c.relname = 'orgs' OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'org_id' AND NOT a.attisdropped))
        ORDER BY c.relname";
    sql_query(query).load(conn).unwrap()
}

/// The statements that fill an organization with one row in each of its tables.
fn filled(org: &str, mark: &str) -> String {
    let id = |n: u32| format!("'0198c1f2-0000-7000-8000-{mark}{n:010}'");
    let (place, category, ticket, message, file, event) = (id(1), id(2), id(3), id(4), id(5), id(6));
    let now = "'2026-01-02T03:04:05Z'";
    format!(
        "INSERT INTO orgs VALUES ('{org}', 'Org {mark}', 'org-{mark}', true, {now}, {now}, 1);
         INSERT INTO org_counters VALUES ('{org}', 1, 1, 1, 1);
         INSERT INTO locations VALUES ('{org}', {place}, 'Place', NULL, true, {now}, {now}, 1);
         INSERT INTO roles VALUES ('{org}', 'owner', 'Owner', {now}, 1);
         INSERT INTO role_permissions VALUES ('{org}', 'owner', 'create_tickets');
         INSERT INTO memberships VALUES ('{org}', '{PERSON}', 'organization', true, {now}, {now}, 1);
         INSERT INTO membership_roles VALUES ('{org}', '{PERSON}', 'owner');
         INSERT INTO membership_locations VALUES ('{org}', '{PERSON}', {place});
         INSERT INTO events VALUES ('{org}', {event}, 1, 'ticket_created', 'ticket', {ticket}, '{PERSON}', 'public', {now}, 'r', '[]');
         INSERT INTO categories VALUES ('{org}', {category}, 'key', 'Name', NULL, false, true, {now}, {now}, 1);
         INSERT INTO tickets VALUES ('{org}', {ticket}, 1, 'Subject', 'Details', 1, 1, 'open', NULL, {place}, {category}, '{PERSON}', '{PERSON}',
            NULL, NULL, NULL, NULL, {now}, {now}, NULL, NULL, 1, 0);
         INSERT INTO messages VALUES ('{org}', {message}, {ticket}, '{PERSON}', 'public', 'Body', {now});
         INSERT INTO read_markers VALUES ('{org}', {ticket}, '{PERSON}', {now});
         INSERT INTO attachments VALUES ('{org}', {file}, '{PERSON}', 'a.txt', 'text/plain', 1, 'hash', 'key-{mark}', {ticket}, {message}, {now});
         INSERT INTO unattached_files VALUES ('{org}', {message}, '{PERSON}', 'pending-{mark}', 1, {now});
         INSERT INTO ticket_search (org_id, ticket_id, public_words, staff_words) VALUES ('{org}', {ticket}, ' printer ', ' secret ');
         INSERT INTO account_events VALUES ({event}, '{PERSON}', '{org}', 'account_locked', NULL, {now}, 'r', NULL, NULL, NULL, '[]');
         INSERT INTO mails VALUES ({message}, '{org}', '{PERSON}', 'a@b.example', 'new_reply', 'en', '{{}}', NULL, NULL, 'sent', 1, {now}, false, NULL, NULL, {now}, {now});
         INSERT INTO approvals VALUES ({message}, '{org}', 'remove_owner', '{PERSON}', '{{}}', 'Reason', '{PERSON}', {now}, {now}, NULL, NULL, NULL, 1);
         INSERT INTO approvers VALUES ('{org} change_owners {PERSON}', '{org}', 'change_owners', '{PERSON}', {now}, NULL, {now}, '[]', NULL, NULL, NULL, {now});
         INSERT INTO announcements VALUES ('{org} new', '{org}', false, {now}, NULL);
         INSERT INTO invitations VALUES ({file}, '{org}', 'a@b.example', NULL, '[]', '[]', ' ', 'en', {now}, {now}, NULL, NULL, '{{}}', '{PERSON}', 1, 'hash-{mark}',
            {now}, NULL, NULL, NULL, NULL, NULL, NULL, NULL, true, {now}, {now}, 1);
         INSERT INTO permission_requests VALUES ('{org}', {event}, '{PERSON}', 'owner', NULL, 'Why', {now}, NULL, NULL, NULL, NULL, NULL, NULL, 1);
         INSERT INTO membership_requests VALUES ('{org}', {event}, '{PERSON}', 'pending', NULL, {now}, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1);
         INSERT INTO mail_settings VALUES ('{org}', 'en', 'UTC', NULL, NULL, NULL, NULL, {now}, 1);
         INSERT INTO mail_templates VALUES ('{org}', 'new_reply', 'en', 'Subject', 'Text', false, {now}, 1);"
    )
}

/// Two organizations with equal contents and one person in both.
fn two_tenants() -> Option<(Postgres, PgConnection)> {
    let database = Postgres::create()?;
    Db::open(&database.url(), 1).unwrap().migrate().unwrap();
    let mut conn = PgConnection::establish(&database.url()).unwrap();
    let person = format!(
        "INSERT INTO users VALUES ('{PERSON}', 'a@b.example', 'A', 'en', NULL, 'active', '2026-01-02T03:04:05Z', '2026-01-02T03:04:05Z');"
    );
    conn.batch_execute(&(person + &filled(A, "0a") + &filled(B, "0b"))).unwrap();
    Some((database, conn))
}

/// Runs in a transaction like a request of nobody does, and rolls it back.
fn as_app<T>(conn: &mut PgConnection, org: &str, work: impl FnOnce(&mut PgConnection) -> T) -> T {
    as_person(conn, org, "", work)
}

/// The same for a request of a person.
#[expect(clippy::disallowed_methods, reason = "the transaction of a test's own connection")]
fn as_person<T>(
    conn: &mut PgConnection,
    org: &str,
    person: &str,
    work: impl FnOnce(&mut PgConnection) -> T,
) -> T {
    let mut done = None;
    let _ = conn.transaction::<(), diesel::result::Error, _>(|conn| {
        conn.batch_execute("SET LOCAL ROLE steward_app")?;
        if !org.is_empty() {
            conn.batch_execute(&format!("SET LOCAL app.org_id = '{org}'"))?;
        }
        if !person.is_empty() {
            conn.batch_execute(&format!("SET LOCAL app.user_id = '{person}'"))?;
        }
        done = Some(work(conn));
        Err(diesel::result::Error::RollbackTransaction)
    });
    done.unwrap()
}

#[test]
fn every_table_of_tenants_forces_row_security() {
    let Some((_database, mut conn)) = two_tenants() else { return };
    let tables = tenant_tables(&mut conn);
    assert!(tables.len() > 10, "too few tables were found: {}", tables.len());
    for table in &tables {
        assert!(table.is_forced, "{} does not force row security", table.name);
        assert!(table.policies > 0, "{} has no policy that names the organization", table.name);
        let rows = count(&mut conn, &format!("SELECT count(*) FROM {}", table.name));
        assert_eq!(rows, 2, "{}: this test puts one row of each tenant into it", table.name);
    }
}

#[test]
fn the_requests_role_owns_nothing_and_has_no_bypass() {
    let Some((_database, mut conn)) = two_tenants() else { return };
    let can_pass = "SELECT rolname::text AS word FROM pg_roles WHERE rolname IN ('steward_app', 'steward_search') AND (rolsuper OR rolbypassrls OR rolcanlogin OR rolcreaterole)";
    assert_eq!(words(&mut conn, can_pass), Vec::<String>::new());
    let owned = "SELECT relname::text AS word FROM pg_class WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = 'steward_app')";
    assert_eq!(words(&mut conn, owned), Vec::<String>::new());
    let may_create = "SELECT 'public' AS word WHERE has_schema_privilege('steward_app', 'public', 'CREATE') OR has_schema_privilege('steward_search', 'public', 'CREATE')";
    assert_eq!(words(&mut conn, may_create), Vec::<String>::new());
}

#[test]
fn one_tenant_sees_and_touches_no_row_of_another() {
    let Some((_database, mut conn)) = two_tenants() else { return };
    for table in tenant_tables(&mut conn) {
        let (name, key) = (&table.name, if table.name == "orgs" { "id" } else { "org_id" });
        let of = |org: &str| format!("SELECT count(*) FROM {name} WHERE {key} = '{org}'");
        as_app(&mut conn, A, |conn| {
            assert_eq!(count(conn, &of(A)), 1, "{name}: its own row");
            assert_eq!(count(conn, &of(B)), 0, "{name}: the other's row is visible");
            assert_eq!(count(conn, &format!("SELECT count(*) FROM {name}")), 1, "{name}");
        });
        as_app(&mut conn, "", |conn| {
            assert_eq!(
                count(conn, &format!("SELECT count(*) FROM {name}")),
                0,
                "{name}: visible without an organization"
            );
        });
        if ["events", "account_events"].contains(&name.as_str()) {
            continue;
        }
        // A person who belongs to both can read more of the other than nobody, and change as little.
        for person in ["", PERSON] {
            as_person(&mut conn, A, person, |conn| {
                let changed = sql_query(format!("UPDATE {name} SET {key} = {key} WHERE {key} = '{B}'"))
                    .execute(conn)
                    .unwrap();
                assert_eq!(changed, 0, "{name}: the other's row was changed by {person:?}");
            });
            as_person(&mut conn, A, person, |conn| {
                let removed =
                    sql_query(format!("DELETE FROM {name} WHERE {key} = '{B}'")).execute(conn).unwrap();
                assert_eq!(removed, 0, "{name}: the other's row was removed by {person:?}");
            });
        }
    }
}

#[test]
fn functions_with_other_rights_are_for_the_requests_role_alone() {
    let Some((_database, mut conn)) = two_tenants() else { return };
    let open = "SELECT p.proname::text AS word FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE p.prosecdef AND n.nspname NOT IN ('pg_catalog', 'information_schema')
            AND has_function_privilege('public', p.oid, 'EXECUTE')";
    assert_eq!(words(&mut conn, open), Vec::<String>::new());
}

#[test]
fn one_tenant_writes_no_row_into_another() {
    let Some((_database, mut conn)) = two_tenants() else { return };
    let refused = |conn: &mut PgConnection, statement: &str| {
        for person in ["", PERSON] {
            let written = as_person(conn, A, person, |conn| sql_query(statement.to_owned()).execute(conn));
            let error = written.unwrap_err().to_string();
            assert!(error.contains("row-level security"), "{statement}: {error}");
        }
    };
    let now = "'2026-01-02T03:04:05Z'";
    let id = "'0198c1f2-0000-7000-8000-0000000000ff'";
    refused(
        &mut conn,
        &format!("INSERT INTO locations VALUES ('{B}', {id}, 'X', NULL, true, {now}, {now}, 1)"),
    );
    refused(
        &mut conn,
        &format!("INSERT INTO categories VALUES ('{B}', {id}, 'x', 'X', NULL, false, true, {now}, {now}, 1)"),
    );
    refused(
        &mut conn,
        &format!(
            "INSERT INTO events VALUES ('{B}', {id}, 2, 'k', 'ticket', {id}, NULL, 'public', {now}, 'r', '[]')"
        ),
    );
    refused(&mut conn, &format!("UPDATE tickets SET org_id = '{B}', number = 99 WHERE org_id = '{A}'"));
    refused(&mut conn, &format!("INSERT INTO roles VALUES ('{B}', 'second', 'Second', {now}, 1)"));
    refused(&mut conn, &format!("INSERT INTO role_permissions VALUES ('{B}', 'owner', 'manage_roles')"));
    refused(&mut conn, &format!("INSERT INTO membership_roles VALUES ('{B}', '{PERSON}', 'second')"));
}

#[test]
fn a_reference_into_another_tenant_is_refused_even_to_the_owner_of_the_tables() {
    let Some((_database, mut conn)) = two_tenants() else { return };
    let foreign = "(SELECT id FROM {table} WHERE org_id = '{B}')";
    for (table, column) in
        [("locations", "location_id"), ("categories", "category_id"), ("tickets", "follow_up_of")]
    {
        let other = foreign.replace("{table}", table).replace("{B}", B);
        let statement = format!("UPDATE tickets SET {column} = {other} WHERE org_id = '{A}'");
        let error = sql_query(&statement).execute(&mut conn).unwrap_err().to_string();
        assert!(error.contains("foreign key"), "{statement}: {error}");
    }
}

#[test]
fn the_logs_can_only_grow() {
    let Some((_database, mut conn)) = two_tenants() else { return };
    for log in ["events", "account_events"] {
        let granted = format!(
            "SELECT privilege_type::text AS word FROM information_schema.role_table_grants
            WHERE grantee IN ('steward_app', 'steward_search', 'PUBLIC') AND table_name = '{log}' ORDER BY 1"
        );
        assert_eq!(words(&mut conn, &granted), ["INSERT", "SELECT"], "{log}");
        let columns = format!(
            "SELECT privilege_type::text AS word FROM information_schema.column_privileges
            WHERE grantee = 'steward_app' AND table_name = '{log}' AND privilege_type = 'UPDATE'"
        );
        assert_eq!(words(&mut conn, &columns), Vec::<String>::new(), "{log}");
        for statement in ["UPDATE * SET kind = 'other'", "DELETE FROM *", "TRUNCATE *"] {
            let statement = statement.replace('*', log);
            let error =
                as_app(&mut conn, A, |conn| sql_query(&statement).execute(conn)).unwrap_err().to_string();
            assert!(error.contains("permission denied"), "{statement}: {error}");
        }
    }
    // A history is deleted with its account, once that is being purged.
    let purge = format!("SELECT steward_purge_history('{PERSON}', 10) AS count");
    let gone = |conn: &mut PgConnection| {
        as_app(conn, A, |conn| {
            conn.batch_execute("SET LOCAL app.is_platform = 'on'").unwrap();
            count(conn, &purge)
        })
    };
    assert_eq!(gone(&mut conn), 0);
    conn.batch_execute("UPDATE users SET purge_started_at = '2026-01-02T03:04:05Z'").unwrap();
    for status in ["pending_confirmation", "active", "suspended", "deletion_scheduled"] {
        conn.batch_execute(&format!("UPDATE users SET status = '{status}'")).unwrap();
        assert_eq!(gone(&mut conn), 0, "{status}");
    }
    conn.batch_execute("UPDATE users SET status = 'deleted'").unwrap();
    assert_eq!(gone(&mut conn), 2);
}

#[test]
fn functions_with_other_rights_look_for_names_in_their_own_schema_and_in_temporary_ones_last() {
    let Some((_database, mut conn)) = two_tenants() else { return };
    let paths = words(
        &mut conn,
        "SELECT p.proname || ': ' || coalesce((SELECT c FROM unnest(p.proconfig) AS c WHERE c LIKE 'search\\_path=%'), 'none') AS word
         FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
         WHERE p.prosecdef AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1",
    );
    let names = ["steward_is_recorded", "steward_purge_history", "steward_search_candidates"];
    assert_eq!(paths, names.map(|name| format!("{name}: search_path=public, pg_temp")));
}

#[test]
fn the_search_function_stays_within_the_organization() {
    let Some((_database, mut conn)) = two_tenants() else { return };
    let found = |conn: &mut PgConnection, query: &str| {
        words(
            conn,
            &format!("SELECT found_id::text AS word FROM steward_search_candidates('{query}', true, 10)"),
        )
    };
    let own = as_app(&mut conn, A, |conn| words(conn, "SELECT id::text AS word FROM tickets"));
    assert_eq!(as_app(&mut conn, A, |conn| found(conn, " & ''printer''")), own);
    assert_eq!(
        as_app(&mut conn, A, |conn| found(conn, &format!(" | ''o:{B}''"))),
        own,
        "another organization's mark in the query"
    );
    let nothing = as_app(&mut conn, "", |conn| {
        sql_query("SELECT found_id::text AS word FROM steward_search_candidates(' & ''printer''', true, 10)")
            .load::<Word>(conn)
            .map_or(0, |rows| rows.len())
    });
    assert_eq!(nothing, 0, "found without an organization");
}
