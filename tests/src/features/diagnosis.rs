//! Diagnosis by staff: S000-7, S000-10, S001-1, S001-25, S001-26, S001-54, S003-8, S003-23, S003-24, S003-28.

use serde_json::{Value, json};

use super::helpers::*;
use crate::harness::{Client, Org, OwnServer, PASSWORD, Person, platform_owner, server};

fn in_org(org: &Org, person: &Person, rest: &str) -> String {
    org.path(&format!("/members/{}{rest}", person.id))
}

/// The fix of each row, in order.
fn fixes(diagnosis: &Value) -> Vec<Value> {
    diagnosis["checks"].as_array().unwrap().iter().map(|check| check["fix"].clone()).collect()
}

fn checks(diagnosis: &Value) -> Vec<String> {
    diagnosis["checks"].as_array().unwrap().iter().map(|check| text(check, "check")).collect()
}

#[test]
fn s003_23_the_log_in_table_names_each_cause_and_its_fix() {
    let org = Org::new();
    let path = in_org(&org, &org.rbt, "/login-diagnosis");
    let diagnose = || org.manager.client.get(&path).expect(200);
    let well = diagnose();
    assert_eq!(
        checks(&well),
        [
            "account_exists",
            "account_active",
            "organization_active",
            "password_correct",
            "second_factor_correct",
            "session_alive"
        ]
    );
    assert_eq!(fixes(&well), vec![Value::Null; 6]);
    let wrong = json!({"email": org.rbt.email, "password": "not-the-password-1"});
    Client::anonymous().post("/sessions", wrong).refused(401, "invalid_credentials");
    for _ in 0..50 {
        if fixes(&diagnose())[3] != Value::Null {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    let seen = diagnose();
    assert_eq!(fixes(&seen)[3], "reset_password");
    assert_eq!(seen["last_failure_cause"], "wrong_password");
    org.rbt.client.logged_in(&org.rbt.email, PASSWORD);
    assert_eq!(fixes(&diagnose())[3], Value::Null, "whoever got in after it knows the password");
    let suspend = json!({"reason": "Spam."});
    platform_owner().client.post(&format!("/users/{}/suspend", org.rbt.id), suspend).expect(200);
    let shut = diagnose();
    assert_eq!((&fixes(&shut)[1], &fixes(&shut)[5]), (&json!("reactivate_account"), &json!("log_in_again")));
    assert_eq!(shut["status"], "suspended");
    org.suspend(&org.bcba);
    let member = org.manager.client.get(&in_org(&org, &org.bcba, "/login-diagnosis")).expect(200);
    assert_eq!(fixes(&member)[2], "reactivate_membership");
    let email = json!({"email": "new@diagnosed.example", "name": "Nia New", "roles": ["rbt"]});
    let made = org.owner.client.post(&org.path("/members"), email).expect(201);
    let path = org.path(&format!("/members/{}/login-diagnosis", text(&made, "user_id")));
    let pending = org.manager.client.get(&path).expect(200);
    assert_eq!(fixes(&pending)[1], "confirm_account");
    org.rbt2.client.get(&path).refused(403, "forbidden");
}

#[test]
fn s003_8_s003_24_the_data_table_counts_and_concludes() {
    let org = Org::new();
    let diagnose = |person: &Person| {
        let seen = org.manager.client.get(&in_org(&org, person, "/data-diagnosis")).expect(200);
        seen["organizations"][0].clone()
    };
    assert_eq!(diagnose(&org.rbt)["verdict"], "no_data");
    let ticket = org.ticket(&org.rbt);
    reply(&org, &org.manager, &ticket, "We look.").expect(201);
    note(&org, &org.manager, &ticket, "Odd.").expect(201);
    let rbt = diagnose(&org.rbt);
    assert_eq!(rbt["verdict"], "healthy");
    assert_eq!(rbt["tickets"], json!({"total": 1, "visible": 1}));
    assert_eq!(rbt["messages"], json!({"total": 2, "visible": 1}), "the note is not visible");
    assert_eq!(checks(&rbt), ["correct_organization", "isolation_works", "data_exists"]);
    let other = diagnose(&org.rbt2);
    assert_eq!((&other["verdict"], &other["tickets"]["visible"]), (&json!("no_data"), &json!(0)));
    assert_eq!(fixes(&other)[2], "file_request");
    assert_eq!(diagnose(&org.manager)["tickets"], json!({"total": 1, "visible": 1}));
    grant(&org, "bcba", &[]);
    let hidden = diagnose(&org.bcba);
    assert_eq!(
        (&hidden["verdict"], &fixes(&hidden)[2]),
        (&json!("policy_issue"), &json!("grant_permission"))
    );
    org.suspend(&org.rbt);
    let out = diagnose(&org.rbt);
    assert_eq!((&out["verdict"], &fixes(&out)[0]), (&json!("wrong_organization"), &json!("add_membership")));
    // The shared platform owner calls every operation in another test, and becomes a member somewhere.
    let own = OwnServer::start(&[]);
    let path = format!("/users/{}/data-diagnosis", own.platform_owner().id);
    let nobody = own.platform_owner().client.get(&path).expect(200);
    assert_eq!((&nobody["verdict"], &nobody["organizations"]), (&json!("wrong_organization"), &json!([])));
    let path = format!("/users/{}/data-diagnosis", org.rbt2.id);
    let seen = platform_owner().client.get(&path).expect(200);
    assert!(!seen.to_string().contains("tablet"), "it shows no row");
}

#[test]
fn s000_10_staff_list_log_ins_with_time_address_client_and_cause() {
    let org = Org::new();
    let wrong = json!({"email": org.rbt.email, "password": "not-the-password-1"});
    Client::anonymous()
        .send_json(
            "POST",
            "/sessions",
            &[("User-Agent", "Odd/1.0"), ("X-Forwarded-For", "203.0.113.77")],
            &wrong,
        )
        .refused(401, "invalid_credentials");
    let path = in_org(&org, &org.rbt, "/log-ins?purpose=Check");
    let failed = || {
        let page = org.manager.client.get(&path).expect(200);
        page["data"].as_array().unwrap().iter().find(|e| e["kind"] == "log_in_failed").cloned()
    };
    let mut found = failed();
    for _ in 0..50 {
        if found.is_some() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
        found = failed();
    }
    let found = found.expect("the failure is noted");
    assert_eq!((&found["address"], &found["user_agent"]), (&json!("203.0.113.77"), &json!("Odd/1.0")));
    assert_eq!(found["reason"], "wrong_password");
    assert!(found["occurred_at"].is_string());
    org.rbt.client.get(&path).refused(403, "forbidden");
}

#[test]
fn s000_7_the_mail_log_answers_for_each_mail_and_shows_no_link() {
    let org = Org::new();
    org.manager.client.post_empty(&in_org(&org, &org.rbt, "/send-password-reset")).expect(204);
    let token = server().mailbox().wait_for(&org.rbt.email, "Reset").token();
    let path = in_org(&org, &org.rbt, "/mail-log?purpose=Check");
    let mut log = org.manager.client.get(&path).expect(200);
    for _ in 0..50 {
        if log["data"][0]["status"] == "sent" {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
        log = org.manager.client.get(&path).expect(200);
    }
    let entry = &log["data"][0];
    assert_eq!((&entry["kind"], &entry["status"]), (&json!("reset_password"), &json!("sent")));
    assert_eq!((&entry["email"], &entry["attempts"]), (&json!(org.rbt.email), &json!(1)));
    assert!(entry["sent_at"].is_string());
    assert!(!log.to_string().contains(&token), "no link in the log");
    org.rbt.client.get(&path).refused(403, "forbidden");
}

#[test]
fn s001_25_a_profile_is_read_in_parts_each_by_its_permission() {
    let org = Org::new();
    org.rbt
        .client
        .patch("/me/profile", json!({"phone": "+1 555 0100", "about": "Works nights."}))
        .expect(200);
    org.ticket(&org.rbt);
    let path = |query: &str| in_org(&org, &org.rbt, &format!("/profile?{query}"));
    org.manager.client.get(&path("sections=personal")).refused(422, "validation_failed");
    let all = org.manager.client.get(&path("purpose=Call%20back")).expect(200);
    assert_eq!(
        (&all["personal"]["name"], &all["contact"]["phone"]),
        (&json!("Rob Rbt"), &json!("+1 555 0100"))
    );
    assert_eq!(all["memberships"][0]["roles"], json!(["rbt"]));
    assert_eq!(all["content"]["requests"], 1);
    let latest = &all["content"]["latest"][0];
    assert_eq!((&latest["number"], &latest["status"]), (&json!(1), &json!("open")));
    assert_eq!(all["log_ins"][0]["kind"], "session_created");
    let one = org.manager.client.get(&path("purpose=Call%20back&sections=contact")).expect(200);
    assert_eq!((&one["personal"], &one["log_ins"]), (&Value::Null, &Value::Null));
    grant(&org, "bcba", &["create_tickets", "view_members", "view_member_profiles"]);
    let bcba = &org.bcba.client;
    bcba.get(&path("purpose=Call%20back&sections=contact,personal")).expect(200);
    bcba.get(&path("purpose=Call%20back&sections=contact,log_ins")).refused(403, "forbidden");
    bcba.get(&path("purpose=Call%20back&sections=content")).refused(403, "forbidden");
    let own = bcba.get(&path("purpose=Call%20back")).expect(200);
    assert_eq!((&own["log_ins"], &own["content"]), (&Value::Null, &Value::Null));
    org.rbt2.client.get(&path("purpose=Curious")).refused(403, "forbidden");
}

#[test]
fn s001_26_private_fields_are_shown_for_a_reason_to_those_with_the_permission() {
    let org = Org::new();
    let private =
        json!({"phone": "+1 555 0100", "about": "Works nights.", "private_fields": ["phone", "time_zone"]});
    let mine = org.rbt.client.patch("/me/profile", private).expect(200);
    assert_eq!(set(&mine["private_fields"]), set_of(&["phone", "time_zone"]));
    let path = |query: &str| in_org(&org, &org.rbt, &format!("/profile?purpose=Call%20back{query}"));
    let seen = org.manager.client.get(&path("")).expect(200);
    assert_eq!((&seen["contact"]["phone"], &seen["personal"]["time_zone"]), (&Value::Null, &Value::Null));
    assert_eq!(seen["personal"]["about"], "Works nights.");
    assert_eq!(set(&seen["hidden_fields"]), set_of(&["phone", "time_zone"]));
    org.manager.client.get(&path("&override_reason=Danger")).refused(403, "forbidden");
    let shown = org.owner.client.get(&path("&override_reason=Danger%20to%20life")).expect(200);
    assert_eq!((&shown["contact"]["phone"], &shown["hidden_fields"]), (&json!("+1 555 0100"), &json!([])));
    let accesses = org.rbt.client.get("/me/accesses").expect(200);
    let latest = &accesses["data"][0];
    assert_eq!((&latest["actor_id"], &latest["reason"]), (&json!(org.owner.id), &json!("Call back")));
    assert!(latest["changes"].as_array().unwrap().iter().any(|c| c["to"] == "Danger to life"));
}

#[test]
fn s001_26_records_do_not_reveal_private_fields() {
    let org = Org::new();
    let activity = in_org(&org, &org.rbt, "/activity?purpose=Check");
    let mails = in_org(&org, &org.rbt, "/mail-log?purpose=Check");
    org.rbt.client.patch("/me", json!({"locale": "es"})).expect(200);
    org.manager.client.post_empty(&in_org(&org, &org.rbt, "/send-password-reset")).expect(204);
    let locale = || {
        let page = org.manager.client.get(&activity).expect(200);
        let changes = page["data"].as_array().unwrap().iter().flat_map(|e| e["changes"].as_array().unwrap());
        changes.filter(|change| change["field"] == "locale").map(|change| change["to"].clone()).next_back()
    };
    let mailed_in = || org.manager.client.get(&mails).expect(200)["data"][0]["locale"].clone();
    assert_eq!((locale(), mailed_in()), (Some(json!("es")), json!("es")));
    org.rbt.client.patch("/me/profile", json!({"private_fields": ["locale"]})).expect(200);
    assert_eq!((locale(), mailed_in()), (Some(Value::Null), Value::Null));
}

#[test]
fn s001_54_s003_28_every_act_of_support_is_in_the_history_of_support() {
    let org = Org::new();
    let ticket = org.ticket(&org.rbt);
    resolve(&org, &org.manager, &ticket).expect(200);
    org.ticket(&org.rbt);
    org.manager.client.post_empty(&in_org(&org, &org.rbt, "/send-password-reset")).expect(204);
    org.suspend(&org.rbt);
    org.reactivate(&org.rbt);
    let correct = json!({"name": "Rob Right", "reason": "Misspelt."});
    org.manager.client.patch(&in_org(&org, &org.rbt, "/account"), correct).expect(200);
    let history =
        org.manager.client.get(&in_org(&org, &org.rbt, "/support-history?purpose=Check")).expect(200);
    let kinds = column(&history, "kind");
    for kind in ["password_reset_sent", "member_suspended", "member_reactivated", "profile_corrected"] {
        assert!(kinds.contains(&kind.to_owned()), "{kind}: {kinds:?}");
    }
    assert!(!kinds.contains(&"session_created".to_owned()), "the person's own acts are not support");
    assert_eq!(history["requests"], json!({"open": 1, "in_progress": 0, "resolved": 1, "closed": 0}));
    let path = format!("/users/{}/support-history?purpose=Check&limit=1", org.rbt.id);
    let first = platform_owner().client.get(&path).expect(200);
    assert!(first["next_cursor"].is_string());
}

#[test]
fn s001_1_the_life_cycle_stages_are_shown_with_their_days() {
    let org = Org::new();
    let path = in_org(&org, &org.rbt, "/profile?purpose=Onboarding");
    let stages = || {
        let seen = org.manager.client.get(&path).expect(200);
        let stages: Vec<String> =
            seen["stages"].as_array().unwrap().iter().map(|stage| text(stage, "stage")).collect();
        assert_eq!(seen["lifecycle_stage"], json!(stages.last()));
        assert!(seen["stages"].as_array().unwrap().iter().all(|stage| stage["reached_at"].is_string()));
        stages
    };
    let at_first = ["invited", "registered", "verified"];
    assert_eq!(stages(), at_first);
    org.rbt.client.patch("/me/profile", json!({"phone": "1"})).expect(200);
    assert_eq!(stages(), at_first);
    org.rbt.client.patch("/me/profile", json!({"about": "Works nights."})).expect(200);
    let ticket = org.ticket(&org.rbt);
    assert_eq!(stages()[3..], ["profile_complete", "participating"]);
    resolve(&org, &org.manager, &ticket).expect(200);
    assert_eq!(stages().last().map(String::as_str), Some("supported"));
}
