//! From the start of the process to the first 200 of `/readyz`.

use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::Outcome;
use crate::limits::Limits;
use crate::options::Options;
use crate::process::Server;
use crate::report::{millis, say};
use crate::world::World;

const TIMES: u32 = 5;
const MOST_FILLED_MILLIS: f64 = 250.0;
const MOST_EMPTY_MILLIS: f64 = 2_000.0;

/// Starts with the world, and with an empty database that needs all migrations.
pub(crate) fn measure(options: &Options, world: &World, scratch: &Path, limits: &mut Limits) -> Outcome {
    let filled = median(|_| Ok(Server::steward(options, &world.data())?.start))?;
    let empty = median(|time| {
        let data = scratch.join(format!("empty-{time}"));
        fs::create_dir_all(&data).map_err(|error| format!("{}: {error}", data.display()))?;
        Ok(Server::steward(options, &data)?.start)
    })?;
    say(&format!(
        "\nStart, median of {TIMES}: {} with {} tickets, {} empty with all migrations.",
        millis(filled),
        world.tickets,
        millis(empty)
    ));
    limits.at_most("start, ms", filled.as_secs_f64() * 1e3, MOST_FILLED_MILLIS);
    limits.at_most("empty start, ms", empty.as_secs_f64() * 1e3, MOST_EMPTY_MILLIS);
    Ok(())
}

fn median(measure: impl FnMut(u32) -> Outcome<Duration>) -> Outcome<Duration> {
    let mut times = (0..TIMES).map(measure).collect::<Outcome<Vec<_>>>()?;
    times.sort();
    times.get(times.len() / 2).copied().ok_or("nothing was measured".to_owned())
}
