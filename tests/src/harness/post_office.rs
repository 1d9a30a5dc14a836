//! An SMTP server for one test, with different behaviors.

use std::net::{IpAddr, Ipv4Addr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};

use mailin_embedded::response::{NO_MAILBOX, NO_SERVICE, OK};
use mailin_embedded::{Handler, Response, Server};

use super::mailbox::Mail;

const TIMEOUT: Duration = Duration::from_secs(90);

/// How it treats mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Behavior {
    /// Accepts it.
    Kind,
    /// Refuses every recipient permanently.
    Refusing,
    /// Requires a log-in, and refuses each one.
    Suspicious,
    /// Reads the whole mail, then reports a failure.
    FailingHalfWay,
    /// Stops answering after the recipient.
    Hanging,
    /// Accepts it, but answers after the client has given up.
    Late,
}

/// The server and the mails that it accepted.
pub(crate) struct PostOffice {
    pub(crate) url: String,
    state: Arc<Mutex<State>>,
}

struct State {
    behavior: Behavior,
    taken: Vec<Mail>,
    refused: Vec<String>,
}

#[derive(Clone)]
struct Clerk {
    state: Arc<Mutex<State>>,
    to: String,
    bytes: Vec<u8>,
}

impl PostOffice {
    pub(crate) fn open(behavior: Behavior) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let url = format!("smtp://{}", listener.local_addr().expect("a bound address"));
        let state = Arc::new(Mutex::new(State { behavior, taken: Vec::new(), refused: Vec::new() }));
        let clerk = Clerk { state: Arc::clone(&state), to: String::new(), bytes: Vec::new() };
        std::thread::spawn(move || {
            let mut server = Server::new(clerk);
            server.with_name("post.example").with_num_threads(16).with_tcp_listener(listener);
            server.serve().expect("it serves");
        });
        Self { url, state }
    }

    pub(crate) fn accept_mail(&self) {
        self.turn(Behavior::Kind);
    }

    /// Changes its behavior.
    pub(crate) fn turn(&self, behavior: Behavior) {
        self.lock().behavior = behavior;
    }

    /// How often it refused or delayed a mail to this address.
    pub(crate) fn refusals(&self, address: &str) -> usize {
        self.lock().refused.iter().filter(|to| *to == address).count()
    }

    /// The first mail to this address, once it is there.
    pub(crate) fn wait_for(&self, address: &str) -> Mail {
        self.wait(|state| state.taken.iter().find(|mail| mail.to == address).cloned())
    }

    /// Waits until it has refused a mail to this address.
    pub(crate) fn wait_for_refusal(&self, address: &str) {
        self.wait(|state| state.refused.iter().any(|to| to == address).then_some(()));
    }

    /// Waits until a client has tried to deliver a mail, and was refused or delayed.
    pub(crate) fn wait_for_a_caller(&self) {
        self.wait(|state| (!state.refused.is_empty()).then_some(()));
    }

    /// The mails that it accepted so far.
    pub(crate) fn taken(&self) -> Vec<Mail> {
        self.lock().taken.clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<T>(&self, mut done: impl FnMut(&State) -> Option<T>) -> T {
        let start = Instant::now();
        loop {
            if let Some(found) = done(&self.lock()) {
                return found;
            }
            let (taken, refused) = (self.taken().len(), self.lock().refused.len());
            assert!(start.elapsed() < TIMEOUT, "{taken} taken, {refused} refused");
            sleep(Duration::from_millis(50));
        }
    }
}

impl Clerk {
    fn behavior(&self) -> Behavior {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).behavior
    }

    fn refuse(&self, with: Response) -> Response {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).refused.push(self.to.clone());
        with
    }
}

impl Handler for Clerk {
    fn helo(&mut self, _ip: IpAddr, _domain: &str) -> Response {
        OK
    }

    fn mail(&mut self, _ip: IpAddr, _domain: &str, _from: &str) -> Response {
        self.bytes.clear();
        OK
    }

    fn rcpt(&mut self, to: &str) -> Response {
        to.clone_into(&mut self.to);
        match self.behavior() {
            Behavior::Refusing => self.refuse(NO_MAILBOX),
            Behavior::Suspicious => self.refuse(Response::custom(530, "Authentication required".to_owned())),
            Behavior::Hanging => {
                self.refuse(OK);
                sleep(Duration::from_secs(120));
                OK
            }
            Behavior::Kind | Behavior::FailingHalfWay | Behavior::Late => OK,
        }
    }

    fn data(&mut self, buf: &[u8]) -> std::io::Result<()> {
        self.bytes.extend_from_slice(buf);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        match self.behavior() {
            Behavior::FailingHalfWay => return self.refuse(NO_SERVICE),
            Behavior::Late => sleep(Duration::from_secs(45)),
            _ => {}
        }
        let mail = Mail::parse(&self.bytes);
        self.state.lock().unwrap_or_else(PoisonError::into_inner).taken.push(mail);
        OK
    }
}
