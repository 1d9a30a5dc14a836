//! The parts of the application, made once at the start.

use std::ops::Deref;
use std::sync::Arc;

use persistence::Db;
use tickets::UploadLimits;
use tokio::sync::Mutex;

use crate::accounts::guesses::GuessQueue;
use crate::disk::Disk;
use crate::files::FileStore;
use crate::jobs::mails::Places;
use crate::jobs::strays::Strays;
use crate::keys::SigningKeys;
use crate::mail::transport::Transport;
use crate::passwords::Passwords;
use crate::stopping::Stopping;

/// The running application. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// Its parts.
pub struct Parts {
    /// The database.
    pub db: Db,
    /// The keys that sign access tokens and derive codes.
    pub keys: SigningKeys,
    /// Hashes and compares passwords.
    pub passwords: Passwords,
    /// Guesses at passwords and codes that wait to be counted.
    pub guesses: GuessQueue,
    /// Where attached files are.
    pub files: FileStore,
    /// The free disk space that uploads leave alone.
    pub disk: Disk,
    /// How much a person and an organization store.
    pub upload_limits: UploadLimits,
    /// The way out for mail.
    pub mail: Transport,
    /// Mail conversations at the same time.
    pub mail_places: Places,
    /// How far the search for files without a row has come.
    pub strays: Mutex<Strays>,
    /// Whether the process is about to end.
    pub stopping: Stopping,
    /// Where people reach this platform; links begin with it, whatever `Host` a request names.
    pub public_url: String,
    /// Whose account the set-up token of an empty platform makes.
    pub owner_email: String,
}

impl App {
    /// The application made of these.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
