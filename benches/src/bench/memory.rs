//! The memory of a server after the load.

use crate::machine::value;
use crate::process::Server;
use crate::{Outcome, limits::Limits, report::say};

const MOST_KIB: u32 = 128 * 1024;

/// Reports the current memory of both.
pub(crate) fn tell(steward: &Server, baseline: &Server, limits: &mut Limits) -> Outcome {
    let (ours, theirs) = (resident_kib(steward)?, resident_kib(baseline)?);
    let mib = |kib: u32| f64::from(kib) / 1024.0;
    say(&format!("\nResident memory after the run: {:.1} MiB, baseline {:.1} MiB.", mib(ours), mib(theirs)));
    limits.at_most("resident memory, MiB", mib(ours), mib(MOST_KIB));
    Ok(())
}

fn resident_kib(server: &Server) -> Outcome<u32> {
    let text = value(&format!("/proc/{}/status", server.pid()), "VmRSS");
    let kib = text.as_deref().and_then(|text| text.split_whitespace().next()?.parse().ok());
    kib.ok_or("the server's VmRSS can't be read".to_owned())
}
