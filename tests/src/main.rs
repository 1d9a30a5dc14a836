//! Steward over HTTP, as an outsider sees it: the same tests on SQLite and on PostgreSQL.

#[cfg(test)]
mod all_operations;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod features;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod races;
