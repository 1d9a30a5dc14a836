//! `serve --test-clock`: time moves when a test sets it, and the jobs that become due run before the answer.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::helpers::text;
use crate::harness::{Org, OwnServer, PASSWORD, Person, TEST_CLOCK, free_port, steward};

const ABOUT_A_MINUTE: TimeDelta = TimeDelta::seconds(60);

#[test]
fn due_jobs_run_before_the_clock_answers() {
    let own = OwnServer::start(&[TEST_CLOCK]);
    let org = Org::on(own.platform_owner());
    let clock = own.clock();
    let until = clock.now() + TimeDelta::minutes(10);
    let suspend = org.path(&format!("/members/{}/suspend", org.rbt.id));
    org.owner
        .client
        .post(&suspend, json!({ "reason": "To cool down.", "until": until.to_rfc3339() }))
        .expect(200);
    clock.advance_to(until - TimeDelta::minutes(1));
    org.rbt.client.get(&org.path("/tickets")).refused(403, "account_disabled");
    assert!(own.mailbox().about(&org.rbt.email, "account is active").is_empty());
    clock.advance_to(until);
    org.rbt.client.get(&org.path("/tickets")).expect(200);
    assert_eq!(own.mailbox().about(&org.rbt.email, "account is active").len(), 1, "sent before the answer");
}

#[test]
fn tokens_and_sessions_follow_the_clock() {
    let own = OwnServer::start(&[TEST_CLOCK]);
    let org = Org::on(own.platform_owner());
    let body = json!({ "email": org.rbt.email, "password": PASSWORD });
    let tokens = own.client().post("/sessions", body).expect(201);
    let refresh = json!({ "refresh_token": tokens["refresh_token"] });
    own.clock().advance(TimeDelta::minutes(14));
    org.rbt.client.get("/me").expect(200);
    own.clock().advance(TimeDelta::minutes(2));
    org.rbt.client.get("/me").refused(401, "token_expired");
    own.client().logged_in(&org.rbt.email, PASSWORD).get("/me").expect(200);
    own.clock().advance(TimeDelta::days(400));
    own.client().post("/sessions/refresh", refresh).refused(401, "token_revoked");
}

#[test]
fn it_starts_at_a_given_instant_and_runs_on_from_there() {
    let start = "2026-03-29T00:59:00Z";
    let own = OwnServer::start(&[TEST_CLOCK, "--test-clock-start", start]);
    let org = Org::on(own.platform_owner());
    let begun: DateTime<Utc> = start.parse().unwrap();
    let filed: DateTime<Utc> = text(&org.ticket(&org.rbt), "created_at").parse().unwrap();
    assert!(filed > begun && filed < begun + ABOUT_A_MINUTE, "{filed}");
    own.clock().advance_to(begun + TimeDelta::hours(1));
    let again = Person { client: own.client().logged_in(&org.rbt.email, PASSWORD), ..org.rbt.clone() };
    let later: DateTime<Utc> = text(&org.ticket(&again), "created_at").parse().unwrap();
    assert!(later >= begun + TimeDelta::hours(1), "{later}");
}

#[test]
fn it_never_runs_backward() {
    let own = OwnServer::start(&[TEST_CLOCK]);
    let before = own.clock().now();
    let (status, _) = own.clock().try_to_set(before - TimeDelta::seconds(1));
    assert_eq!(status, 409);
    assert!(own.clock().now() >= before);
}

#[test]
fn it_listens_on_loopback_only() {
    let anywhere = format!("0.0.0.0:{}", free_port());
    let done = steward().args(["serve", "--test-clock", &anywhere]).output().expect("steward starts");
    assert!(!done.status.success());
    assert!(String::from_utf8_lossy(&done.stderr).contains("--test-clock listens on loopback only"));
}
