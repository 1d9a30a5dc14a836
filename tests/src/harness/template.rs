//! A migrated database. Each server starts on a copy of it, so that a run migrates once.

use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;

use super::database::Database;
use super::process::{new_folder, steward};

/// Its folder, and on PostgreSQL its database. Removed when the tests end.
pub(super) struct Template {
    folder: PathBuf,
    database: Option<Database>,
    /// Waits for the end of its input, that is, of the tests.
    _tidier: Child,
}

static TEMPLATE: LazyLock<Template> = LazyLock::new(Template::make);

impl Template {
    /// That of this run.
    pub(super) fn of_this_run() -> &'static Self {
        &TEMPLATE
    }

    fn make() -> Self {
        let (folder, database) = (new_folder(), Database::empty());
        let removal = database.as_ref().map(Database::removal).unwrap_or_default();
        let tidy = format!("trap '' INT TERM; cat >/dev/null; {removal}\nrm -rf '{}'", folder.display());
        let mut tidier = Command::new("sh");
        tidier.args(["-c", &tidy]).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let tidier = tidier.spawn().expect("sh starts");
        let mut migrate = steward();
        migrate.arg("migrate").env("STEWARD_DATA_DIR", &folder).stdout(Stdio::null());
        if let Some(database) = &database {
            migrate.env("STEWARD_DATABASE_URL", database.url());
        }
        assert!(migrate.status().expect("steward starts").success(), "the template can't be migrated");
        Self { folder, database, _tidier: tidier }
    }

    /// Copies it for a server with this data directory. Returns the database on PostgreSQL.
    pub(super) fn copy_to(&self, data: &Path) -> Option<Database> {
        if let Some(database) = &self.database {
            return Some(database.copy());
        }
        DirBuilder::new().mode(0o700).create(data).expect("a new folder");
        fs::copy(self.folder.join("steward.db"), data.join("steward.db"))
            .expect("a database without a writer");
        None
    }
}
