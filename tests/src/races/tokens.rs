//! One-time secrets, used many times at once.

use serde_json::json;

use super::concurrently::{only, together, with_status};
use crate::harness::{Client, Org, PASSWORD, Reply};

fn tokens(org: &Org) -> serde_json::Value {
    Client::anonymous().post("/sessions", json!({ "email": org.rbt.email, "password": PASSWORD })).expect(201)
}

#[test]
fn a_refresh_token_used_many_times_at_once_works_once_at_most_and_ends_the_session() {
    let org = Org::new();
    for _ in 0..5 {
        let first = tokens(&org);
        let body = json!({ "refresh_token": first["refresh_token"] });
        let replies: Vec<Reply> =
            together(10, |_| Client::anonymous().post("/sessions/refresh", body.clone()));
        only(&replies, &[(200, ""), (401, "token_revoked")]);
        let won = with_status(&replies, 200);
        assert!(won.len() <= 1, "{} got tokens", won.len());
        // Nine of ten were treated as theft, so the session has ended.
        for reply in won {
            Client::with_token(reply.body["access_token"].as_str().unwrap())
                .get("/me")
                .refused(401, "token_revoked");
            let again = json!({ "refresh_token": reply.body["refresh_token"] });
            Client::anonymous().post("/sessions/refresh", again).refused(401, "token_revoked");
        }
        Client::with_token(first["access_token"].as_str().unwrap()).get("/me").refused(401, "token_revoked");
    }
    org.rbt.client.get("/me").expect(200);
}

#[test]
fn a_refresh_and_the_log_out_at_once_leave_no_session() {
    let org = Org::new();
    for _ in 0..5 {
        let first = tokens(&org);
        let body = json!({ "refresh_token": first["refresh_token"] });
        let old = Client::with_token(first["access_token"].as_str().unwrap());
        let replies = together(2, |number| match number {
            0 => old.delete("/sessions/current"),
            _ => Client::anonymous().post("/sessions/refresh", body.clone()),
        });
        only(&replies[..1], &[(204, "")]);
        only(&replies[1..], &[(200, ""), (401, "token_revoked")]);
        old.get("/me").refused(401, "token_revoked");
        if let Some(token) = replies[1].body["access_token"].as_str() {
            Client::with_token(token).get("/me").refused(401, "token_revoked");
        }
    }
}

#[test]
fn a_set_up_token_used_many_times_at_once_works_once() {
    let org = Org::new();
    for round in 0..3 {
        let email = format!("waiting-{round}@{}.example", org.slug);
        let body = json!({ "email": email, "name": "Wanda", "roles": ["rbt"] });
        let member = org.owner.client.post(&org.path("/members"), body).expect(201);
        let token = org.handed_over(&member);
        let password = |number: usize| format!("quiet-orchard-lantern-of-{number}");
        let replies = together(8, |number| {
            let body =
                json!({ "token": token, "name": format!("Name {number}"), "password": password(number) });
            Client::anonymous().post("/account-setups", body)
        });
        only(&replies, &[(201, ""), (410, "gone")]);
        let winner: Vec<usize> = (0..8).filter(|number| replies[*number].status == 201).collect();
        assert_eq!(winner.len(), 1, "{replies:?}");
        for number in 0..8 {
            let reply = Client::anonymous()
                .post("/sessions", json!({ "email": email, "password": password(number) }));
            assert_eq!(reply.status, if number == winner[0] { 201 } else { 401 }, "{number}: {reply}");
        }
        let shown = org
            .owner
            .client
            .get(&org.path(&format!("/members/{}", member["user_id"].as_str().unwrap())))
            .expect(200);
        assert_eq!(shown["name"], format!("Name {}", winner[0]));
    }
}

#[test]
fn the_set_up_token_of_the_platform_makes_one_owner() {
    let own = crate::harness::OwnServer::start(&[]);
    let token = own.setup_token().unwrap();
    let replies = together(6, |number| {
        let body = json!({ "token": token, "name": "Pat", "password": PASSWORD, "email": format!("pat-{number}@steward.example") });
        own.client().post("/account-setups", body)
    });
    only(&replies, &[(201, ""), (410, "gone")]);
    assert_eq!(with_status(&replies, 201).len(), 1, "{replies:?}");
    let able = (0..6).filter(|number| {
        let body = json!({ "email": format!("pat-{number}@steward.example"), "password": PASSWORD });
        own.client().post("/sessions", body).status == 201
    });
    assert_eq!(able.count(), 1);
}
