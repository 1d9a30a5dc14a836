//! Graceful shutdown.

use std::io::ErrorKind;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
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
fn idle_connections_and_stalled_clients_delay_no_stop() {
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

/// A whole request to create a ticket.
fn whole(org: &Org, subject: &str) -> Vec<u8> {
    let (first, second) = halves(org, subject);
    [first, second].concat()
}

/// How a client ended.
#[derive(Debug, PartialEq, Eq)]
enum End {
    /// The server no longer listens.
    Gone,
    /// A request got no answer.
    Cut(String),
}

/// Requests of one round, by their answers.
#[derive(Default)]
struct Answers {
    created: AtomicUsize,
    refused: AtomicUsize,
}

/// Sends one request after the other until the connection is refused, on the same connection for as long as
/// the server leaves it open.
fn send_until_the_end(base: &str, request: &[u8], answers: &Answers) -> End {
    let mut open = None;
    loop {
        let mut wire = match open.take() {
            Some(wire) => wire,
            None => match Wire::try_open(base) {
                Ok(wire) => wire,
                Err(error) if error.kind() == ErrorKind::ConnectionRefused => return End::Gone,
                Err(error) => return End::Cut(format!("connecting: {error}")),
            },
        };
        let is_sent = wire.send(request);
        let Some(answer) = wire.answer(Duration::from_secs(10)) else {
            return End::Cut(format!("sent: {is_sent}"));
        };
        match answer.status {
            201 => drop(answers.created.fetch_add(1, Ordering::Relaxed)),
            503 => {
                answer.refused(503, "unavailable");
                assert!(answer.header("Retry-After").is_some(), "{answer:?}");
                answers.refused.fetch_add(1, Ordering::Relaxed);
            }
            _ => panic!("{answer:?}"),
        }
        let closes = answer.header("Connection").is_some_and(|value| value.eq_ignore_ascii_case("close"));
        open = (!closes).then_some(wire);
    }
}

#[test]
fn under_load_no_request_is_cut_by_the_end() {
    const ROUNDS: usize = 16;
    let mut own = OwnServer::start(&[]);
    let org = Org::on(own.platform_owner());
    for round in 0..ROUNDS {
        let (base, request, answers) = (own.base.clone(), whole(&org, "Under load"), Answers::default());
        let ends = scope(|threads| {
            let clients: Vec<_> =
                (0..12).map(|_| threads.spawn(|| send_until_the_end(&base, &request, &answers))).collect();
            sleep(Duration::from_millis(400));
            let started = Instant::now();
            assert_eq!(own.terminate(), 0, "the exit code");
            assert!(started.elapsed() < WITHIN, "it took {:?}", started.elapsed());
            clients.into_iter().map(|client| client.join().unwrap()).collect::<Vec<_>>()
        });
        assert!(ends.iter().all(|end| *end == End::Gone), "round {round}: {ends:?}");
        let (created, refused) = (answers.created.into_inner(), answers.refused.into_inner());
        assert!(created > 12, "round {round}: only {created} were answered");
        assert!(refused > 12, "round {round}: only {refused} were refused");
        own.restart();
        let stored = own.sql("SELECT count(*) FROM tickets");
        println!("round {round}: {created} created, {refused} refused, {stored} stored in all");
    }
}

#[test]
fn a_stopping_server_is_not_ready() {
    let mut own = OwnServer::start(&[]);
    let base = own.base.clone();
    let get =
        |path: &str| Wire::exchange(&base, format!("GET {path} HTTP/1.1\r\nHost: s\r\n\r\n").as_bytes());
    assert_eq!(get("/api/v1/openapi.json").unwrap().header("Connection"), None, "it stays open before");
    own.send_signal("TERM");
    sleep(Duration::from_millis(300));
    for (path, status) in
        [("/readyz", 503), ("/healthz", 200), ("/api/v1/openapi.json", 200), ("/api/v1/me", 401)]
    {
        let answer = get(path).unwrap_or_else(|| panic!("no answer to {path}"));
        assert_eq!(answer.status, status, "{path}: {answer:?}");
        assert_eq!(answer.header("Connection").as_deref(), Some("close"), "{path}");
    }
    // From then on until the server stops listening.
    let mut refused = 0;
    let begun = Instant::now();
    while let Ok(mut wire) = Wire::try_open(&base) {
        wire.send(b"GET /api/v1/openapi.json HTTP/1.1\r\nHost: s\r\n\r\n");
        let Some(answer) = wire.answer(Duration::from_secs(2)) else { break };
        refused += usize::from(answer.status == 503);
        assert!(refused == 0 || answer.status == 503, "once refused, always refused: {answer:?}");
        sleep(Duration::from_millis(20));
        assert!(begun.elapsed() < WITHIN, "it never ends");
    }
    assert!(refused > 0, "nothing was refused");
    own.kill();
}

#[test]
fn a_second_signal_ends_it_at_once() {
    for second in ["TERM", "INT"] {
        let mut own = OwnServer::start(&[]);
        let org = Org::on(own.platform_owner());
        let (first, _) = halves(&org, "Never finished");
        let mut stalled = Wire::open(&own.base);
        stalled.send(&first);
        sleep(Duration::from_millis(200));
        let started = Instant::now();
        own.send_signal("TERM");
        sleep(Duration::from_millis(200));
        let ends = own.end_by(second);
        assert_eq!(ends, 0, "the exit code");
        assert!(
            started.elapsed() < Duration::from_millis(1_400),
            "{second}: it took {:?}",
            started.elapsed()
        );
    }
}
