//! The cost of a request in a world ten times the size, and on a late page.

use crate::limits::Limits;
use crate::options::Options;
use crate::process::Server;
use crate::report::say;
use crate::world::World;
use crate::wrk::{Target, drive};
use crate::{Outcome, client};

/// The maximum ratio of the costs.
const MOST: f64 = 1.5;
const LATE_PAGE: u32 = 100;

/// CPU time of each request, in microseconds.
pub(crate) struct Costs {
    tickets: u32,
    of: [(&'static str, f64); 4],
    first_page: f64,
    late_page: f64,
}

/// Runs a server of its own over the world, one connection at a time.
pub(crate) fn measure(options: &Options, world: &World) -> Outcome<Costs> {
    let server = Server::steward(options, &world.data())?;
    let token = client::log_in(&server, client::STAFF)?;
    let late = client::cursor_of_page(&server, &token, world, LATE_PAGE)?;
    let target = |token: &str, cursor: &str| Target {
        server: &server,
        world,
        token: token.to_owned(),
        cursor: cursor.to_owned(),
    };
    let (staff, requester) = (target(&token, ""), target(&client::log_in(&server, client::REQUESTER)?, ""));
    let cost = |target: &Target<'_>, script| drive(options, target, script, 1).map(|measured| measured.cost);
    Ok(Costs {
        tickets: world.tickets,
        of: [
            ("list", cost(&staff, "list")?),
            ("get", cost(&staff, "get")?),
            ("search page", cost(&staff, "search")?),
            ("counters", cost(&requester, "counters")?),
        ],
        first_page: cost(&staff, "page")?,
        late_page: cost(&target(&token, &late), "page")?,
    })
}

/// Prints both and their ratios.
pub(crate) fn tell(small: &Costs, large: &Costs, limits: &mut Limits) {
    say(&format!("\n| CPU per request | {} tickets | {} tickets | ratio |", small.tickets, large.tickets));
    say("|---|---:|---:|---:|");
    for ((name, before), (_, after)) in small.of.iter().zip(&large.of) {
        row(name, *before, *after, limits);
    }
    say(&format!("\n| CPU per request, {} tickets | page 1 | page {LATE_PAGE} | ratio |", large.tickets));
    say("|---|---:|---:|---:|");
    row("list", large.first_page, large.late_page, limits);
}

fn row(name: &str, before: f64, after: f64, limits: &mut Limits) {
    let ratio = after / before;
    say(&format!("| {name} | {before:.0} µs | {after:.0} µs | {ratio:.2} |"));
    limits.at_most(&format!("CPU per request of {name}, growth"), ratio, MOST);
}
