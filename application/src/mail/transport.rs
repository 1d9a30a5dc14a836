//! How mail leaves: to an SMTP server, or without one into files.

use std::path::{Path, PathBuf};
use std::time::Duration;

use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::AsyncSmtpTransportBuilder;
use lettre::{AsyncFileTransport, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use persistence::NewMail;
use tokio::sync::RwLock;

use super::render::Written;
use crate::private_files::private_folder;

/// Seconds after which a silent mail server counts as away.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Where mail goes.
pub struct Transport {
    from: Mailbox,
    to: To,
}

type Server = AsyncSmtpTransport<Tokio1Executor>;

enum To {
    /// The server with its open connections, and how to begin anew.
    Server(RwLock<Server>, Box<AsyncSmtpTransportBuilder>),
    Files(AsyncFileTransport<Tokio1Executor>, PathBuf),
}

/// How an attempt ended.
pub enum Outcome {
    /// The mail server has it, or a file.
    Sent,
    /// Not this time.
    NotNow(String),
    /// Refused for good by the mail server.
    Refused(String),
    /// Nothing that could be sent.
    Never(String),
}

impl Transport {
    /// To a server, `smtps://user:password@host:465` or `smtp://host:25?tls=required`; without one into files of `folder`.
    pub fn new(server: Option<&str>, from: &str, folder: &Path) -> Result<Self, String> {
        let from = from.parse().map_err(|_| "the sender must look like `Name <name@host>`".to_owned())?;
        let to = match server {
            Some(url) => {
                let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
                    .map_err(|_| "the SMTP URL must look like smtps://user:password@host:465".to_owned())?;
                let builder = builder.timeout(Some(TIMEOUT));
                To::Server(RwLock::new(builder.clone().build()), Box::new(builder))
            }
            None => {
                // Mails hold links that log in.
                private_folder(folder).map_err(|e| e.to_string())?;
                To::Files(AsyncFileTransport::new(folder), folder.to_owned())
            }
        };
        Ok(Self { from, to })
    }

    /// Tries to send a mail once.
    pub async fn send(&self, mail: &NewMail, written: Written) -> Outcome {
        let Ok(to) = mail.email.as_str().parse::<lettre::Address>() else {
            return Outcome::Never("the address is none that mail can be sent to".to_owned());
        };
        let host = self.from.email.domain();
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            // The same for every attempt, so that a receiver who gets it twice can tell.
            .message_id(Some(format!("<{}@{host}>", mail.id.0)))
            .subject(written.subject)
            .multipart(MultiPart::alternative_plain_html(written.text, written.html));
        let Ok(message) = message else {
            return Outcome::Never("the mail can't be put together".to_owned());
        };
        match &self.to {
            To::Server(server, builder) => {
                let connections = server.read().await.clone();
                match tokio::time::timeout(TIMEOUT * 2, connections.send(message)).await {
                    Ok(Ok(_)) => Outcome::Sent,
                    Ok(Err(e)) if is_of_this_mail(&e) => Outcome::Refused(told(&e)),
                    Ok(Err(e)) => Outcome::NotNow(told(&e)),
                    Err(_) => {
                        // A connection left in the middle of a mail would take a late answer for that to the next one.
                        *server.write().await = AsyncSmtpTransportBuilder::clone(builder).build();
                        Outcome::NotNow("the mail server does not answer".to_owned())
                    }
                }
            }
            To::Files(files, folder) => match files.send(message).await {
                Ok(id) => {
                    log::info!("mail.file path={}", folder.join(format!("{id}.eml")).display());
                    Outcome::Sent
                }
                Err(e) => Outcome::NotNow(format!("the file can't be written: {e}")),
            },
        }
    }
}

/// Whether the server refused this recipient or message for good. Other permanent errors, such as a wrong log-in at the
/// server, are about all mail and may be mended.
fn is_of_this_mail(error: &lettre::transport::smtp::Error) -> bool {
    error.status().is_some_and(|code| matches!(u16::from(code), 550..=553 | 555))
}

/// An error in words that name no person: what a server says may quote the address.
fn told(error: &lettre::transport::smtp::Error) -> String {
    match error.status() {
        Some(code) => format!("the mail server answered {code}"),
        None if error.is_timeout() => "the mail server does not answer".to_owned(),
        None if error.is_tls() || is_distrust(error) => "no trusted connection to the mail server".to_owned(),
        None => "the mail server is out of reach".to_owned(),
    }
}

/// Whether a handshake failed: that reaches us as bad data on the connection.
fn is_distrust(error: &(dyn std::error::Error + 'static)) -> bool {
    let is_bad_data = error
        .downcast_ref::<std::io::Error>()
        .is_some_and(|error| error.kind() == std::io::ErrorKind::InvalidData);
    is_bad_data || error.source().is_some_and(is_distrust)
}
