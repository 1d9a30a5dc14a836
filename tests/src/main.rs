//! Steward over HTTP, as a stranger sees it: the same tests on SQLite and on PostgreSQL.

#[cfg(test)]
mod faults;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod lines;
#[cfg(test)]
mod races;
#[cfg(test)]
mod walks;
