//! The server that all tests share, and servers of single tests.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use serde_json::json;

use super::client::{Client, reach};
use super::mailbox::Mailbox;
use super::process::{Home, Ports, Running, setup_token};
use super::sql;
use super::test_clock::TestClock;
use super::world::{Org, PASSWORD, Person};
use super::writer_watch::WriterWatch;

/// The owners log in again after this time: an access token is valid for 15 minutes, and on a slow machine the
/// tests take longer.
const LOG_IN_ANEW: Duration = Duration::from_secs(600);

/// A server that stops with the test process.
pub(crate) struct Server {
    /// `http://127.0.0.1:PORT`
    pub(crate) base: String,
    /// Where `/metrics` is, in full.
    pub(crate) metrics: String,
    setup_token: String,
    /// The owners of the platform, and when they logged in.
    owners: Mutex<Option<(Instant, &'static [Person; 2])>>,
    _running: Mutex<Running>,
    home: Home,
    watch: WriterWatch,
}

/// The server of this run, started on first use. It trusts `X-Forwarded-For`, so that each test has its own
/// address, and failed log-ins of one test do not throttle another. Its limits allow the uploads of the
/// walks, which make one per operation and caller as one person.
pub(crate) fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| {
        let home = Home::new();
        let running =
            Running::start(&home, &["--trusted-proxies", "127.0.0.1", "--max-pending-files", "1000"], None);
        let setup_token = setup_token(&home.log()).expect("an empty platform prints a set-up token");
        let base = format!("http://127.0.0.1:{}", running.ports.api);
        Mailbox::register(&base, Some(home.data()));
        sql::register(&base, home.data(), home.database_url());
        Server {
            base,
            metrics: format!("http://127.0.0.1:{}/metrics", running.ports.metrics),
            setup_token,
            owners: Mutex::new(None),
            _running: Mutex::new(running),
            home,
            watch: WriterWatch::default(),
        }
    })
}

impl Server {
    /// The owner of the platform.
    pub(super) fn platform_owner(&self) -> &'static Person {
        &self.owners()[0]
    }

    /// Another one, who can approve requests of the first.
    pub(super) fn second_owner(&self) -> &'static Person {
        &self.owners()[1]
    }

    fn owners(&self) -> &'static [Person; 2] {
        let mut owners = unpoisoned(&self.owners);
        let latest = match *owners {
            Some((since, latest)) if since.elapsed() < LOG_IN_ANEW => return latest,
            Some((_, earlier)) => earlier.each_ref().map(Person::logged_in_anew),
            None => self.make_owners(),
        };
        let latest: &'static [Person; 2] = Box::leak(Box::new(latest));
        *owners = Some((Instant::now(), latest));
        latest
    }

    /// While there is one owner, their requests are approved at once: that is how the second becomes an
    /// owner.
    fn make_owners(&self) -> [Person; 2] {
        let first = set_up_owner(&self.base, &self.setup_token);
        let second = Org::on(&first).owner;
        let path = format!("/users/{}/platform-roles/platform_owner", second.id);
        let granted = first.client.put(&path, json!({ "reason": "Two see more than one." })).expect(202);
        assert_eq!(granted["status"], "approved", "nobody else could agree");
        [first, second]
    }

    /// Its mails.
    pub(crate) fn mailbox(&self) -> Mailbox {
        Mailbox::of(&self.home.data())
    }

    /// Its output so far, to standard output and standard error.
    pub(crate) fn log(&self) -> String {
        self.home.log()
    }

    /// Fails if something has held the writer for too long since the last call.
    pub(super) fn require_short_writes(&self) {
        self.watch.look(&self.home.log_file());
    }
}

/// Number of statements that the shared server has sent to its database.
pub(crate) fn statements_sent() -> u64 {
    statements_of(&server().metrics)
}

/// A server of one test, which may stop and restart it. Stopped and removed when dropped.
pub(crate) struct OwnServer {
    /// `http://127.0.0.1:PORT`; the same after a restart.
    pub(crate) base: String,
    /// Where `/metrics` is, in full.
    pub(crate) metrics: String,
    arguments: Vec<String>,
    setup_token: Option<String>,
    owner: OnceLock<Person>,
    ports: Ports,
    running: Option<Running>,
    home: Home,
}

impl OwnServer {
    /// Starts it with these arguments after `serve`, on an empty database. The rate limit is very high unless
    /// `--rate-limit` is among them.
    pub(crate) fn start(extra_args: &[&str]) -> Self {
        Self::start_in(Home::new(), extra_args)
    }

    /// The same with these certificates as the only trusted ones.
    pub(crate) fn start_trusting(certificates: &Path, extra_args: &[&str]) -> Self {
        Self::start_in(Home::new().with("SSL_CERT_FILE", certificates), extra_args)
    }

    /// The same with a database that an administrator's script creates; PostgreSQL only.
    pub(crate) fn start_prepared_by(script: &str) -> Self {
        Self::start_in(Home::prepared_by(script), &[])
    }

    /// The same with another URL for its database; PostgreSQL only.
    pub(crate) fn start_behind(way: impl FnOnce(&str) -> String) -> Self {
        let home = Home::new();
        let url = way(&home.database_url().expect("PostgreSQL has a URL"));
        Self::start_in(home.with("STEWARD_DATABASE_URL", Path::new(&url)), &[])
    }

    fn start_in(home: Home, extra_args: &[&str]) -> Self {
        let running = Running::start(&home, extra_args, None);
        let base = format!("http://127.0.0.1:{}", running.ports.api);
        sql::register(&base, home.data(), home.database_url());
        let has_mail_server = extra_args.contains(&"--smtp-url");
        Mailbox::register(&base, (!has_mail_server).then(|| home.data()));
        Self {
            base,
            metrics: format!("http://127.0.0.1:{}/metrics", running.ports.metrics),
            arguments: extra_args.iter().map(|argument| (*argument).to_owned()).collect(),
            setup_token: setup_token(&home.log()),
            owner: OnceLock::new(),
            ports: running.ports,
            running: Some(running),
            home,
        }
    }

    /// An anonymous client of this server.
    pub(crate) fn client(&self) -> Client {
        Client { base: self.base.clone(), token: None }
    }

    /// The owner of the platform, created on first use. `Org::on` creates organizations with it.
    pub(crate) fn platform_owner(&self) -> &Person {
        self.owner.get_or_init(|| {
            set_up_owner(
                &self.base,
                self.setup_token.as_ref().expect("a set-up token, as it was not started with --demo"),
            )
        })
    }

    /// The one-time token from the log of its first start.
    pub(crate) fn setup_token(&self) -> Option<&str> {
        self.setup_token.as_deref()
    }

    /// The one-time token from the log of its latest start.
    pub(crate) fn new_setup_token(&self) -> String {
        setup_token(&self.home.log()).expect("a platform without an owner prints a set-up token")
    }

    /// Stops it with SIGKILL. It can be restarted.
    pub(crate) fn kill(&mut self) {
        let running = self.running.as_mut().expect("it runs");
        running.signal("KILL");
        self.running = None;
        self.require_short_writes();
    }

    /// Stops it with SIGTERM, waits, and returns its exit code. It can be restarted.
    pub(crate) fn terminate(&mut self) -> i32 {
        self.end_by("TERM")
    }

    /// The same with another signal.
    pub(crate) fn end_by(&mut self, signal: &str) -> i32 {
        let running = self.running.as_mut().expect("it runs");
        let code = running.signal(signal).expect("it ran");
        self.running = None;
        self.require_short_writes();
        code
    }

    /// Sends it a signal without waiting.
    pub(crate) fn send_signal(&self, name: &str) {
        let sent = Command::new("kill").args(["-s", name, &self.home.pid()]).status();
        assert!(sent.expect("kill starts").success(), "no process to send {name} to");
    }

    /// CPU seconds that it has used since it started.
    pub(crate) fn cpu_seconds(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.home.pid())).expect("it runs");
        let after_name = stat.rsplit_once(')').expect("a name in brackets").1;
        let ticks: Vec<f64> = after_name.split_whitespace().filter_map(|field| field.parse().ok()).collect();
        // The state comes before them and is not a number; user and system time are fields 14 and 15 of all.
        (ticks[10] + ticks[11]) / 100.0
    }

    /// Makes each of its writes to any file fail, as on a full disk, or succeed again.
    pub(crate) fn fill_disk(&self, is_full: bool) {
        let limit = if is_full { "0" } else { "resource.RLIM_INFINITY" };
        let set = format!(
            "import resource; resource.prlimit({}, resource.RLIMIT_FSIZE, ({limit}, resource.RLIM_INFINITY))",
            self.home.pid()
        );
        let done = Command::new("python3").args(["-c", &set]).status().expect("python3 starts");
        assert!(done.success(), "the limit can't be set");
    }

    fn require_short_writes(&self) {
        WriterWatch::default().look(&self.home.log_file());
    }

    /// Starts it again with the same data, database and ports; stops it with SIGKILL first if it runs.
    pub(crate) fn restart(&mut self) {
        if self.running.is_some() {
            self.kill();
        }
        let arguments: Vec<&str> = self.arguments.iter().map(String::as_str).collect();
        self.running = Some(Running::start(&self.home, &arguments, Some(self.ports)));
    }

    /// Number of statements that it has sent to its database since it started.
    pub(crate) fn statements_sent(&self) -> u64 {
        statements_of(&self.metrics)
    }

    /// Its output since it started, to standard output and standard error.
    pub(crate) fn log(&self) -> String {
        self.home.log()
    }

    /// Its mails.
    pub(crate) fn mailbox(&self) -> Mailbox {
        Mailbox::of(&self.home.data())
    }

    /// Its clock, if it was started with `TEST_CLOCK`.
    pub(crate) fn clock(&self) -> TestClock {
        TestClock::at(self.ports.clock)
    }

    /// Its data directory.
    pub(crate) fn data_dir(&self) -> PathBuf {
        self.home.data()
    }

    /// `postgres://..`, or `None` on SQLite.
    pub(crate) fn database_url(&self) -> Option<String> {
        self.home.database_url()
    }
}

/// A second process on the data and database of an `OwnServer`.
pub(crate) struct Second {
    /// `http://127.0.0.1:PORT`
    pub(crate) base: String,
    running: Running,
}

impl Drop for Second {
    fn drop(&mut self) {
        self.running.signal("KILL");
    }
}

impl OwnServer {
    /// Starts a second process beside it, with the same arguments. SQLite allows only one.
    pub(crate) fn second(&self) -> Second {
        assert!(self.database_url().is_some(), "two processes need PostgreSQL");
        let arguments: Vec<&str> = self.arguments.iter().map(String::as_str).collect();
        let running = Running::start(&self.home.shared(), &arguments, None);
        Second { base: format!("http://127.0.0.1:{}", running.ports.api), running }
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        if let Some(running) = self.running.as_mut() {
            running.signal("KILL");
        }
        let log = self.home.log_file();
        if !std::thread::panicking() {
            WriterWatch::default().look(&log);
        }
        self.home.remove();
    }
}

fn set_up_owner(base: &str, token: &str) -> Person {
    let nobody = Client { base: base.to_owned(), token: None };
    let body = json!({ "token": token, "name": "Pat Platform", "password": PASSWORD });
    let account = nobody.post("/account-setups", body).expect(201);
    Person::of_account(&nobody, &account)
}

fn statements_of(metrics: &str) -> u64 {
    let (_, text) = reach(metrics).unwrap_or_else(|error| panic!("{metrics}: {error}"));
    let line = text.lines().find(|line| line.starts_with("steward_database_statements_total "));
    let number = line.and_then(|line| line.split(' ').nth(1)).expect("the metrics count statements");
    number.parse().expect("a count")
}

/// Locks a static even if a test failed while holding it, so that only that test fails.
pub(super) fn unpoisoned<T>(lock: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
