//! Mail as a server without an SMTP server keeps it: a file each.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use mail_parser::MessageParser;

const PATIENCE: Duration = Duration::from_secs(60);

/// A mail as its reader sees it.
#[derive(Debug, Clone)]
pub(crate) struct Mail {
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
}

/// The mail that a server has written.
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

/// When it was written, how long it is, and where.
type File = (SystemTime, u64, PathBuf);

/// A file that holds a mail, not one that is about to.
fn file(path: PathBuf) -> Option<File> {
    let about = fs::metadata(&path).ok()?;
    let is_mail = path.extension().is_some_and(|e| e == "eml") && about.len() > 0;
    is_mail.then_some((about.modified().ok()?, about.len(), path))
}

/// Thousands of mails are looked through again and again: each is read once.
fn parsed(file: File) -> Option<Arc<Mail>> {
    static KNOWN: LazyLock<Mutex<HashMap<File, Arc<Mail>>>> = LazyLock::new(Mutex::default);
    let known = KNOWN.lock().expect("nobody panics while he holds it").get(&file).cloned();
    if known.is_some() {
        return known;
    }
    let mail = Arc::new(Mail::parse(&fs::read(&file.2).ok()?));
    KNOWN.lock().expect("nobody panics while he holds it").insert(file, Arc::clone(&mail));
    Some(mail)
}

impl Mailbox {
    pub(crate) fn of(data_dir: &Path) -> Self {
        Self(data_dir.join("mail"))
    }

    /// All mail to an address, the oldest first.
    pub(crate) fn to(&self, email: &str) -> Vec<Mail> {
        let Ok(folder) = fs::read_dir(&self.0) else { return Vec::new() };
        let mut files: Vec<File> = folder.filter_map(|entry| file(entry.ok()?.path())).collect();
        files.sort();
        let mails = files.into_iter().filter_map(parsed);
        mails.filter(|mail| mail.to == email).map(|mail| Mail::clone(&mail)).collect()
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
            assert!(start.elapsed() < PATIENCE, "no mail about `{words}` to {email}: {:?}", self.to(email));
            sleep(Duration::from_millis(50));
        }
    }
}
