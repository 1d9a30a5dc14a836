//! The machine that the numbers were measured on.

use std::fs;
use std::thread::available_parallelism;

/// Cores, processor and memory, in a line.
pub(crate) fn describe() -> String {
    let cores = available_parallelism().map_or(0, usize::from);
    let processor = value("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown processor".to_owned());
    let memory = value("/proc/meminfo", "MemTotal").unwrap_or_else(|| "unknown".to_owned());
    format!("Machine: {cores} cores ({processor}), memory {memory}; wrk runs on the same machine.")
}

/// What follows `name:` in a file of lines.
pub(crate) fn value(path: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    line.split_once(':').map(|(_, value)| value.trim().to_owned())
}
