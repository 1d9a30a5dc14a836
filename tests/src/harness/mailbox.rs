//! Mail of a server without SMTP: one file per mail.

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use mail_parser::MessageParser;

use super::server::unpoisoned;

const TIMEOUT: Duration = Duration::from_secs(60);

/// A mail as its reader sees it.
#[derive(Debug, Clone)]
pub(crate) struct Mail {
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
}

/// The mails that a server has written.
pub(crate) struct Mailbox(PathBuf);

impl Mail {
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        let message = MessageParser::default().parse(bytes).expect("a mail");
        let to =
            message.to().and_then(|to| to.first()).and_then(|a| a.address()).unwrap_or_default().to_owned();
        Self {
            to,
            subject: message.subject().unwrap_or_default().to_owned(),
            text: message.body_text(0).unwrap_or_default().into_owned(),
            html: message.body_html(0).unwrap_or_default().into_owned(),
        }
    }

    /// The token of its link.
    pub(crate) fn token(&self) -> String {
        let (_, after) =
            self.text.split_once("#token=").unwrap_or_else(|| panic!("no token in {}", self.text));
        after.split_whitespace().next().unwrap_or_default().to_owned()
    }
}

/// After this time a file is complete.
const WRITING: Duration = Duration::from_secs(1);

/// The mails of one folder. Tests wait for mails at the same time, so the folder is read again and again: a file is
/// read while it grows and removed when it is complete, so that the folder stays small.
#[derive(Default)]
struct Index {
    /// Files that may still grow, with the bytes that were read.
    growing: HashMap<OsString, u64>,
    /// By address, then in the order in which they were written.
    mails: HashMap<String, BTreeMap<(SystemTime, OsString), Arc<Mail>>>,
}

impl Index {
    fn refresh(&mut self, folder: &Path) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            if Path::new(&name).extension().is_some_and(|e| e == "eml") {
                self.read(&entry.path(), name);
            }
        }
    }

    fn read(&mut self, path: &Path, name: OsString) {
        let Ok(about) = fs::metadata(path) else { return };
        let Ok(written) = about.modified() else { return };
        let was_read = self.growing.get(&name) == Some(&about.len());
        if !was_read {
            let Ok(bytes) = fs::read(path) else { return };
            if bytes.is_empty() {
                return;
            }
            let mail = Arc::new(Mail::parse(&bytes));
            let mails = self.mails.entry(mail.to.clone()).or_default();
            // What was read of it before it was complete.
            mails.retain(|(_, of), _| *of != name);
            mails.insert((written, name.clone()), mail);
            self.growing.insert(name, u64::try_from(bytes.len()).expect("a mail of some kilobytes"));
        } else if written.elapsed().is_ok_and(|age| age > WRITING) {
            self.growing.remove(&name);
            fs::remove_file(path).expect("a file of this test run");
        }
    }
}

static INDEXES: LazyLock<Mutex<HashMap<PathBuf, Index>>> = LazyLock::new(Mutex::default);
static MAILBOXES: LazyLock<Mutex<HashMap<String, PathBuf>>> = LazyLock::new(Mutex::default);

impl Mailbox {
    pub(crate) fn of(data_dir: &Path) -> Self {
        Self(data_dir.join("mail"))
    }

    /// Registers where the server with this address writes its mail: nowhere if it has a mail server. An
    /// earlier server on the same port may have written files.
    pub(super) fn register(base: &str, data_dir: Option<PathBuf>) {
        let mut mailboxes = unpoisoned(&MAILBOXES);
        match data_dir {
            Some(folder) => mailboxes.insert(base.to_owned(), folder),
            None => mailboxes.remove(base),
        };
    }

    /// That of the server with this address, if it writes its mail into files.
    pub(super) fn at(base: &str) -> Option<Self> {
        unpoisoned(&MAILBOXES).get(base).map(|data_dir| Self::of(data_dir))
    }

    /// All mail to an address, the oldest first.
    pub(crate) fn to(&self, email: &str) -> Vec<Mail> {
        let mut indexes = unpoisoned(&INDEXES);
        let index = indexes.entry(self.0.clone()).or_default();
        index.refresh(&self.0);
        index.mails.get(email).into_iter().flat_map(BTreeMap::values).map(|mail| Mail::clone(mail)).collect()
    }

    /// The mail to an address whose subject has these words.
    pub(crate) fn about(&self, email: &str, words: &str) -> Vec<Mail> {
        self.to(email).into_iter().filter(|mail| mail.subject.contains(words)).collect()
    }

    /// The latest such mail, once there is one.
    pub(crate) fn wait_for(&self, email: &str, words: &str) -> Mail {
        self.wait_for_many(email, words, 1).pop().expect("one at least")
    }

    /// All such mails, the oldest first, once there are this many.
    pub(crate) fn wait_for_many(&self, email: &str, words: &str, number: usize) -> Vec<Mail> {
        let start = Instant::now();
        loop {
            let mails = self.about(email, words);
            if mails.len() >= number {
                return mails;
            }
            assert!(start.elapsed() < TIMEOUT, "no mail about `{words}` to {email}: {:?}", self.to(email));
            sleep(Duration::from_millis(10));
        }
    }
}
