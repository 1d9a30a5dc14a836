//! A database that never answers: every request is still answered within its time.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{scope, sleep, spawn};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::{Client, OwnServer, is_postgres};

/// The 25 s of a request, and a margin for a busy machine.
const WITHIN: Duration = Duration::from_secs(31);
/// For how long another process locks the SQLite file: log-ins that wait for one another would take as long.
const LOCKED: Duration = Duration::from_secs(45);
/// More than can save their attempts at once.
const LOG_INS: usize = 9;

/// A relay to PostgreSQL that can go silent: it accepts connections and bytes, and forwards nothing.
/// Connections from that time end when it forwards again.
#[derive(Clone, Default)]
struct Relay(Arc<AtomicBool>);

impl Relay {
    /// The same URL through this relay.
    fn before(&self, url: &str) -> String {
        let (login, rest) = url.rsplit_once('@').expect("the URL names a user");
        let (server, database) = rest.split_once('/').expect("the URL names a database");
        let (server, relay) = (server.to_owned(), self.clone());
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let place = listener.local_addr().expect("a bound address");
        spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(server) = TcpStream::connect(&server) else { continue };
                let (from_client, from_server) = (client.try_clone().unwrap(), server.try_clone().unwrap());
                let (up, down) = (relay.clone(), relay.clone());
                spawn(move || up.pass(from_client, server));
                spawn(move || down.pass(from_server, client));
            }
        });
        format!("{login}@{place}/{database}")
    }

    fn falls_silent(&self, is_silent: bool) {
        self.0.store(is_silent, Ordering::SeqCst);
    }

    fn pass(&self, mut from: TcpStream, mut to: TcpStream) {
        from.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
        let (mut buffer, mut was_silent) = ([0; 16_384], false);
        loop {
            let read = from.read(&mut buffer);
            was_silent |= self.0.load(Ordering::SeqCst);
            match read {
                Ok(0) => break,
                Ok(_) if was_silent => {}
                Ok(count) if to.write_all(&buffer[..count]).is_ok() => {}
                Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
                _ => break,
            }
            if was_silent && !self.0.load(Ordering::SeqCst) {
                break;
            }
        }
        let _ = from.shutdown(Shutdown::Both);
        let _ = to.shutdown(Shutdown::Both);
    }
}

/// Logs in several times at once; none may take longer than one request.
fn log_ins_are_refused_in_time(client: &Client) {
    let body = json!({ "email": "sam@example.org", "password": "whatever it is" });
    let begun = Instant::now();
    scope(|threads| {
        for _ in 0..LOG_INS {
            threads.spawn(|| {
                client.post("/sessions", body.clone()).refused(503, "unavailable");
                assert!(begun.elapsed() < WITHIN, "a log-in took {:?}", begun.elapsed());
            });
        }
    });
}

fn readiness_is_soon(client: &Client, status: u16) {
    let begun = Instant::now();
    assert_eq!(client.get("!/readyz").status, status);
    assert!(begun.elapsed() < Duration::from_millis(2_500), "it took {:?}", begun.elapsed());
}

#[test]
fn a_database_that_never_answers_delays_no_request() {
    if is_postgres() {
        return a_server_that_swallows_everything();
    }
    let server = OwnServer::start(&[]);
    scope(|threads| {
        threads.spawn(|| server.hold("BEGIN IMMEDIATE", LOCKED));
        sleep(Duration::from_secs(1));
        log_ins_are_refused_in_time(&server.client());
    });
}

/// On PostgreSQL: the network drops everything, on open connections and on new ones.
fn a_server_that_swallows_everything() {
    let relay = Relay::default();
    let server = OwnServer::start_behind(|url| relay.before(url));
    let (owner, nobody) = (server.platform_owner(), server.client());
    owner.client.get("/me").expect(200);
    readiness_is_soon(&nobody, 200);
    relay.falls_silent(true);
    // Cached results are valid for a second.
    sleep(Duration::from_millis(1_100));
    for _ in 0..3 {
        readiness_is_soon(&nobody, 503);
    }
    scope(|threads| {
        threads.spawn(|| {
            let begun = Instant::now();
            owner.client.get("/me").refused(503, "unavailable");
            assert!(begun.elapsed() < WITHIN, "a read took {:?}", begun.elapsed());
        });
        log_ins_are_refused_in_time(&nobody);
    });
    relay.falls_silent(false);
    let begun = Instant::now();
    while nobody.get("!/readyz").status != 200 {
        assert!(begun.elapsed() < Duration::from_secs(20), "it never recovers");
        sleep(Duration::from_millis(200));
    }
    owner.client.get("/me").expect(200);
}
