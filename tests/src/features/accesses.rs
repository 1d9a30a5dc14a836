//! Access records: who accessed whose data, and for what purpose: S001-25, S001-45.

use serde_json::{Value, json};

use super::helpers::*;
use crate::harness::{Org, Person, platform_owner};

fn in_org(org: &Org, person: &Person, rest: &str) -> String {
    org.path(&format!("/members/{}{rest}", person.id))
}

#[test]
fn s001_45_everybody_sees_who_accessed_their_data() {
    let org = Org::new();
    let mine = || org.rbt.client.get("/me/accesses").expect(200);
    assert_eq!(mine()["data"], json!([]));
    let manager = &org.manager.client;
    manager.get(&in_org(&org, &org.rbt, "/activity?purpose=Call%20back")).expect(200);
    manager.get(&in_org(&org, &org.rbt, "/login-diagnosis")).expect(200);
    manager.get(&in_org(&org, &org.rbt, "")).expect(200);
    platform_owner().client.get(&format!("/users/{}/profile?purpose=Audit", org.rbt.id)).expect(200);
    platform_owner().client.get(&format!("/users/{}", org.rbt.id)).expect(200);
    let (platform, manager) = (platform_owner().id.as_str(), org.manager.id.as_str());
    assert_eq!(column(&mine(), "actor_id"), [platform, platform, manager, manager, manager]);
    let parts =
        ["account", "personal,contact,memberships,log_ins,content", "account", "login_diagnosis", "activity"];
    assert_eq!(parts_read(&mine()), parts);
    let account = "Managing the account.";
    let purposes = [account, "Audit", account, "Diagnosing a failed log-in.", "Call back"];
    assert_eq!(column(&mine(), "reason"), purposes);
    let accesses = in_org(&org, &org.rbt, "/accesses?purpose=Complaint");
    let seen = org.owner.client.get(&accesses).expect(200);
    assert_eq!(parts_read(&seen)[1..], parts, "an account that is its alone, and this reading");
    org.manager.client.get(&accesses).refused(403, "forbidden");
    org.owner.client.get(&in_org(&org, &org.rbt, "/accesses")).refused(422, "validation_failed");
    assert_eq!(org.rbt2.client.get("/me/accesses").expect(200)["data"], json!([]));
}

#[test]
fn s001_45_being_shown_in_a_list_is_recorded_once_a_day() {
    let org = Org::new();
    let list = org.path("/members?limit=1&q=rob");
    for _ in 0..3 {
        org.manager.client.get(&list).expect(200);
    }
    org.owner.client.get(&list).expect(200);
    let mine = org.rbt.client.get("/me/accesses").expect(200);
    assert_eq!(column(&mine, "actor_id"), [org.owner.id.as_str(), &org.manager.id]);
    assert_eq!(parts_read(&mine), ["directory", "directory"]);
    let other = org.rbt2.client.get("/me/accesses").expect(200);
    assert_eq!(other["data"], json!([]), "a page of one shows one");
}

/// The parts of a person's data that each reader accessed.
fn parts_read(accesses: &Value) -> Vec<String> {
    let events = accesses["data"].as_array().unwrap().iter();
    events.map(|event| event["changes"][0]["to"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn s001_25_each_access_is_recorded_with_the_stated_purpose() {
    let org = Org::new();
    let (id, q) = (&org.rbt.id, &org.rbt.email);
    let in_org = |rest: &str| (org.manager.client.clone(), in_org(&org, &org.rbt, rest));
    let anywhere = |rest: &str| (platform_owner().client.clone(), format!("/users/{id}{rest}"));
    let looks = [
        in_org(""),
        in_org("/permissions"),
        in_org("/login-diagnosis"),
        in_org("/data-diagnosis"),
        (org.manager.client.clone(), org.path("/members")),
        anywhere(""),
        anywhere("/permissions"),
        anywhere("/login-diagnosis"),
        anywhere("/data-diagnosis"),
        (platform_owner().client.clone(), "/users".to_owned()),
    ];
    for (n, (client, path)) in looks.iter().enumerate() {
        let purpose = format!("Looked {n} times");
        let search =
            if path.ends_with("s") && !path.contains(id) { format!("&q={q}") } else { String::new() };
        let ask = |purpose: &str| client.get(&format!("{path}?purpose={purpose}{search}"));
        ask(&purpose.replace(' ', "%20")).expect(200);
        ask("").refused(422, "validation_failed");
        let latest = org.rbt.client.get("/me/accesses?limit=1").expect(200);
        assert_eq!(column(&latest, "reason"), [purpose], "{path}");
    }
}

#[test]
fn s001_25_another_purpose_is_another_access() {
    let org = Org::new();
    let look = |purpose: &str| {
        org.manager.client.get(&in_org(&org, &org.rbt, &format!("?purpose={purpose}"))).expect(200);
    };
    ["Billing", "Billing", "Call", "Billing"].into_iter().for_each(look);
    let mine = org.rbt.client.get("/me/accesses").expect(200);
    assert_eq!(column(&mine, "reason"), ["Call", "Billing"]);
}
