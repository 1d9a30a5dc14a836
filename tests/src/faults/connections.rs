//! Connections that take up a place and send nothing.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread::sleep;
use std::time::{Duration, Instant};

use socket2::{Domain, Socket, Type};

use crate::harness::OwnServer;

/// Less than the server's limit for silent connections, so that none of these ends by itself.
const AT_ONCE: Duration = Duration::from_secs(5);
const TIMEOUT: Duration = Duration::from_secs(30);
const MOST: usize = 12;

/// A connection from one of the machine's own addresses.
fn connect(server: &OwnServer, from: &str) -> TcpStream {
    let to: SocketAddr = server.base.trim_start_matches("http://").parse().unwrap();
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    let from: SocketAddr = format!("{from}:0").parse().unwrap();
    socket.bind(&from.into()).unwrap();
    socket.connect(&to.into()).unwrap();
    socket.into()
}

/// Whether the server has closed a connection on which nothing was sent.
fn is_closed(stream: &TcpStream, within: Duration) -> bool {
    stream.set_read_timeout(Some(within)).unwrap();
    match (&mut &*stream).read(&mut [0; 1]) {
        Ok(0) => true,
        Ok(_) => panic!("an answer to nothing"),
        Err(e) => !matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
    }
}

/// Whether a request on it is answered.
fn is_served(stream: &TcpStream) -> bool {
    let mut stream = stream;
    stream.set_read_timeout(Some(AT_ONCE)).unwrap();
    let sent = stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: steward\r\n\r\n");
    let mut head = [0; 12];
    sent.and_then(|()| stream.read_exact(&mut head)).is_ok() && &head == b"HTTP/1.1 200"
}

#[test]
fn one_address_does_not_take_all_connections() {
    let server = OwnServer::start(&["--connections-per-address", &MOST.to_string()]);
    // From an address that nothing else here has.
    let mut held: Vec<TcpStream> = (0..MOST + 10).map(|_| connect(&server, "127.0.0.7")).collect();
    let started = Instant::now();
    // The server decides which of them were first.
    while held.len() > MOST && started.elapsed() < AT_ONCE {
        held.retain(|stream| !is_closed(stream, Duration::from_millis(20)));
    }
    assert_eq!(held.len(), MOST, "open at once");
    assert!(is_served(&connect(&server, "127.0.0.8")), "another address");
    assert!(is_served(&held[0]), "and who has a place");
    assert!(server.log().contains("server.connections_refused"), "{}", server.log());
    let lines = server.log().lines().filter(|line| line.contains("connections_refused")).count();
    assert_eq!(lines, 1, "refused connections fill the log");

    // A closed connection makes room for another.
    drop(held);
    let started = Instant::now();
    loop {
        let again: Vec<TcpStream> = (0..MOST).map(|_| connect(&server, "127.0.0.7")).collect();
        let served = again.iter().filter(|stream| is_served(stream)).count();
        if served == MOST {
            break;
        }
        assert!(started.elapsed() < TIMEOUT, "{served} of {MOST} places came back");
        drop(again);
        sleep(Duration::from_millis(200));
    }
}

#[test]
fn a_trusted_proxy_may_open_many_connections() {
    let arguments = ["--connections-per-address", "4", "--trusted-proxies", "127.0.0.7"];
    let server = OwnServer::start(&arguments);
    let held: Vec<TcpStream> = (0..20).map(|_| connect(&server, "127.0.0.7")).collect();
    assert!(held.iter().all(is_served));
    let strangers: Vec<TcpStream> = (0..20).map(|_| connect(&server, "127.0.0.8")).collect();
    assert_eq!(strangers.iter().filter(|stream| is_served(stream)).count(), 4);
}
