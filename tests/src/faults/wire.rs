//! Requests byte by byte, as no HTTP library sends them.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::harness::document::record_refusal;

/// A connection.
pub(crate) struct Wire(TcpStream);

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let lines = self.head.lines().filter_map(|line| line.split_once(':'));
        lines.filter(|(given, _)| given.eq_ignore_ascii_case(name)).map(|(_, v)| v.trim().to_owned()).next()
    }

    pub(crate) fn body(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_default()
    }

    #[track_caller]
    pub(crate) fn refused(&self, status: u16, code: &str) {
        assert!(
            self.status == status && self.body()["code"] == code,
            "expected {status} {code}, got {self:?}"
        );
        assert_eq!(self.header("Content-Type").as_deref(), Some("application/problem+json"));
        record_refusal(code);
    }
}

impl Wire {
    /// Connects to `http://HOST:PORT`.
    pub(crate) fn open(base: &str) -> Self {
        Self::try_open(base).unwrap()
    }

    /// The same if the server may not be listening any more.
    pub(crate) fn try_open(base: &str) -> std::io::Result<Self> {
        let stream = TcpStream::connect(base.trim_start_matches("http://"))?;
        stream.set_nodelay(true)?;
        Ok(Self(stream))
    }

    /// Connects and sends, and waits a little for the answer.
    pub(crate) fn exchange(base: &str, bytes: &[u8]) -> Option<Answer> {
        let mut wire = Self::open(base);
        wire.send(bytes);
        wire.answer(Duration::from_secs(5))
    }

    /// Sends; false when the other side has closed.
    pub(crate) fn send(&mut self, bytes: &[u8]) -> bool {
        self.0.write_all(bytes).and_then(|()| self.0.flush()).is_ok()
    }

    /// Closes the sending side, and continues to read.
    pub(crate) fn half_close(&mut self) {
        let _ = self.0.shutdown(Shutdown::Write);
    }

    /// A complete answer; `None` if the connection or the time ends before.
    pub(crate) fn answer(&mut self, within: Duration) -> Option<Answer> {
        let until = Instant::now() + within;
        let mut read = Vec::new();
        loop {
            if let Some(answer) = whole(&read) {
                return Some(answer);
            }
            match self.read_some(until) {
                Some(0) | None => return whole(&read),
                Some(_) => read.extend_from_slice(&self.chunk(until)?),
            }
        }
    }

    /// Whether the other side closes within this time. Data before that is ignored.
    pub(crate) fn closes_within(&mut self, within: Duration) -> bool {
        let until = Instant::now() + within;
        loop {
            match self.read_some(until) {
                Some(0) => return true,
                None => return false,
                Some(_) => drop(self.chunk(until)),
            }
        }
    }

    /// The number of bytes that can be read now, at least one unless the connection is closed; `None` if the
    /// time is over.
    fn read_some(&self, until: Instant) -> Option<usize> {
        let left = until.checked_duration_since(Instant::now())?.max(Duration::from_millis(1));
        self.0.set_read_timeout(Some(left)).unwrap();
        let mut buffer = [0; 1];
        match self.0.peek(&mut buffer) {
            Ok(count) => Some(count),
            Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => None,
            Err(_) => Some(0),
        }
    }

    fn chunk(&mut self, _until: Instant) -> Option<Vec<u8>> {
        let mut buffer = vec![0; 65_536];
        let count = self.0.read(&mut buffer).ok()?;
        buffer.truncate(count);
        Some(buffer)
    }
}

fn whole(read: &[u8]) -> Option<Answer> {
    let end = read.windows(4).position(|w| w == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&read[..end]).into_owned();
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let mut answer = Answer { status, head, bytes: read[end + 4..].to_vec() };
    let length = answer.header("Content-Length").map_or(0, |l| l.parse().unwrap_or(0));
    if answer.bytes.len() < length {
        return None;
    }
    answer.bytes.truncate(length);
    Some(answer)
}
