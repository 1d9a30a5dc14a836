//! A server under load: started on a free port, and stopped when dropped.

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::options::Options;

const TIMEOUT: Duration = Duration::from_secs(30);

/// A running server that has answered `/readyz`.
pub(crate) struct Server {
    child: Child,
    port: u16,
    /// From its start to the first 200 of `/readyz`.
    pub(crate) start: Duration,
}

impl Server {
    /// Steward on a data directory.
    pub(crate) fn steward(options: &Options, data: &Path) -> Outcome<Self> {
        let port = free_port()?;
        let mut command = steward(options, "serve");
        command
            .arg("--data-dir")
            .arg(data)
            .args(["--listen", &format!("127.0.0.1:{port}")])
            .env("STEWARD_RATE_LIMIT", "100000000");
        Self::start(&mut command, port)
    }

    /// The baseline on a database file.
    pub(crate) fn baseline(options: &Options, database: &Path) -> Outcome<Self> {
        let port = free_port()?;
        let mut command = Command::new(&options.baseline);
        command.arg(database).arg(format!("127.0.0.1:{port}"));
        Self::start(&mut command, port)
    }

    fn start(command: &mut Command, port: u16) -> Outcome<Self> {
        let program = command.get_program().to_string_lossy().into_owned();
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::inherit());
        let started = Instant::now();
        let child = command.spawn().map_err(|error| format!("{program}: {error}"))?;
        let mut server = Self { child, port, start: Duration::ZERO };
        while started.elapsed() < TIMEOUT {
            if is_ready(port) {
                server.start = started.elapsed();
                return Ok(server);
            }
            if let Ok(Some(status)) = server.child.try_wait() {
                return Err(format!("{program} ended: {status}"));
            }
            sleep(Duration::from_millis(1));
        }
        Err(format!("{program} is not ready after {} s", TIMEOUT.as_secs()))
    }

    /// Where it listens.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Its number.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The CPU time that it has used, in user and system mode.
    pub(crate) fn processor_time(&self) -> Outcome<Duration> {
        let path = format!("/proc/{}/stat", self.pid());
        let text = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
        let ticks = ticks(&text).ok_or(format!("{path} is not understood"))?;
        Ok(Duration::from_secs(ticks) / ticks_per_second()?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already; its data is removed in any case.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A command of Steward with only these settings.
pub(crate) fn steward(options: &Options, subcommand: &str) -> Command {
    let mut command = Command::new(&options.steward);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("STEWARD_") {
            command.env_remove(name);
        }
    }
    command.arg(subcommand).env("STEWARD_LOG", "error");
    command
}

/// Fields 14 and 15: utime and stime. The second field, the name, may contain spaces, so counting begins
/// after it.
fn ticks(stat: &str) -> Option<u64> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().skip(11);
    let (user, system): (u64, u64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some(user + system)
}

fn ticks_per_second() -> Outcome<u32> {
    let said =
        Command::new("getconf").arg("CLK_TCK").output().map_err(|error| format!("getconf: {error}"))?;
    let text = String::from_utf8_lossy(&said.stdout);
    text.trim().parse().ok().filter(|ticks| *ticks > 0).ok_or(format!("getconf CLK_TCK said {text}"))
}

fn free_port() -> Outcome<u16> {
    let fault = |error: std::io::Error| format!("no free port: {error}");
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(fault)?;
    Ok(listener.local_addr().map_err(fault)?.port())
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

#[cfg(test)]
mod tests {
    use super::ticks;

    #[test]
    fn the_two_times_are_added() {
        let stat = "42 (a (b) c) S 1 2 3 4 5 6 7 8 9 10 300 20 7 7 20 0 1 0 5";
        assert_eq!(ticks(stat), Some(320));
    }
}
