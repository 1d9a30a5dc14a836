//! One run of wrk.

use std::process::Command;
use std::time::Duration;

use crate::Outcome;
use crate::options::Options;
use crate::process::Server;
use crate::world::World;

const SECONDS: u32 = 4;
const WARM_UP_SECONDS: u32 = 1;

/// The server to drive, and the caller.
pub(crate) struct Target<'a> {
    /// The server.
    pub(crate) server: &'a Server,
    /// The world it serves.
    pub(crate) world: &'a World,
    /// The access token; the baseline needs none.
    pub(crate) token: String,
    /// Where a page begins, for the script that asks for one.
    pub(crate) cursor: String,
}

/// The results of a run.
pub(crate) struct Measured {
    /// Responses per second.
    pub(crate) rate: f64,
    /// Median of the response times.
    pub(crate) p50: Duration,
    /// 99th percentile of the response times.
    pub(crate) p99: Duration,
    /// CPU time of the server per response, in microseconds.
    pub(crate) cost: f64,
}

/// Warms the server up and measures.
pub(crate) fn drive(
    options: &Options,
    target: &Target<'_>,
    script: &str,
    connections: u32,
) -> Outcome<Measured> {
    load(options, target, script, connections, WARM_UP_SECONDS)?;
    let before = target.server.processor_time()?;
    let line = load(options, target, script, connections, SECONDS)?;
    let used = target.server.processor_time()?.saturating_sub(before);
    Ok(Measured {
        rate: f64::from(line.requests) / line.time.as_secs_f64(),
        p50: line.p50,
        p99: line.p99,
        cost: used.as_secs_f64() * 1e6 / f64::from(line.requests),
    })
}

#[derive(Debug, PartialEq, Eq)]
struct Line {
    requests: u32,
    time: Duration,
    p50: Duration,
    p99: Duration,
}

fn load(
    options: &Options,
    target: &Target<'_>,
    script: &str,
    connections: u32,
    seconds: u32,
) -> Outcome<Line> {
    let mut command = Command::new("wrk");
    command
        .current_dir(&options.scripts)
        .args(["--threads", "1", "--connections", &connections.to_string()])
        .args(["--duration", &format!("{seconds}s"), "--timeout", "10s"])
        .args(["--script", &format!("{script}.lua"), &target.server.url()])
        .env("BENCH_ORG", &target.world.org)
        .env("BENCH_LOCATION", &target.world.location)
        .env("BENCH_IDS", target.world.ids())
        .env("BENCH_TOKEN", &target.token)
        .env("BENCH_CURSOR", &target.cursor);
    let output = command.output().map_err(|error| format!("wrk: {error}"))?;
    let said = String::from_utf8_lossy(&output.stdout);
    parse(&said)
        .map_err(|fault| format!("{script}: {fault}\n{said}{}", String::from_utf8_lossy(&output.stderr)))
}

/// The line that shared.lua writes. A run with failed requests is an error.
fn parse(said: &str) -> Outcome<Line> {
    let line = said.lines().find_map(|line| line.strip_prefix("result ")).ok_or("wrk gave no result")?;
    let numbers: Vec<u32> = line.split(' ').map_while(|number| number.parse().ok()).collect();
    let [requests, time, p50, p99, failures] = numbers.as_slice() else {
        return Err(format!("wrk's result is not understood: {line}"));
    };
    if *failures > 0 || *requests == 0 {
        return Err(format!("{failures} of {requests} requests failed"));
    }
    let micros = |number: &u32| Duration::from_micros(u64::from(*number));
    Ok(Line { requests: *requests, time: micros(time), p50: micros(p50), p99: micros(p99) })
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn the_result_is_found() {
        let line = parse("Running 4s test\nresult 8000 4000000 120 950 0\n").unwrap();
        assert_eq!((line.requests, line.time.as_secs(), line.p99.as_micros()), (8000, 4, 950));
    }

    #[test]
    fn failures_are_no_result() {
        assert!(parse("result 8000 4000000 120 950 3").is_err());
        assert!(parse("result 0 4000000 0 0 0").is_err());
        assert!(parse("nothing").is_err());
    }
}
