//! A world of a given size: one organization with this many tickets of five messages each.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::options::Options;
use crate::report::say;
use crate::{Outcome, process};

const MESSAGES: &str = "5";
/// Tickets that are read and written in turn, spread over the whole world.
const IDS: &str = "SELECT lower(hex(t.id)) AS id FROM tickets t JOIN orgs o ON o.id = t.org_id \
    WHERE o.slug = 'sunrise' AND t.status = 'in_progress' ORDER BY t.number * 7919 % 10007, t.number LIMIT 2000";
const ORG: &str = "SELECT lower(hex(id)) AS id FROM orgs WHERE slug = 'sunrise'";
const LOCATION: &str = "SELECT lower(hex(l.id)) AS id FROM locations l JOIN orgs o ON o.id = l.org_id \
    WHERE o.slug = 'sunrise' ORDER BY l.name LIMIT 1";

/// A filled data directory, and the data that the scripts need.
pub(crate) struct World {
    folder: PathBuf,
    /// The number of tickets.
    pub(crate) tickets: u32,
    /// The organization.
    pub(crate) org: String,
    /// One of its locations.
    pub(crate) location: String,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    id: String,
}

impl World {
    /// Builds it, and a copy of its database for the baseline.
    pub(crate) fn build(options: &Options, scratch: &Path, tickets: u32) -> Outcome<Self> {
        say(&format!("Making a world of {tickets} tickets with {MESSAGES} messages each."));
        let folder = scratch.join(format!("world-{tickets}"));
        let mut command = process::steward(options, "demo");
        command.args(["--tickets", &tickets.to_string(), "--messages", MESSAGES, "--data-dir"]);
        command.arg(folder.join("data")).stdin(Stdio::null()).stdout(Stdio::null());
        let status = command.status().map_err(|error| format!("steward demo: {error}"))?;
        if !status.success() {
            return Err(format!("steward demo: {status}"));
        }
        let mut world = Self { folder, tickets, org: String::new(), location: String::new() };
        world.look()?;
        fs::copy(world.database(), world.copy()).map_err(|error| format!("copy of the database: {error}"))?;
        Ok(world)
    }

    /// Steward's data directory.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// The baseline's database.
    pub(crate) fn copy(&self) -> PathBuf {
        self.folder.join("baseline.db")
    }

    /// A file with a ticket's id on each line.
    pub(crate) fn ids(&self) -> PathBuf {
        self.folder.join("ids")
    }

    fn database(&self) -> PathBuf {
        self.data().join("steward.db")
    }

    /// Reads what the scripts need. Closing this only connection also empties the log into the file that is copied next.
    fn look(&mut self) -> Outcome {
        let path = self.database().display().to_string();
        let fault = |error: &dyn std::fmt::Display| format!("{path}: {error}");
        let mut conn = SqliteConnection::establish(&path).map_err(|error| fault(&error))?;
        let mut ask = |sql: &str| -> Outcome<Vec<String>> {
            let rows: Vec<Row> = diesel::sql_query(sql).load(&mut conn).map_err(|error| fault(&error))?;
            rows.into_iter().map(|row| hyphenated(&row.id)).collect()
        };
        let one = |found: Vec<String>| found.into_iter().next().ok_or("the demo world is not as expected");
        (self.org, self.location) = (one(ask(ORG)?)?, one(ask(LOCATION)?)?);
        let ids = ask(IDS)?;
        if ids.is_empty() {
            return Err("the demo world has no ticket in progress".to_owned());
        }
        fs::write(self.ids(), ids.join("\n") + "\n").map_err(|error| fault(&error))
    }
}

fn hyphenated(hex: &str) -> Outcome<String> {
    uuid::Uuid::parse_str(hex).map(|id| id.to_string()).map_err(|error| format!("{hex}: {error}"))
}
