//! A Steward with the demo world on a free port, for the contract run.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::outcome::Outcome;
use crate::process;
use crate::scratch::Scratch;
use crate::workspace::Workspace;

const TIMEOUT: Duration = Duration::from_secs(180);

/// A running server; dropping it stops it and removes its data.
pub(crate) struct Server {
    process: Child,
    port: u16,
    log: PathBuf,
    _data: Scratch,
}

impl Server {
    /// Starts it and waits until the demo world is complete. The log goes to a file in `folder`.
    pub(crate) fn start(workspace: &Workspace, folder: &Path) -> Outcome<Self> {
        let data = Scratch::new("demo")?;
        let port = free_port()?;
        let log = folder.join("server.log");
        let log_file = File::create(&log).map_err(|error| format!("{}: {error}", log.display()))?;
        let log_copy = log_file.try_clone().map_err(|error| format!("{}: {error}", log.display()))?;
        let mut command = Command::new(workspace.steward());
        process::without_settings(&mut command)
            .args(["serve", "--demo"])
            .env("STEWARD_LISTEN", format!("127.0.0.1:{port}"))
            .env("STEWARD_DATA_DIR", data.path().join("data"))
            .env("STEWARD_RATE_LIMIT", "1000000")
            .env("STEWARD_MAX_PENDING_FILES", "1000000")
            .env("STEWARD_MAX_PENDING_BYTES", "10000000000")
            .env("STEWARD_MAX_DAILY_UPLOAD_BYTES", "10000000000")
            // The log-in of the contract run has an address of its own, so that its wrong passwords don't
            // throttle it.
            .env("STEWARD_TRUSTED_PROXIES", "127.0.0.1")
            .current_dir(data.path())
            .stdin(Stdio::null())
            .stdout(log_file)
            .stderr(log_copy);
        let process = command.spawn().map_err(|error| format!("steward did not start: {error}"))?;
        let mut server = Self { process, port, log, _data: data };
        server.wait()?;
        Ok(server)
    }

    /// Where it listens.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Fails if the server has ended or has panicked.
    pub(crate) fn check(&mut self) -> Outcome {
        if let Ok(Some(status)) = self.process.try_wait() {
            return Err(format!("{}\nsteward ended: {status}", self.said()));
        }
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        match log.lines().find(|line| line.contains("panicked at")) {
            Some(line) => Err(format!("steward panicked: {line}")),
            None => Ok(()),
        }
    }

    fn wait(&mut self) -> Outcome {
        let started = Instant::now();
        while started.elapsed() < TIMEOUT {
            self.check()?;
            if is_ready(self.port) {
                return Ok(());
            }
            sleep(Duration::from_millis(100));
        }
        Err(format!("{}\nsteward is not ready after {} s", self.said(), TIMEOUT.as_secs()))
    }

    /// The end of its log.
    fn said(&self) -> String {
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines.iter().skip(lines.len().saturating_sub(20)).copied().collect::<Vec<_>>().join("\n")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already; its data is removed in any case.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A port that nobody listens on now.
pub(crate) fn free_port() -> Outcome<u16> {
    let listener =
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(|error| format!("no free port: {error}"))?;
    listener.local_addr().map(|address| address.port()).map_err(|error| format!("no free port: {error}"))
}

fn is_ready(port: u16) -> bool {
    let ask = || -> std::io::Result<Vec<u8>> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        write!(stream, "GET /readyz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n")?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|answer| answer.starts_with(b"HTTP/1.1 200"))
}
