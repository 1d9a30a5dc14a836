//! Lists that read a bounded number of rows: a page may be short, even empty, and the list still continues
//! (L2).

use serde_json::Value;

use super::helpers::*;
use crate::harness::{Org, OwnServer};

/// More than two requests read.
const TICKETS: usize = 12_000;
const MOST_LOOKED_AT: usize = 5_000;
/// One in this many has low priority.
const RARE: usize = 3_000;

/// A server with an organization that has this many tickets, copies of one.
fn filled() -> (OwnServer, Org) {
    let server = OwnServer::start(&[]);
    let org = Org::on(server.platform_owner());
    org.ticket(&org.rbt);
    let (id, at, numbers) = match server.database_url() {
        Some(_) => (
            "gen_random_uuid()",
            "t.created_at - n * interval '1 second'",
            format!("generate_series(2, {TICKETS}) AS c (n)"),
        ),
        None => (
            "randomblob(16)",
            "strftime('%Y-%m-%dT%H:%M:%S.000000Z', t.created_at, '-' || n || ' seconds')",
            format!(
                "(WITH RECURSIVE c (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM c WHERE n < {TICKETS}) SELECT n FROM c)"
            ),
        ),
    };
    server.sql(&format!(
        "INSERT INTO tickets (org_id, id, number, subject, details, urgency, priority, status, location_id, category_id,
            requester_id, created_by, created_at, updated_at, version, unread_reply_count)
         SELECT t.org_id, {id}, n, t.subject, t.details, t.urgency, CASE n % {RARE} WHEN 0 THEN 1 ELSE 4 END, t.status,
            t.location_id, t.category_id, t.requester_id, t.created_by, {at}, {at}, 1, 0
         FROM (SELECT * FROM tickets WHERE number = 1) AS t CROSS JOIN {numbers}"
    ));
    (server, org)
}

/// All pages of a list, from first to last.
fn pages(org: &Org, query: &str) -> Vec<Value> {
    let path = org.path(&format!("/tickets?{query}"));
    let (mut all, mut next) = (Vec::new(), path.clone());
    loop {
        let page = org.manager.client.get(&next).expect(200);
        let cursor = page["next_cursor"].as_str().map(str::to_owned);
        all.push(page);
        assert!(all.len() < 200, "{query} does not end");
        match cursor {
            Some(cursor) => next = format!("{path}&cursor={cursor}"),
            None => return all,
        }
    }
}

fn rows(page: &Value) -> usize {
    page["data"].as_array().unwrap().len()
}

#[test]
fn l02_a_list_that_scans_many_tickets_ends_with_null_and_misses_none() {
    let (server, org) = filled();
    let expected = server.sql("SELECT number FROM tickets WHERE priority = 1 ORDER BY updated_at DESC");
    let expected: Vec<i64> = expected.lines().map(|number| number.parse().unwrap()).collect();
    assert_eq!(expected.len(), TICKETS / RARE);

    // No index has the tickets of a priority in the order of their changes.
    let none = pages(&org, "priority=high&sort=-updated_at");
    assert!(none.iter().all(|page| rows(page) == 0));
    assert_eq!(none.len(), TICKETS.div_ceil(MOST_LOOKED_AT), "each request looks at a bounded number");

    for (limit, sort) in [(25, "-updated_at"), (25, "updated_at"), (1, "-updated_at"), (2, "created_at")] {
        let found = pages(&org, &format!("priority=low&sort={sort}&limit={limit}"));
        let is_short = |page: &Value| rows(page) < limit && page["next_cursor"].is_string();
        assert!(limit < 25 || found.iter().any(is_short), "{sort}");
        let mut numbers: Vec<i64> = found
            .iter()
            .flat_map(|page| page["data"].as_array().unwrap())
            .map(|ticket| ticket["number"].as_i64().unwrap())
            .collect();
        if !sort.starts_with('-') {
            numbers.reverse();
        }
        assert_eq!(numbers, expected, "{sort}, {limit} on a page");
    }

    // With an index for this order, pages are full.
    let open = pages(&org, "status=open&sort=-created_at&limit=100");
    assert_eq!(open.len(), TICKETS / 100);
    assert!(open.iter().all(|page| rows(page) == 100));
    let nobodys = pages(&org, &format!("assignee_id={}&sort=-updated_at", nobody()));
    assert_eq!(nobodys.len(), 1);
}

#[test]
fn l06_an_incomplete_count_says_so() {
    let (_server, org) = filled();
    let total = |query: &str| {
        let path = org.path(&format!("/tickets?include_total=true&limit=1&{query}"));
        org.manager.client.get(&path).expect(200)["total"].clone()
    };
    assert_eq!(total("status=open"), serde_json::json!({ "count": 10_000, "is_exact": false }));
    let low = total("priority=low");
    assert!(low["count"].as_u64().unwrap() >= 3, "{low}");
    assert_eq!(low["is_exact"], false, "the oldest were not looked at");
    assert_eq!(total("number=6000"), serde_json::json!({ "count": 1, "is_exact": true }));
    assert_eq!(total(&format!("assignee_id={}", nobody()))["is_exact"], true);
}

#[test]
fn people_are_found_far_behind_the_first_page() {
    let server = OwnServer::start(&[]);
    let org = Org::on(server.platform_owner());
    let (id, numbers) = match server.database_url() {
        Some(_) => ("gen_random_uuid()", format!("generate_series(1, {TICKETS}) AS c (n)")),
        None => (
            "randomblob(16)",
            format!(
                "(WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {TICKETS}) SELECT n FROM c)"
            ),
        ),
    };
    server.sql(&format!(
        "INSERT INTO users (id, email, name, locale, status, created_at, updated_at, time_zone, version)
         SELECT {id}, 'crowd' || n || '@else.example', 'Crowd', 'en', 'active', u.created_at, u.updated_at, 'UTC', 1
         FROM (SELECT * FROM users WHERE email = '{}') AS u CROSS JOIN {numbers}",
        org.owner.email
    ));
    let client = &server.platform_owner().client;
    let found = walk_ids(client, &format!("/users?q={}&sort=-email", org.rbt.email));
    assert_eq!(found, std::slice::from_ref(&org.rbt.id));
    let first = client.get(&format!("/users?q={}&sort=email", org.rbt.email)).expect(200);
    assert_eq!((rows(&first), first["next_cursor"].is_string()), (0, true), "5,000 come before");
    for filter in
        [format!("email={}", org.rbt.email), format!("org_id={}", org.id), "status=suspended".into()]
    {
        let page = client.get(&format!("/users?{filter}&sort=email&limit=100")).expect(200);
        assert_eq!(page["next_cursor"], Value::Null, "{filter}: by an index");
    }
}
