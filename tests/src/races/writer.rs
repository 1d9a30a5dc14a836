//! The accumulated data of one organization slows down neither itself nor others.

use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::{Org, OwnServer, is_postgres, unique};

const PAST: usize = 12_000;
const BATCH: usize = 100;
/// How often a batch is made in each organization when its time is measured; the cheapest is used.
const TRIES: usize = 3;

/// Gives an organization with exactly one invitation this many copies that were declined long ago.
fn add_past_invitations(server: &OwnServer, org: &Org) {
    let body = json!({ "email": "first@past.example", "roles": ["rbt"] });
    org.owner.client.post(&org.path("/invitations"), body).expect(201);
    let (id, numbers, of_org) = if is_postgres() {
        let of_org = format!("org_id = '{}'", org.id);
        ("gen_random_uuid()", format!("generate_series(1, {PAST}) AS numbers (n)"), of_org)
    } else {
        let numbers = format!(
            "(WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {PAST}) SELECT n FROM s) AS numbers"
        );
        ("randomblob(16)", numbers, format!("org_id = x'{}'", org.id.replace('-', "")))
    };
    server.sql(&format!(
        "INSERT INTO invitations (id, org_id, email, roles, location_ids, offered, locale, valid_from, valid_until, extra, \
         inviter_id, generation, code_hash, last_sent_at, decision, decided_at, is_open, created_at, updated_at, version) \
         SELECT {id}, org_id, 'past-' || n || '@past.example', roles, location_ids, offered, locale, valid_from, \
         valid_until, extra, inviter_id, generation, 'past-' || n, last_sent_at, 'declined', created_at, false, created_at, \
         updated_at, 2 FROM invitations, {numbers} WHERE {of_org}"
    ));
    if is_postgres() {
        // History grows slowly, and the server analyzes a table within minutes. Plans that were made for the few rows before
        // would otherwise remain.
        server.sql("ANALYZE invitations");
    }
}

fn invite(org: &Org) -> Value {
    let emails: Vec<String> = (0..BATCH).map(|_| format!("{}@batch.example", unique("guest"))).collect();
    let body = json!({ "emails": emails, "roles": ["rbt"] });
    let done = org.owner.client.post(&org.path("/invitation-batches"), body).expect(200);
    assert!(done["results"].as_array().unwrap().iter().all(|row| row["status"] == "created"), "{done}");
    done
}

/// The cost of a batch: CPU seconds on SQLite, invitation rows read on PostgreSQL.
fn cost(server: &OwnServer, org: &Org) -> f64 {
    let spent = || match is_postgres() {
        false => server.cpu_seconds(),
        true => {
            let rows = "SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_user_tables WHERE relname = 'invitations'";
            server.sql(rows).parse().expect("a count")
        }
    };
    // The mails of one batch are not counted with the next; PostgreSQL counts a second late.
    let rest = || {
        server.wait_until_mail_is_idle();
        if is_postgres() {
            sleep(Duration::from_millis(2_500));
        }
    };
    rest();
    let before = spent();
    invite(org);
    if is_postgres() {
        rest();
    }
    spent() - before
}

#[test]
fn a_batch_takes_as_long_with_past_invitations_and_delays_no_other_writer() {
    let server = OwnServer::start(&[]);
    let old = Org::on(server.platform_owner());
    let new = Org::on(server.platform_owner());
    add_past_invitations(&server, &old);
    let tries = if is_postgres() { 1 } else { TRIES };
    let least = |org: &Org| (0..tries).map(|_| cost(&server, org)).fold(f64::INFINITY, f64::min);
    let (without, with) = (least(&new), least(&old));
    println!("a batch costs {without:.2} without history and {with:.2} with {PAST} past invitations");
    assert!(
        with < without * 2.0 + 0.05,
        "it costs {with:.2} with {PAST} past ones, and {without:.2} without"
    );

    // A concurrent write by another person.
    let longest = scope(|threads| {
        let batches = threads.spawn(|| (0..3).for_each(|_| drop(invite(&old))));
        let mut longest = Duration::ZERO;
        while !batches.is_finished() {
            let begun = Instant::now();
            new.ticket(&new.rbt);
            longest = longest.max(begun.elapsed());
        }
        longest
    });
    println!("somebody else's write took {longest:?} at most");
    assert!(longest < Duration::from_secs(2), "somebody else's write took {longest:?}");
}

#[test]
fn a_new_name_of_somebody_with_many_requests_delays_no_other_writer() {
    const REQUESTS: usize = 60;
    let server = OwnServer::start(&[]);
    let org = Org::on(server.platform_owner());
    let mine: Vec<String> =
        (0..REQUESTS).map(|_| org.ticket(&org.rbt)["id"].as_str().unwrap().to_owned()).collect();
    let found = |name: &str| {
        let page = org.manager.client.get(&org.path(&format!("/tickets?limit=100&q={name}"))).expect(200);
        page["data"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|ticket| mine.iter().any(|id| ticket["id"] == **id))
            .count()
    };
    record_indexing(&server);
    org.rbt.client.patch("/me", json!({ "name": "Zebulon Rbt" })).expect(200);
    let begun = Instant::now();
    while found("zebulon") < REQUESTS {
        assert!(begun.elapsed() < Duration::from_secs(20), "only {} are found", found("zebulon"));
        sleep(Duration::from_millis(50));
    }
    let noted = server.sql("SELECT what FROM noted ORDER BY n");
    let noted: Vec<&str> = noted.lines().collect();
    let longest = noted.split(|what| *what == "taken").map(<[&str]>::len).max();
    assert!(longest <= Some(25), "{longest:?} were indexed in one transaction");
    assert_eq!(noted.iter().filter(|what| **what == "indexed").count(), REQUESTS, "each once: {noted:?}");
}

/// Records which request was indexed, and between them where a transaction of the job began.
fn record_indexing(server: &OwnServer) {
    let on = [("indexed", "UPDATE ON ticket_search"), ("taken", "DELETE ON account_requests")];
    if is_postgres() {
        server.sql("CREATE TABLE noted (n bigserial PRIMARY KEY, what text NOT NULL)");
        server.sql(
            "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS \
             $f$ BEGIN INSERT INTO noted (what) VALUES (TG_ARGV[0]); RETURN NULL; END $f$",
        );
    } else {
        server.sql("CREATE TABLE noted (n integer PRIMARY KEY AUTOINCREMENT, what text NOT NULL)");
    }
    for (what, event) in on {
        let act = match is_postgres() {
            true => format!("FOR EACH ROW EXECUTE FUNCTION note('{what}')"),
            false => format!("BEGIN INSERT INTO noted (what) VALUES ('{what}'); END"),
        };
        server.sql(&format!("CREATE TRIGGER note_{what} AFTER {event} {act}"));
    }
}
