//! A PostgreSQL server for one test run, with its own folder, port and socket; removed afterwards.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::outcome::Outcome;
use crate::scratch::Scratch;
use crate::{process, report, server, tools};

const SUPERUSER: &str = "postgres";
const TIMEOUT: Duration = Duration::from_secs(60);
/// Debian's setting for new clusters, and the line in it that prevents the package from starting one.
const CLUSTER_SETTINGS: &str = "/etc/postgresql-common/createcluster.conf";
const NO_CLUSTER: &str = "create_main_cluster = false\n";

/// A running server; dropping it stops it and removes its folder.
pub(crate) struct Postgres {
    server: Child,
    programs: PathBuf,
    account: Option<Account>,
    port: u16,
    folder: Scratch,
}

impl Postgres {
    /// Creates a cluster and waits until it answers.
    pub(crate) fn start() -> Outcome<Self> {
        let programs = match programs() {
            Some(found) => found,
            None => install()?,
        };
        let account = if tools::is_root() { Some(Account::find()?) } else { None };
        let folder = Scratch::new("postgres")?;
        let data = folder.path().join("data");
        let socket = folder.path().join("socket");
        for path in [&data, &socket] {
            fs::create_dir(path).map_err(|error| format!("{}: {error}", path.display()))?;
            prepare(path, account.as_ref())?;
        }
        let initdb = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--username", SUPERUSER, "-D"];
        process::output(program(&programs, "initdb", account.as_ref()).args(initdb).arg(&data))?;
        let port = server::free_port()?;
        let log = folder.path().join("log");
        let log_file = fs::File::create(&log).map_err(|error| format!("{}: {error}", log.display()))?;
        let server = program(&programs, "postgres", account.as_ref())
            .arg("-D")
            .arg(&data)
            .args(["-h", "127.0.0.1", "-p", &port.to_string(), "-c", "fsync=on", "-c", "max_connections=400"])
            .args(["-c", &format!("unix_socket_directories={}", socket.display())])
            .stdout(Stdio::null())
            .stderr(log_file)
            .spawn()
            .map_err(|error| format!("postgres did not start: {error}"))?;
        let mut running = Self { server, programs, account, port, folder };
        running.wait(&data, &log)?;
        Ok(running)
    }

    /// The maintenance database, as the superuser.
    pub(crate) fn url(&self) -> String {
        format!("postgres://{SUPERUSER}@127.0.0.1:{}/postgres", self.port)
    }

    /// Waits for the line in the server's log that says that it accepts connections.
    fn wait(&mut self, data: &Path, log: &Path) -> Outcome {
        let started = Instant::now();
        let state = data.join("postmaster.pid");
        while started.elapsed() < TIMEOUT {
            let is_ready = fs::read_to_string(&state)
                .is_ok_and(|text| text.lines().nth(7).is_some_and(|line| line.trim() == "ready"));
            if is_ready {
                return Ok(());
            }
            if matches!(self.server.try_wait(), Ok(Some(_))) {
                break;
            }
            sleep(Duration::from_millis(50));
        }
        Err(format!("{}\npostgres does not answer", fs::read_to_string(log).unwrap_or_default()))
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let data = self.folder.path().join("data");
        let stopped = process::output(
            program(&self.programs, "pg_ctl", self.account.as_ref())
                .args(["stop", "--silent", "--mode=immediate", "-D"])
                .arg(&data),
        );
        if let Err(fault) = stopped {
            report::say(&format!("postgres was not stopped in an orderly way: {fault}"));
            let _ = self.server.kill();
        }
        let _ = self.server.wait();
    }
}

/// The user that runs the server if we are root, which PostgreSQL refuses.
struct Account {
    user: u32,
    group: u32,
}

impl Account {
    fn find() -> Outcome<Self> {
        let users = fs::read_to_string("/etc/passwd").map_err(|error| format!("/etc/passwd: {error}"))?;
        let numbers = |name: &str| {
            let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
            let mut fields = line.split(':').skip(2);
            Some(Self { user: fields.next()?.parse().ok()?, group: fields.next()?.parse().ok()? })
        };
        numbers("postgres")
            .or_else(|| numbers("nobody"))
            .ok_or_else(|| "no user to run PostgreSQL as".to_owned())
    }
}

/// Gives a folder to the user that runs the server, and closes it to everybody else.
fn prepare(path: &Path, account: Option<&Account>) -> Outcome {
    let fault = |error: std::io::Error| format!("{}: {error}", path.display());
    if let Some(account) = account {
        chown(path, Some(account.user), Some(account.group)).map_err(fault)?;
    }
    fs::set_permissions(path, fs::Permissions::from_mode(0o700)).map_err(fault)
}

/// One of PostgreSQL's programs, run as the right user and without the settings of another cluster.
fn program(programs: &Path, name: &str, account: Option<&Account>) -> Command {
    let mut command = Command::new(programs.join(name));
    command.current_dir("/");
    for (variable, _) in std::env::vars_os() {
        if variable.to_string_lossy().starts_with("PG") {
            command.env_remove(variable);
        }
    }
    if let Some(account) = account {
        command.uid(account.user).gid(account.group);
    }
    command
}

/// The folder of PostgreSQL's programs: from PATH, else the newest of Debian's.
fn programs() -> Option<PathBuf> {
    let is_complete =
        |folder: &PathBuf| ["initdb", "pg_ctl", "postgres"].iter().all(|name| folder.join(name).is_file());
    let on_path = tools::which("initdb").and_then(|found| found.parent().map(Path::to_path_buf));
    on_path.filter(is_complete).or_else(|| {
        let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
        let mut found: Vec<(u32, PathBuf)> = versions
            .filter_map(|entry| {
                let entry = entry.ok()?;
                Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin")))
            })
            .filter(|(_, folder)| is_complete(folder))
            .collect();
        found.sort();
        found.pop().map(|(_, folder)| folder)
    })
}

fn install() -> Outcome<PathBuf> {
    let settings = Path::new(CLUSTER_SETTINGS);
    if tools::is_root() && tools::which("apt-get").is_some() && !settings.exists() {
        let written =
            fs::create_dir_all("/etc/postgresql-common").and_then(|()| fs::write(settings, NO_CLUSTER));
        written.map_err(|error| format!("{CLUSTER_SETTINGS}: {error}"))?;
    }
    tools::install(&["postgresql"], "PostgreSQL (or run with --sqlite-only)")?;
    programs().ok_or_else(|| "PostgreSQL (or run with --sqlite-only): install postgresql".to_owned())
}
