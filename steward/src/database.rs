//! The database, opened with the log and the data directory.

use application::private_files::{data_folder, private_file};
use persistence::Db;

use crate::config::Storage;
use crate::start_error::StartError;

/// Opens an existing database with a current schema, possibly beside a running server. Creates no files and migrates
/// nothing.
pub(crate) fn open_existing(storage: &Storage) -> Result<Db, StartError> {
    start_log(storage);
    let database = persistence::database_files(&storage.url());
    if let Some(file) = database.first().filter(|file| !file.is_file()) {
        return Err(StartError::NoDatabase(file.display().to_string()));
    }
    database.iter().try_for_each(|file| private_file(file))?;
    let db = Db::open(&storage.url(), storage.database_connections)?;
    db.require_current()?;
    Ok(db)
}

pub(crate) fn start_log(storage: &Storage) {
    let _ = env_logger::Builder::new().parse_filters(&storage.log).format_timestamp_micros().try_init();
}

/// Starts the log, creates the data directory, opens the database and updates its schema.
pub(crate) fn open(storage: &Storage) -> Result<Db, StartError> {
    start_log(storage);
    let unwritable = |e| StartError::DataDir(storage.data_dir.display().to_string(), e);
    // The data directory is private to the program: it contains the database, the signing key, mail and attachments.
    let database = persistence::database_files(&storage.url());
    data_folder(&storage.data_dir, &database)?;
    private_file(&storage.data_dir.join("signing-key"))?;
    database.iter().try_for_each(|file| private_file(file))?;
    let probe = storage.data_dir.join(format!(".writable-{}", std::process::id()));
    std::fs::write(&probe, b"").and_then(|()| std::fs::remove_file(&probe)).map_err(unwritable)?;
    let db = Db::open(&storage.url(), storage.database_connections)?;
    db.migrate()?;
    Ok(db)
}
