//! Members who look for a request in the wrong organization are referred to the right one: S003-8.

use serde_json::{Value, json};

use super::helpers::*;
use crate::harness::{Org, Person, World, platform_owner};

/// The platform's diagnosis of a person: the verdict, and the row of an organization.
fn found(person: &Person, org: &Org) -> (Value, Value) {
    let path = format!("/users/{}/data-diagnosis", person.id);
    let seen = platform_owner().client.get(&path).expect(200);
    let rows = seen["organizations"].as_array().unwrap();
    let row = rows.iter().find(|row| row["org_id"] == json!(org.id)).unwrap();
    (seen["verdict"].clone(), row.clone())
}

/// The fix of each check, in order.
fn fixes(row: &Value) -> Vec<Value> {
    row["checks"].as_array().unwrap().iter().map(|check| check["fix"].clone()).collect()
}

/// Two organizations, and a member of the first who is also a member of the other.
fn in_both() -> (World, Person) {
    let world = World::new();
    let person = world.a.rbt.clone();
    let body = json!({"email": person.email, "name": "Rob Rbt", "roles": ["rbt"], "location_ids": [world.b.downtown]});
    world.b.owner.client.post(&world.b.path("/members"), body).expect(201);
    (world, person)
}

#[test]
fn s003_8_the_diagnosis_names_the_other_organization_of_a_request() {
    let (World { a, b }, person) = in_both();
    assert_eq!(found(&person, &a).0, "no_data", "nothing was filed anywhere");
    b.ticket(&person);
    let (verdict, here) = found(&person, &a);
    assert_eq!((&verdict, &here["verdict"]), (&json!("data_elsewhere"), &json!("data_elsewhere")));
    assert_eq!(fixes(&here), [Value::Null, Value::Null, json!("look_elsewhere")]);
    let passed: Vec<&Value> =
        here["checks"].as_array().unwrap().iter().map(|check| &check["is_passed"]).collect();
    assert_eq!(passed, [&json!(true), &json!(true), &json!(false)]);
    assert_eq!((&here["own_tickets"], &here["tickets"]["visible"]), (&json!(0), &json!(0)));
    let (_, there) = found(&person, &b);
    assert_eq!((&there["verdict"], &there["own_tickets"]), (&json!("healthy"), &json!(1)));
    assert_eq!(fixes(&there), vec![Value::Null; 3]);
    a.ticket(&person);
    assert_eq!(found(&person, &a).1["verdict"], "healthy", "there is something here as well");
}

#[test]
fn s003_8_the_organizations_diagnosis_names_no_other() {
    let (World { a, b }, person) = in_both();
    b.ticket(&person);
    let path = a.path(&format!("/members/{}/data-diagnosis", person.id));
    let seen = a.manager.client.get(&path).expect(200);
    assert_eq!(column(&json!({"data": seen["organizations"]}), "org_id"), [a.id.as_str()]);
    let here = &seen["organizations"][0];
    assert_eq!((&here["verdict"], &fixes(here)[2]), (&json!("no_data"), &json!("file_request")));
    assert!(!seen.to_string().contains(&b.id), "{seen}");
}
