//! The parts of the application, created once at startup.

use std::ops::Deref;
use std::sync::Arc;

use persistence::Db;
use tickets::UploadLimits;
use tokio::sync::Mutex;

use crate::accounts::guess_queue::GuessQueue;
use crate::disk::Disk;
use crate::files::FileStore;
use crate::keys::SigningKeys;
use crate::mail::places::Places;
use crate::mail::transport::Transport;
use crate::passwords::Passwords;
use crate::stopping::Stopping;
use crate::stray_files::StrayFiles;

/// The running application. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<AppParts>);

/// The parts that operations and jobs share.
pub struct AppParts {
    /// The database.
    pub db: Db,
    /// The keys that sign access tokens and derive codes.
    pub keys: SigningKeys,
    /// Hashes and compares passwords.
    pub passwords: Passwords,
    /// Guesses at passwords and codes that wait to be saved.
    pub guesses: GuessQueue,
    /// The storage of attached files.
    pub files: FileStore,
    /// The reserve of free disk space that uploads must not use.
    pub disk: Disk,
    /// Storage limits per person and per organization.
    pub upload_limits: UploadLimits,
    /// The transport for outgoing mail.
    pub mail: Transport,
    /// Limits concurrent mail deliveries.
    pub mail_permits: Places,
    /// The progress of the search for files without a row.
    pub strays: Mutex<StrayFiles>,
    /// Whether the process is shutting down.
    pub stopping: Stopping,
    /// The public base URL of the platform. All links start with it, whatever `Host` a request sends.
    pub public_url: String,
    /// The address of the account that the set-up token of an empty platform creates.
    pub owner_email: String,
}

impl App {
    /// The application with these parts.
    pub fn new(parts: AppParts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for App {
    type Target = AppParts;

    fn deref(&self) -> &AppParts {
        &self.0
    }
}
