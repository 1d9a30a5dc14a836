//! No closure holds the one writer of SQLite for longer than 250 ms: a test that causes one fails.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Mutex;

use super::server::unpoisoned;

/// The server's limit, in milliseconds. It is compared with the closure's CPU time, which doesn't depend on
/// the load of the machine or on its disk.
const LONGEST_HOLD: u64 = 250;

/// The position in the server's log up to which it was checked.
#[derive(Default)]
pub(super) struct WriterWatch(Mutex<u64>);

impl WriterWatch {
    /// Fails for a line since the last check that reports a closure that took too long.
    pub(super) fn look(&self, log: &Path) {
        let Ok(mut file) = File::open(log) else { return };
        let mut seen = unpoisoned(&self.0);
        let mut new = Vec::new();
        file.seek(SeekFrom::Start(*seen)).expect("a place in the log");
        file.read_to_end(&mut new).expect("the log can be read");
        // An incomplete line is left for the next check.
        let whole = new.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        *seen += u64::try_from(whole).expect("a log of a few megabytes");
        drop(seen);
        let text = String::from_utf8_lossy(&new[..whole]);
        if let Some(line) = text.lines().find(|line| is_too_long(line)) {
            panic!("a closure held the writer for too long: {line}");
        }
    }
}

fn is_too_long(line: &str) -> bool {
    let cpu = line.split_once("database.slow_write ").and_then(|(_, rest)| rest.split_once("cpu_millis="));
    cpu.and_then(|(_, millis)| millis.trim().parse::<u64>().ok()).is_some_and(|millis| millis >= LONGEST_HOLD)
}

#[test]
fn the_watch_fails_for_a_closure_that_holds_the_writer() {
    let line = |millis| {
        format!(
            "[..Z WARN  persistence::writer] database.slow_write work=steward::a::b millis=900 cpu_millis={millis}"
        )
    };
    assert!(is_too_long(&line(250)) && is_too_long(&line(3_000)));
    assert!(!is_too_long(&line(249)), "the machine was slow, not the closure");
    assert!(!is_too_long("http.request id=1 cpu_millis=300"));
}
