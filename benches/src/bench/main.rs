//! Drives Steward and the baseline with wrk, prints the results, and fails if a limit is missed. See
//! README.md.

mod client;
mod compare;
mod growth;
mod limits;
mod machine;
mod memory;
mod options;
mod process;
mod report;
mod scenario;
mod scratch;
mod starts;
mod world;
mod wrk;

use std::process::ExitCode;

use limits::Limits;
use options::Options;
use report::say;
use scratch::Scratch;
use world::World;

/// The error is a text for people.
type Outcome<T = ()> = Result<T, String>;

const SMALL: u32 = 10_000;
const LARGE: u32 = 100_000;

fn main() -> ExitCode {
    match run() {
        Ok(limits) => limits.close(),
        Err(fault) => {
            say(&format!("bench: {fault}"));
            ExitCode::from(2)
        }
    }
}

fn run() -> Outcome<Limits> {
    let options = Options::parse()?;
    let scratch = Scratch::new()?;
    let mut limits = Limits::default();
    say(&machine::describe());
    let small = World::build(&options, scratch.path(), SMALL)?;
    starts::measure(&options, &small, scratch.path(), &mut limits)?;
    // Before the writes of the comparison, so that both sizes are measured as they were made.
    let small_costs = options.is_large.then(|| growth::measure(&options, &small)).transpose()?;
    compare::measure(&options, &small, &mut limits)?;
    if let Some(small_costs) = small_costs {
        let large = World::build(&options, scratch.path(), LARGE)?;
        growth::tell(&small_costs, &growth::measure(&options, &large)?, &mut limits);
    }
    Ok(limits)
}
