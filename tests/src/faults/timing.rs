//! The time of a refusal tells nothing either.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::{Org, OwnServer};

const PAIRS: usize = 30;
/// As many as the accounts can stand before they are throttled.
const ROUNDS: usize = 3;

pub(super) fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64()
}

#[test]
fn a_wrong_password_takes_as_long_as_a_wrong_address() {
    let own = OwnServer::start(&["--trusted-proxies", "127.0.0.1"]);
    let org = Org::on(own.platform_owner());
    let known = [&org.rbt, &org.rbt2, &org.bcba, &org.manager, &org.nowhere, &org.owner];
    let mut attempt = 0;
    let mut time = |email: &str| {
        attempt += 1;
        let address = format!("203.0.{}.{}", attempt / 250, attempt % 250);
        let body = json!({ "email": email, "password": "not the password" });
        let started = Instant::now();
        own.client()
            .send_json("POST", "/sessions", &[("X-Forwarded-For", &address)], &body)
            .refused(401, "invalid_credentials");
        started.elapsed()
    };
    // Other tests run beside this one; a difference that is real shows in every round.
    let ratios: Vec<f64> = (0..ROUNDS)
        .map(|round| {
            let pairs = (0..PAIRS).map(|pair| {
                let of_known = time(&known[pair % known.len()].email);
                (of_known, time(&format!("nobody-{round}-{pair}@nowhere.example")))
            });
            let (of_known, of_unknown) = pairs.unzip();
            median(of_known) / median(of_unknown)
        })
        .collect();
    assert!(
        ratios.iter().any(|ratio| (0.75..=1.25).contains(ratio)),
        "known and unknown addresses differ: {ratios:?}"
    );
}
