//! An SMTP server for one test that accepts mail only over TLS and after a log-in.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{IpAddr, Ipv4Addr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};
use std::{env, fs};

use mailin::response::{AUTH_OK, INVALID_CREDENTIALS, OK};
use mailin::{Action, AuthMechanism, Handler, Response, Session, SessionBuilder};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::mailbox::Mail;
use super::unique;

const TIMEOUT: Duration = Duration::from_secs(60);
const NAME: &str = "steward";

/// Its password.
pub(crate) const POST_OFFICE_PASSWORD: &str = "stamped-envelope-5";

/// When the encryption begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    /// From the first byte on, as with `smtps://`.
    Closed,
    /// After STARTTLS.
    StartTls,
}

/// The server and what it has seen.
pub(crate) struct SecurePostOffice {
    /// The file of its certificate.
    pub(crate) certificate: PathBuf,
    door: Door,
    port: u16,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Default)]
struct Seen {
    /// Whether the password was correct, for each log-in.
    log_ins: Vec<bool>,
    taken: Vec<Mail>,
}

#[derive(Clone)]
struct Clerk {
    seen: Arc<Mutex<Seen>>,
    bytes: Vec<u8>,
}

impl SecurePostOffice {
    pub(crate) fn open(door: Door) -> Self {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed([Ipv4Addr::LOCALHOST.to_string()]).expect("a certificate");
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions of TLS")
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .expect("a key that fits");
        let file = format!("steward-test-{}-{}.pem", std::process::id(), unique("certificate"));
        let certificate = env::temp_dir().join(file);
        fs::write(&certificate, cert.pem()).expect("a temporary file");
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = listener.local_addr().expect("a bound address").port();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let (tls, clerk) = (Arc::new(tls), Clerk { seen: Arc::clone(&seen), bytes: Vec::new() });
        std::thread::spawn(move || {
            for tcp in listener.incoming().flatten() {
                let (tls, clerk) = (Arc::clone(&tls), clerk.clone());
                std::thread::spawn(move || receive(tcp, door, tls, clerk));
            }
        });
        Self { certificate, door, port, seen }
    }

    /// Its URL with this password.
    pub(crate) fn url(&self, password: &str) -> String {
        let place = format!("{NAME}:{password}@{}:{}", Ipv4Addr::LOCALHOST, self.port);
        match self.door {
            Door::Closed => format!("smtps://{place}"),
            Door::StartTls => format!("smtp://{place}?tls=required"),
        }
    }

    /// The first mail to this address, once it is there.
    pub(crate) fn wait_for(&self, address: &str) -> Mail {
        let start = Instant::now();
        loop {
            if let Some(mail) = self.taken().into_iter().find(|mail| mail.to == address) {
                return mail;
            }
            assert!(start.elapsed() < TIMEOUT, "{:?}: {:?}", self.log_ins(), self.taken());
            sleep(Duration::from_millis(50));
        }
    }

    /// The mails that it accepted so far.
    pub(crate) fn taken(&self) -> Vec<Mail> {
        lock(&self.seen).taken.clone()
    }

    /// Whether the password was correct, for each log-in.
    pub(crate) fn log_ins(&self) -> Vec<bool> {
        lock(&self.seen).log_ins.clone()
    }
}

impl Drop for SecurePostOffice {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.certificate);
    }
}

fn lock(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

fn receive(tcp: TcpStream, door: Door, tls: Arc<ServerConfig>, clerk: Clerk) -> io::Result<()> {
    let mut builder = SessionBuilder::new("post.example");
    builder.enable_auth(AuthMechanism::Plain);
    if door == Door::StartTls {
        builder.enable_start_tls();
    }
    let mut session = builder.build(IpAddr::V4(Ipv4Addr::LOCALHOST), clerk);
    if door == Door::StartTls {
        (&tcp).write_all(&session.greeting().buffer()?)?;
        if !talk(&mut session, &tcp)? {
            return Ok(());
        }
    }
    session.tls_active();
    let connection = ServerConnection::new(tls).map_err(io::Error::other)?;
    let mut stream = StreamOwned::new(connection, tcp);
    if door == Door::Closed {
        stream.write_all(&session.greeting().buffer()?)?;
        stream.flush()?;
    }
    talk(&mut session, stream).map(drop)
}

/// Answers line by line, until the client disconnects or asks for TLS; returns whether it asks for TLS.
fn talk(session: &mut Session<Clerk>, stream: impl Read + Write) -> io::Result<bool> {
    let mut lines = BufReader::new(stream);
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line)? > 0 {
        let response = session.process(&line);
        line.clear();
        lines.get_mut().write_all(&response.buffer()?)?;
        lines.get_mut().flush()?;
        match response.action {
            Action::UpgradeTls => return Ok(true),
            Action::Close => return Ok(false),
            Action::Reply | Action::NoReply => {}
        }
    }
    Ok(false)
}

/// `mailin` itself refuses a log-in before TLS, and mail before a log-in.
impl Handler for Clerk {
    fn auth_plain(&mut self, _for: &str, name: &str, password: &str) -> Response {
        let is_right = name == NAME && password == POST_OFFICE_PASSWORD;
        lock(&self.seen).log_ins.push(is_right);
        if is_right { AUTH_OK } else { INVALID_CREDENTIALS }
    }

    fn mail(&mut self, _ip: IpAddr, _domain: &str, _from: &str) -> Response {
        self.bytes.clear();
        OK
    }

    fn data(&mut self, line: &[u8]) -> io::Result<()> {
        self.bytes.extend_from_slice(line);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        let mail = Mail::parse(&self.bytes);
        lock(&self.seen).taken.push(mail);
        OK
    }
}
