//! `/readyz` reports failures soon and cheaply, and `/healthz` keeps reporting that the process is alive.

use std::process::Command;
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::{Client, Org, OwnServer, is_postgres};

const TIMEOUT: Duration = Duration::from_secs(20);

/// The database checks, as `/readyz` reports them.
fn checks(client: &Client) -> (u16, Value) {
    let reply = client.get("!/readyz");
    let status = reply.status;
    if status == 503 {
        assert_eq!((reply.code(), reply.header("Retry-After").as_deref()), ("unavailable", Some("1")));
    }
    (status, reply.body["checks"].clone())
}

/// Waits until the readiness is this.
fn becomes(client: &Client, status: u16, expected: &Value) {
    let begun = Instant::now();
    while checks(client) != (status, expected.clone()) {
        assert!(begun.elapsed() < TIMEOUT, "it is {:?}, not {status} {expected}", checks(client));
        sleep(Duration::from_millis(100));
    }
}

/// Makes every write to the database fail, or succeed again.
fn break_writes(server: &OwnServer, is_broken: bool) {
    if is_postgres() {
        let (verb, to) = if is_broken { ("REVOKE", "FROM") } else { ("GRANT", "TO") };
        server.sql(&format!("{verb} INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public {to} steward_app"));
    } else {
        server.fill_disk(is_broken);
    }
}

#[test]
fn a_server_that_can_not_write_is_never_ready_and_comes_back_by_itself() {
    let server = OwnServer::start(&[]);
    let org = Org::on(server.platform_owner());
    let nobody = server.client();
    let all = json!({ "reads": "ok", "writes": "ok" });
    assert_eq!(checks(&nobody), (200, all.clone()));
    break_writes(&server, true);
    becomes(&nobody, 503, &json!({ "reads": "ok", "writes": "failing" }));
    let refused = org.ticket_with(&org.rbt, json!({}));
    assert!([500, 503].contains(&refused.status), "nothing can be stored: {refused}");
    for _ in 0..15 {
        assert_eq!(checks(&nobody).0, 503, "while every write fails");
        nobody.get("!/healthz").expect(200);
        sleep(Duration::from_millis(100));
    }
    org.rbt.client.get(&org.path("/tickets")).expect(200);
    break_writes(&server, false);
    becomes(&nobody, 200, &all);
    org.ticket(&org.rbt);
}

#[test]
fn a_failed_write_and_an_absent_database_are_reported_at_once() {
    if is_postgres() {
        return an_absent_database();
    }
    let server = OwnServer::start(&[]);
    let org = Org::on(server.platform_owner());
    assert_eq!(checks(&server.client()).0, 200);
    server.fill_disk(true);
    org.ticket_with(&org.rbt, json!({})).refused(503, "unavailable");
    assert_eq!(checks(&server.client()).0, 503, "though the last try is less than a second old");
}

/// On PostgreSQL: an absent database can be neither read nor written.
fn an_absent_database() {
    let server = OwnServer::start(&[]);
    let url = server.database_url().expect("PostgreSQL");
    let name = url.rsplit('/').next().and_then(|rest| rest.split('?').next()).expect("a name").to_owned();
    let admin = |allow: bool| {
        let maintenance = std::env::var("STEWARD_TEST_POSTGRES_URL").expect("where PostgreSQL is");
        let order = format!(
            "ALTER DATABASE {name} WITH ALLOW_CONNECTIONS {allow}; \
             SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        );
        let done = Command::new(crate::harness::psql())
            .args(["--no-psqlrc", "--quiet", &maintenance, "--command", &order])
            .output();
        assert!(done.expect("psql starts").status.success());
    };
    let nobody = server.client();
    assert_eq!(checks(&nobody).0, 200);
    admin(false);
    becomes(&nobody, 503, &json!({ "reads": "failing", "writes": "failing" }));
    nobody.get("!/healthz").expect(200);
    admin(true);
    becomes(&nobody, 200, &json!({ "reads": "ok", "writes": "ok" }));
}

#[test]
fn a_database_that_hangs_delays_no_answer() {
    let server = OwnServer::start(&[]);
    let nobody = server.client();
    assert_eq!(checks(&nobody).0, 200);
    sleep(Duration::from_millis(1_100));
    scope(|threads| {
        let locks = if is_postgres() {
            "BEGIN; LOCK TABLE account_requests IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(4); COMMIT"
        } else {
            "BEGIN IMMEDIATE"
        };
        threads.spawn(|| server.hold(locks, Duration::from_secs(4)));
        sleep(Duration::from_millis(1_200));
        for _ in 0..3 {
            let begun = Instant::now();
            let (status, checks) = checks(&nobody);
            assert_eq!((status, &checks["reads"], &checks["writes"]), (503, &json!("ok"), &json!("failing")));
            assert!(begun.elapsed() < Duration::from_secs(2), "it took {:?}", begun.elapsed());
            nobody.get("!/healthz").expect(200);
        }
    });
    becomes(&nobody, 200, &json!({ "reads": "ok", "writes": "ok" }));
}

#[test]
fn a_flood_of_probes_causes_no_flood_of_writes() {
    let server = OwnServer::start(&[]);
    let nobody = server.client();
    checks(&nobody);
    let (begun, before) = (Instant::now(), server.statements_sent());
    let asked = 400;
    for _ in 0..asked {
        assert_eq!(checks(&nobody).0, 200);
    }
    // One try of reads and one of writes per second, and what the jobs send meanwhile.
    let bound = 40 * (begun.elapsed().as_secs() + 2);
    let sent = server.statements_sent() - before;
    assert!(sent < bound, "{sent} statements for {asked} questions in {:?}", begun.elapsed());
}
