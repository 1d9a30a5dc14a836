//! The program with a database login that may do nothing but own its database.

use serde_json::json;

use crate::harness::{Org, OwnServer, is_postgres};

/// The script by which docker-compose.yml prepares the database.
fn script() -> String {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let text = std::fs::read_to_string(format!("{root}/docker-compose.yml")).unwrap();
    let document: serde_json::Value = yaml_serde::from_str(&text).unwrap();
    let service = &document["services"]["postgres"]["configs"][0];
    assert!(service["target"].as_str().unwrap().starts_with("/docker-entrypoint-initdb.d/"), "{service}");
    let file = document["configs"][service["source"].as_str().unwrap()]["file"].as_str().unwrap();
    std::fs::read_to_string(format!("{root}/{file}")).unwrap()
}

#[test]
fn the_program_migrates_and_serves_without_being_superuser() {
    let script = script();
    assert!(script.contains("NOSUPERUSER"), "{script}");
    // SQLite has no logins; only the assertions above apply to it.
    if !is_postgres() {
        return;
    }
    let server = OwnServer::start_prepared_by(&script);
    let powers = "SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolbypassrls OR rolreplication FROM pg_roles WHERE rolname = current_user";
    assert_eq!(server.sql(powers), "f");
    let org = Org::on(server.platform_owner());
    let other = Org::on(server.platform_owner());
    let ticket = org.ticket_with(&org.rbt, json!({ "subject": "The heater hums" })).expect(201);
    let found = org.manager.client.get(&org.path("/tickets?q=heater")).expect(200);
    assert_eq!(found["data"][0]["id"], ticket["id"]);
    let found = other.manager.client.get(&other.path("/tickets?q=heater")).expect(200);
    assert_eq!(found["data"], json!([]));
    // Row security also applies to the owner of the tables.
    assert_eq!(server.sql("SELECT count(*) FROM tickets"), "0");
}
