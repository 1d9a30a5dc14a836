//! The program under test, started so that it cannot outlive the tests.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Mutex;
use std::thread::sleep;
use std::time::{Duration, Instant};
use std::{env, fs};

use super::client::reach;
use super::database::Database;
use super::template::Template;
use super::unique;

const TIMEOUT: Duration = Duration::from_secs(60);
const TRIES: usize = 5;

/// Starts the program and reads one line from standard input: a signal to send, after which it prints the
/// exit of the program. The end of the input, that is, of the tests, kills the program and cleans up. A write
/// beyond a file size limit fails instead of killing the program, as it does on a full disk.
const KEEPER: &str = r#"
trap '' INT XFSZ
"$@" >>"$KEEPER_LOG" 2>&1 </dev/null &
p=$!
echo "$p" >"$KEEPER_LOG.pid"
if read -r signal; then
  kill -s "$signal" "$p" 2>/dev/null
  wait "$p"
  echo $?
else
  kill -s KILL "$p" 2>/dev/null
  wait "$p" 2>/dev/null
  eval "$KEEPER_TIDY"
fi
"#;

/// The program, without the settings of the developer's environment.
pub(crate) fn steward() -> Command {
    let mut command = Command::new(program());
    without_settings(&mut command);
    command
}

fn without_settings(command: &mut Command) {
    for (name, _) in env::vars_os() {
        if name.to_string_lossy().starts_with("STEWARD_") {
            command.env_remove(name);
        }
    }
}

fn program() -> PathBuf {
    if let Some(told) = env::var_os("STEWARD_BIN") {
        return told.into();
    }
    let test = env::current_exe().expect("the test binary has a path");
    let found = test.ancestors().skip(1).map(|folder| folder.join("steward")).find(|path| path.is_file());
    found.expect("steward is built: run `cargo build` first, or set STEWARD_BIN")
}

/// An argument of a server: it hashes passwords at the real cost. Others do so only in a run that compares
/// times.
pub(crate) const SAFE_HASHES: &str = "safe hashes";

/// An argument of a server: its clock can be moved.
pub(crate) const TEST_CLOCK: &str = "test clock";

/// Whether this run compares times: its servers hash passwords at the real cost.
fn is_timed() -> bool {
    env::var_os("STEWARD_TEST_TIMED").is_some()
}

/// A port that nobody listens on now.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("a bound address").port()
}

/// A temporary folder of this run.
pub(super) fn new_folder() -> PathBuf {
    let folder = env::temp_dir().join(format!("steward-test-{}-{}", std::process::id(), unique("home")));
    // Left over from a killed process with the same number.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a temporary folder");
    folder
}

/// Data of a server: a folder, and on PostgreSQL a database. Outlives the server's process.
pub(super) struct Home {
    pub(super) folder: PathBuf,
    database: Option<Database>,
    log_name: &'static str,
    /// Variables of its servers, beside their settings.
    environment: Vec<(&'static str, PathBuf)>,
}

impl Home {
    pub(super) fn new() -> Self {
        let folder = new_folder();
        let database = Template::of_this_run().copy_to(&folder.join("data"));
        Self { folder, database, log_name: "log", environment: Vec::new() }
    }

    /// The same with a database that an administrator's script creates; PostgreSQL only.
    pub(super) fn prepared_by(script: &str) -> Self {
        let home = Self::new();
        // The empty one is removed at once.
        let tidied = home.database.as_ref().map(Database::removal).expect("a script needs PostgreSQL");
        Command::new("sh").arg("-c").arg(tidied).stderr(Stdio::null()).status().expect("sh starts");
        Self { database: Some(Database::by_script(script)), ..home }
    }

    /// The same with a variable.
    pub(super) fn with(mut self, name: &'static str, value: &Path) -> Self {
        self.environment.push((name, value.to_owned()));
        self
    }

    /// The same for a second process beside the first, with a log of its own.
    pub(super) fn shared(&self) -> Self {
        Self {
            folder: self.folder.clone(),
            database: self.database.clone(),
            log_name: "second-log",
            environment: self.environment.clone(),
        }
    }

    pub(super) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// `postgres://..`, or `None` on SQLite.
    pub(super) fn database_url(&self) -> Option<String> {
        self.database.as_ref().map(Database::url)
    }

    pub(super) fn log(&self) -> String {
        fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    /// The id of the latest process.
    pub(super) fn pid(&self) -> String {
        let file = self.folder.join(format!("{}.pid", self.log_name));
        fs::read_to_string(file).expect("a process was started").trim().to_owned()
    }

    pub(super) fn log_file(&self) -> PathBuf {
        self.folder.join(self.log_name)
    }

    /// Shell commands that remove all of it.
    fn tidy(&self) -> String {
        let removal = self.database.as_ref().map(Database::removal).unwrap_or_default();
        format!("{removal}\nrm -rf '{}'", self.folder.display())
    }

    pub(super) fn remove(&self) {
        let tidied = Command::new("sh").arg("-c").arg(self.tidy()).stderr(Stdio::null()).status();
        tidied.expect("sh starts");
    }
}

/// The addresses that a server listens on.
#[derive(Clone, Copy)]
pub(super) struct Ports {
    pub(super) api: u16,
    pub(super) metrics: u16,
    pub(super) clock: u16,
}

impl Ports {
    fn free() -> Self {
        Self { api: free_port(), metrics: free_port(), clock: free_port() }
    }
}

/// A running server.
pub(super) struct Running {
    pub(super) ports: Ports,
    keeper: Child,
    orders: Option<ChildStdin>,
    answers: Mutex<BufReader<ChildStdout>>,
}

impl Running {
    /// Starts a server and waits until it is ready. Without ports it takes free ones.
    pub(super) fn start(home: &Home, arguments: &[&str], ports: Option<Ports>) -> Self {
        for _ in 0..TRIES {
            let _ = fs::remove_file(home.log_file());
            let mut running = Self::spawn(home, arguments, ports.unwrap_or_else(Ports::free));
            if running.wait_until_ready(home) {
                return running;
            }
            running.signal("KILL");
        }
        panic!("no free port to listen on, {TRIES} times:\n{}", home.log());
    }

    fn spawn(home: &Home, arguments: &[&str], ports: Ports) -> Self {
        let mut command = Command::new("sh");
        without_settings(&mut command);
        let settings = arguments.iter().filter(|argument| ![SAFE_HASHES, TEST_CLOCK].contains(argument));
        command.args(["-c", KEEPER, "sh"]).arg(program()).arg("serve").args(settings);
        command
            .env("STEWARD_LISTEN", format!("127.0.0.1:{}", ports.api))
            .env("STEWARD_METRICS_LISTEN", format!("127.0.0.1:{}", ports.metrics))
            .env("STEWARD_DATA_DIR", home.data())
            .env("KEEPER_LOG", home.log_file())
            .env("KEEPER_TIDY", home.tidy());
        if arguments.contains(&TEST_CLOCK) {
            command.env("STEWARD_TEST_CLOCK", format!("127.0.0.1:{}", ports.clock));
        }
        if !arguments.contains(&"--rate-limit") {
            command.env("STEWARD_RATE_LIMIT", "1000000");
        }
        if !is_timed() && !arguments.contains(&SAFE_HASHES) {
            command.env("STEWARD_TEST_FAST_HASHES", "1");
        }
        if let Some(url) = home.database_url() {
            command.env("STEWARD_DATABASE_URL", url);
        }
        for (name, value) in &home.environment {
            command.env(name, value);
        }
        command.current_dir(&home.folder).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut keeper = command.spawn().expect("sh starts");
        let orders = keeper.stdin.take();
        let answers = keeper.stdout.take().expect("a piped standard output");
        Self { ports, keeper, orders, answers: Mutex::new(BufReader::new(answers)) }
    }

    /// False if another process took the port meanwhile.
    fn wait_until_ready(&self, home: &Home) -> bool {
        let started = Instant::now();
        let url = format!("http://127.0.0.1:{}/readyz", self.ports.api);
        while started.elapsed() < TIMEOUT {
            let log = home.log();
            if log.contains("can't listen on") {
                return false;
            }
            // Its own log first, so that another server on this port is not mistaken for it.
            if log.contains("Steward serves") && reach(&url).is_ok_and(|(status, _)| status == 200) {
                return true;
            }
            sleep(Duration::from_millis(20));
        }
        panic!("steward is not ready after {} s:\n{}", TIMEOUT.as_secs(), home.log());
    }

    /// Sends a signal, waits for the end, and returns the exit status as a shell reports it. `None` if it has
    /// ended before.
    pub(super) fn signal(&mut self, name: &str) -> Option<i32> {
        let mut orders = self.orders.take()?;
        writeln!(orders, "{name}").expect("the keeper listens");
        drop(orders);
        let mut line = String::new();
        let answers = self.answers.get_mut().unwrap_or_else(std::sync::PoisonError::into_inner);
        answers.read_line(&mut line).expect("the keeper answers");
        self.keeper.wait().expect("the keeper ends");
        Some(line.trim().parse().expect("an exit status"))
    }
}

/// The set-up token that the log of a first start shows.
pub(super) fn setup_token(log: &str) -> Option<String> {
    let after = log.lines().skip_while(|line| !line.starts_with("This platform is empty")).nth(1)?;
    Some(after.trim().to_owned())
}

/// The root of the repository.
pub(super) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests stand in the repository")
}
