//! A snapshot of an organization's data, so that a test can assert that nothing was saved.

use serde_json::{Map, Value, json};

use crate::harness::{Client, Org};

/// All that can be read of an organization. Two snapshots are equal if nothing changed between them.
pub(crate) fn snapshot(org: &Org) -> Value {
    let client = &org.owner.client;
    let mut all = Map::new();
    all.insert("org".to_owned(), client.get(&org.path("")).expect(200));
    for list in ["members", "locations", "categories", "roles"] {
        all.insert(list.to_owned(), rows(client, &org.path(&format!("/{list}"))));
    }
    let tickets = rows(client, &org.path("/tickets"));
    let with_threads = tickets.as_array().unwrap().iter().map(|ticket| {
        let path = org.path(&format!("/tickets/{}", ticket["id"].as_str().unwrap()));
        json!({
            "ticket": client.get(&path).expect(200),
            "messages": rows(client, &format!("{path}/messages")),
            "events": rows(client, &format!("{path}/events")),
        })
    });
    all.insert("tickets".to_owned(), with_threads.collect());
    Value::Object(all)
}

/// All rows of a list, page by page.
pub(crate) fn rows(client: &Client, path: &str) -> Value {
    let mark = if path.contains('?') { '&' } else { '?' };
    let mut rows = Vec::new();
    let mut page = client.get(&format!("{path}{mark}limit=100")).expect(200);
    loop {
        rows.extend(page["data"].as_array().unwrap().iter().cloned());
        let Some(cursor) = page["next_cursor"].as_str() else { return Value::Array(rows) };
        page = client.get(&format!("{path}{mark}limit=100&cursor={cursor}")).expect(200);
    }
}

/// Whether a problem reports one of these codes at this place in the body, the query, the path or a header.
pub(crate) fn reports_fault(problem: &Value, place: &str, codes: &[&str]) -> bool {
    let faults = problem["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
    let is_there =
        |fault: &Value| ["pointer", "parameter", "header"].iter().any(|kind| fault[*kind] == place);
    faults.iter().any(|fault| is_there(fault) && codes.iter().any(|code| fault["code"] == *code))
}
