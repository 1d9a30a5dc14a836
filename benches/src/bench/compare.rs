//! Steward and the baseline, in turns, as a table.

use crate::limits::Limits;
use crate::options::Options;
use crate::process::Server;
use crate::report::{millis, say};
use crate::scenario::{COMPARED, CONNECTIONS, Kind};
use crate::world::World;
use crate::wrk::{Target, drive};
use crate::{Outcome, client, memory};

/// Runs all scenarios on both.
pub(crate) fn measure(options: &Options, world: &World, limits: &mut Limits) -> Outcome {
    let steward = Server::steward(options, &world.data())?;
    let baseline = Server::baseline(options, &world.copy())?;
    let token = client::log_in(&steward, client::STAFF)?;
    let ours = Target { server: &steward, world, token, cursor: String::new() };
    let theirs = Target { server: &baseline, world, token: String::new(), cursor: String::new() };
    say(&format!("\n{} tickets:\n", world.tickets));
    say(
        "| scenario | connections | requests/s | p50 | p99 | CPU per request | baseline requests/s | ratio |",
    );
    say("|---|---:|---:|---:|---:|---:|---:|---:|");
    for scenario in &COMPARED {
        for connections in CONNECTIONS {
            let our = drive(options, &ours, scenario.script, connections)?;
            let their = drive(options, &theirs, scenario.script, connections)?;
            let ratio = our.rate / their.rate;
            say(&format!(
                "| {} | {connections} | {:.0} | {} | {} | {:.0} µs | {:.0} | {ratio:.2} |",
                scenario.name,
                our.rate,
                millis(our.p50),
                millis(our.p99),
                our.cost,
                their.rate
            ));
            let kind = if scenario.kind == Kind::Read { "read" } else { "write" };
            let what = format!("{kind} ratio of {}, {connections} connections", scenario.name);
            limits.at_least(&what, ratio, scenario.kind.least_ratio());
        }
    }
    memory::tell(&steward, &baseline, limits)
}
