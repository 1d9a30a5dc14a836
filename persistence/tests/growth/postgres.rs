//! PostgreSQL's statistics of its own work: rows read by scans and by indexes, and blocks.

use std::thread::sleep;
use std::time::Duration;

use diesel::sql_types::BigInt;
use diesel::{PgConnection, QueryableByName, RunQueryDsl, sql_query};

use super::Cost;

#[derive(QueryableByName)]
struct Counters {
    #[diesel(sql_type = BigInt)]
    rows: i64,
    #[diesel(sql_type = BigInt)]
    pages: i64,
    #[diesel(sql_type = BigInt)]
    others: i64,
}

const COUNTERS: &str = "SELECT
    (SELECT coalesce(sum(seq_tup_read), 0) FROM pg_stat_user_tables)::bigint
        + (SELECT coalesce(sum(idx_tup_read), 0) FROM pg_stat_user_indexes)::bigint AS rows,
    (SELECT coalesce(sum(coalesce(heap_blks_read, 0) + coalesce(heap_blks_hit, 0) + coalesce(idx_blks_read, 0) + coalesce(idx_blks_hit, 0)), 0)
        FROM pg_statio_user_tables)::bigint AS pages,
    (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
        AND backend_type = 'client backend')::bigint AS others";

/// Prevents automatic vacuuming, whose reads are counted like any other work.
pub(crate) const NO_AUTOVACUUM: &str = "DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('ALTER TABLE %I SET (autovacuum_enabled = off)', name);
    END LOOP;
END $$";

/// The counts so far, once no other connection is left: a connection reports the last of its work when it
/// ends.
pub(crate) fn counted(conn: &mut PgConnection) -> Cost {
    loop {
        let found: Counters = sql_query(COUNTERS).get_result(conn).unwrap();
        if found.others == 0 {
            let found: Counters = sql_query(COUNTERS).get_result(conn).unwrap();
            return Cost { rows: found.rows, pages: found.pages };
        }
        sleep(Duration::from_millis(2));
    }
}
