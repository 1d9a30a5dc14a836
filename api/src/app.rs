//! What every request needs, made once at the start.

use std::net::IpAddr;
use std::ops::Deref;
use std::sync::Arc;

use persistence::Db;
use tickets::UploadLimits;
use tokio::sync::Mutex;

use crate::contract::Contract;
use crate::cursor::CursorSealer;
use crate::disk::Disk;
use crate::files::FileStore;
use crate::jobs::mails::Places;
use crate::jobs::strays::Strays;
use crate::keys::SigningKeys;
use crate::mail::Transport;
use crate::metrics::Metrics;
use crate::passwords::Passwords;
use crate::rate_limit::RateLimits;
use crate::sessions::throttle::GuessQueue;
use crate::stopping::Stopping;

/// The running application. Cheap to clone.
#[derive(Clone)]
pub(crate) struct App(Arc<Parts>);

/// Its parts.
pub(crate) struct Parts {
    pub(crate) db: Db,
    pub(crate) keys: SigningKeys,
    pub(crate) cursors: CursorSealer,
    pub(crate) passwords: Passwords,
    pub(crate) limits: RateLimits,
    pub(crate) guesses: GuessQueue,
    pub(crate) contract: Contract,
    pub(crate) files: FileStore,
    pub(crate) disk: Disk,
    pub(crate) upload_limits: UploadLimits,
    pub(crate) mail: Transport,
    pub(crate) mail_places: Places,
    /// How far the search for files without a row has come.
    pub(crate) strays: Mutex<Strays>,
    pub(crate) metrics: Metrics,
    /// Whether the process is about to end.
    pub(crate) stopping: Stopping,
    /// Where people reach this platform; links begin with it, whatever `Host` a request names.
    pub(crate) public_url: String,
    pub(crate) trusted_proxies: Vec<IpAddr>,
    /// Whose account the set-up token of an empty platform makes.
    pub(crate) owner_email: String,
    /// The document as served: JSON, YAML, and the tag of both.
    pub(crate) document: Document,
}

/// The published document as it is served.
pub(crate) struct Document {
    pub(crate) json: String,
    pub(crate) yaml: String,
    pub(crate) etag: String,
}

impl App {
    pub(crate) fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
