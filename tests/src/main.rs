//! Steward over HTTP, as a stranger sees it: the same tests on SQLite and on PostgreSQL.

mod faults;
mod harness;
mod lines;
mod races;
mod walks;
