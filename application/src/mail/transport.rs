//! The transport for outgoing mail: an SMTP server, or files if none is configured.

use std::path::{Path, PathBuf};
use std::time::Duration;

use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::AsyncSmtpTransportBuilder;
use lettre::{AsyncFileTransport, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use persistence::NewMail;
use tokio::sync::RwLock;

use super::render::RenderedMail;
use crate::private_files::private_folder;

/// Seconds without a response after which a mail server is considered unavailable.
const TIMEOUT: Duration = Duration::from_secs(20);

/// The destination of outgoing mail.
pub struct Transport {
    from: Mailbox,
    to: To,
}

type Server = AsyncSmtpTransport<Tokio1Executor>;

enum To {
    /// The server with its open connections, and the builder for new ones.
    Server(RwLock<Server>, Box<AsyncSmtpTransportBuilder>),
    Files(AsyncFileTransport<Tokio1Executor>, PathBuf),
}

/// The outcome of an attempt.
pub enum Outcome {
    /// The mail server accepted it, or the file is written.
    Sent,
    /// A temporary failure.
    NotNow(String),
    /// Rejected permanently by the mail server.
    Refused(String),
    /// The mail cannot be sent at all.
    Never(String),
}

impl Transport {
    /// An SMTP server, as `smtps://user:password@host:465` or `smtp://host:25?tls=required`. Without one, files in
    /// `folder`.
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
                // The mails contain links that log in.
                private_folder(folder).map_err(|e| e.to_string())?;
                To::Files(AsyncFileTransport::new(folder), folder.to_owned())
            }
        };
        Ok(Self { from, to })
    }

    /// Tries once to send a mail.
    pub async fn send(&self, mail: &NewMail, written: RenderedMail) -> Outcome {
        let Ok(to) = mail.email.as_str().parse::<lettre::Address>() else {
            return Outcome::Never("mail can't be sent to this address".to_owned());
        };
        let host = self.from.email.domain();
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            // The same for every attempt, so that receivers can detect duplicates.
            .message_id(Some(format!("<{}@{host}>", mail.id.0)))
            .subject(written.subject)
            .multipart(MultiPart::alternative_plain_html(written.text, written.html));
        let Ok(message) = message else {
            return Outcome::Never("the mail can't be composed".to_owned());
        };
        match &self.to {
            To::Server(server, builder) => {
                let connections = server.read().await.clone();
                match tokio::time::timeout(TIMEOUT * 2, connections.send(message)).await {
                    Ok(Ok(_)) => Outcome::Sent,
                    Ok(Err(e)) if is_rejection(&e) => Outcome::Refused(without_personal_data(&e)),
                    Ok(Err(e)) => Outcome::NotNow(without_personal_data(&e)),
                    Err(_) => {
                        // On a connection that was interrupted during a mail, the next mail would read the late
                        // response to this one.
                        *server.write().await = AsyncSmtpTransportBuilder::clone(builder).build();
                        Outcome::NotNow("the mail server does not respond".to_owned())
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

/// Whether the server rejected this recipient or message permanently. Other permanent errors, such as a failed
/// log-in, affect all mail and may be fixed.
fn is_rejection(error: &lettre::transport::smtp::Error) -> bool {
    error.status().is_some_and(|code| matches!(u16::from(code), 550..=553 | 555))
}

/// The error without personal data: a server's response may quote the address.
fn without_personal_data(error: &lettre::transport::smtp::Error) -> String {
    match error.status() {
        Some(code) => format!("the mail server answered {code}"),
        None if error.is_timeout() => "the mail server does not respond".to_owned(),
        None if error.is_tls() || is_tls_failure(error) => {
            "no trusted connection to the mail server".to_owned()
        }
        None => "the mail server is unreachable".to_owned(),
    }
}

/// Whether the TLS handshake failed, which the library reports as bad data on the connection.
fn is_tls_failure(error: &(dyn std::error::Error + 'static)) -> bool {
    let is_bad_data = error
        .downcast_ref::<std::io::Error>()
        .is_some_and(|error| error.kind() == std::io::ErrorKind::InvalidData);
    is_bad_data || error.source().is_some_and(is_tls_failure)
}
