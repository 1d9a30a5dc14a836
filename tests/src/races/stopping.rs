//! An orderly end.

use std::sync::Mutex;
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::faults::wire::Wire;
use crate::harness::{Org, OwnServer};

const WITHIN: Duration = Duration::from_secs(6);

/// Half of a request to create a ticket, and its other half.
fn halves(org: &Org, subject: &str) -> (Vec<u8>, Vec<u8>) {
    let body = json!({ "subject": subject, "details": "d", "urgency": "low", "location_id": org.downtown })
        .to_string();
    let token = org.rbt.client.token.as_deref().unwrap();
    let request = format!(
        "POST /api/v1{} HTTP/1.1\r\nHost: s\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        org.path("/tickets"),
        body.len()
    );
    let (first, second) = request.as_bytes().split_at(request.len() - 20);
    (first.to_vec(), second.to_vec())
}

#[test]
fn on_sigterm_running_requests_finish_and_the_exit_is_clean() {
    let mut own = OwnServer::start(&[]);
    let org = Org::on(own.platform_owner());
    let made = Mutex::new(Vec::<Value>::new());
    let base = own.base.clone();
    scope(|threads| {
        // Begun before the signal, finished after it.
        let begun: Vec<_> = (0..3)
            .map(|number| {
                let (org, base) = (&org, &base);
                threads.spawn(move || {
                    let (first, second) = halves(org, &format!("Begun {number}"));
                    let mut wire = Wire::open(base);
                    wire.send(&first);
                    sleep(Duration::from_millis(1_500));
                    wire.send(&second);
                    wire.answer(Duration::from_secs(5))
                })
            })
            .collect();
        for writer in 0..4 {
            let (org, made) = (&org, &made);
            threads.spawn(move || {
                for turn in 0.. {
                    let body = json!({ "subject": format!("{writer} {turn}"), "details": "d", "urgency": "low", "location_id": org.downtown });
                    let json = [("Content-Type", "application/json")];
                    match org.rbt.client.try_send("POST", &org.path("/tickets"), &json, Some(body.to_string().into_bytes())) {
                        Ok(reply) if reply.status == 201 => made.lock().unwrap().push(reply.expect(201)),
                        Ok(reply) => return assert_eq!(reply.status, 503, "{reply}"),
                        Err(_) => return,
                    }
                }
            });
        }
        sleep(Duration::from_millis(700));
        let started = Instant::now();
        assert_eq!(own.terminate(), 0, "the exit code");
        assert!(started.elapsed() < WITHIN, "it took {:?}", started.elapsed());
        for thread in begun {
            let answer = thread.join().unwrap().expect("a request that had begun was cut off");
            assert_eq!(answer.status, 201, "{answer:?}");
            made.lock().unwrap().push(answer.body());
        }
    });
    own.restart();
    let made = made.into_inner().unwrap();
    assert!(made.len() > 10, "only {} tickets were made", made.len());
    for ticket in &made {
        let read = org
            .rbt
            .client
            .get(&org.path(&format!("/tickets/{}", ticket["id"].as_str().unwrap())))
            .expect(200);
        assert_eq!(read["subject"], ticket["subject"]);
    }
}

#[test]
fn idle_connections_and_clients_that_stall_hold_up_no_stop() {
    let mut own = OwnServer::start(&[]);
    let org = Org::on(own.platform_owner());
    let mut idle = Wire::open(&own.base);
    idle.send(b"GET /healthz HTTP/1.1\r\nHost: s\r\n\r\n");
    assert_eq!(idle.answer(Duration::from_secs(5)).unwrap().status, 200);
    let (first, _) = halves(&org, "Never finished");
    let mut stalled = Wire::open(&own.base);
    stalled.send(&first);
    sleep(Duration::from_millis(200));
    let started = Instant::now();
    let code = own.terminate();
    assert!(started.elapsed() < WITHIN, "it took {:?}", started.elapsed());
    assert_eq!(code, 0, "the exit code");
    own.restart();
    let page = org.rbt.client.get(&org.path("/tickets")).expect(200);
    assert_eq!(page["data"], json!([]), "half a request was stored");
}
