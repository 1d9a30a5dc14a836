//! Mail as a server without an SMTP server keeps it: a file each.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use mail_parser::MessageParser;

const PATIENCE: Duration = Duration::from_secs(20);

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

impl Mailbox {
    pub(crate) fn of(data_dir: &Path) -> Self {
        Self(data_dir.join("mail"))
    }

    /// All mail to an address, the oldest first.
    pub(crate) fn to(&self, email: &str) -> Vec<Mail> {
        let Ok(folder) = fs::read_dir(&self.0) else { return Vec::new() };
        let mut files: Vec<_> = folder
            .filter_map(|entry| {
                let path = entry.ok()?.path();
                let is_mail = path.extension().is_some_and(|e| e == "eml");
                is_mail.then(|| Some((fs::metadata(&path).ok()?.modified().ok()?, path)))?
            })
            .collect();
        files.sort();
        let mails = files.into_iter().filter_map(|(_, path)| fs::read(path).ok());
        mails
            .filter(|bytes| !bytes.is_empty())
            .map(|bytes| Mail::parse(&bytes))
            .filter(|mail| mail.to == email)
            .collect()
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
