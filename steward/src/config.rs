//! Settings, each with a flag and a `STEWARD_*` variable.

use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use clap::{Args, Parser, Subcommand, value_parser};
use orgs::Slug;
use users::EmailAddress;
use validator::{Validate, ValidateEmail, ValidateUrl, ValidationError};
use words::Form;

/// The maximum length of a reason, in characters.
const MAX_REASON_CHARS: usize = 500;

/// Steward, a customer-support backend.
#[derive(Parser)]
#[command(name = "steward", version, about)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Serve the API, after updating the database schema.
    Serve(Box<Serve>),
    /// Update the database schema, and exit.
    Migrate(Storage),
    /// Print the API's document as YAML.
    Openapi,
    /// Fill an empty database with realistic demo data of any size.
    Demo(Demo),
    /// Copy the embedded database to a new file while it is in use.
    Backup(Backup),
    /// Issue a link for an owner who can't log in any more, or list the owners.
    ///
    /// The server may be running. The holder of the link chooses the password of the account. The link is recorded,
    /// and the account and everybody else who can approve critical changes are notified by mail. The account has no
    /// vote until its owner uses a link that was mailed to it, or another approver restores the vote.
    OwnerRecovery(Box<OwnerRecovery>),
}

/// Storage locations.
#[derive(Args, Clone)]
pub(crate) struct Storage {
    /// Folder of the embedded database, the attachments and the signing key; created if missing.
    #[arg(long, env = "STEWARD_DATA_DIR", default_value = "./steward-data")]
    pub(crate) data_dir: PathBuf,
    /// `postgres://...` or `sqlite://PATH`. Default: SQLite in the data directory.
    #[arg(long, env = "STEWARD_DATABASE_URL", hide_env_values = true)]
    pub(crate) database_url: Option<String>,
    /// Connections to PostgreSQL.
    #[arg(long, env = "STEWARD_DATABASE_CONNECTIONS", default_value_t = 16)]
    pub(crate) database_connections: usize,
    /// What to log: error, warn, info, debug, or a filter as env_logger takes it.
    #[arg(long, env = "STEWARD_LOG", default_value = "warn,steward=info")]
    pub(crate) log: String,
}

impl Storage {
    /// The folders that need free disk space: the data directory, and that of an embedded database.
    pub(crate) fn folders(&self) -> impl Iterator<Item = PathBuf> {
        [Some(self.data_dir.clone()), self.database_folder()].into_iter().flatten()
    }

    /// The folder of the database, if it is embedded.
    fn database_folder(&self) -> Option<PathBuf> {
        let url = self.url();
        let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"))?;
        PathBuf::from(path).parent().map(Path::to_owned)
    }

    /// The database's URL.
    pub(crate) fn url(&self) -> String {
        self.database_url
            .clone()
            .unwrap_or_else(|| format!("sqlite://{}", self.data_dir.join("steward.db").display()))
    }
}

/// How to serve.
#[derive(Args, Clone, Validate)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) storage: Storage,
    /// Address and port of the API.
    #[arg(long, env = "STEWARD_LISTEN", default_value = "127.0.0.1:8080")]
    pub(crate) listen: SocketAddr,
    /// Address and port of `/metrics`. Default: off.
    #[arg(long, env = "STEWARD_METRICS_LISTEN")]
    pub(crate) metrics_listen: Option<SocketAddr>,
    /// Public base URL of the platform, used in links. Default: the listen address.
    #[arg(long, env = "STEWARD_PUBLIC_URL")]
    #[validate(custom(function = "is_web_url"))]
    pub(crate) public_url: Option<String>,
    /// Origins of browser frontends, separated by commas.
    #[arg(long, env = "STEWARD_ALLOWED_ORIGINS", value_delimiter = ',')]
    #[validate(custom(function = "are_origins"))]
    pub(crate) allowed_origins: Vec<String>,
    /// Addresses of proxies whose `X-Forwarded-For` is trusted, separated by commas.
    #[arg(long, env = "STEWARD_TRUSTED_PROXIES", value_delimiter = ',')]
    pub(crate) trusted_proxies: Vec<IpAddr>,
    /// Requests per minute and principal.
    #[arg(long, env = "STEWARD_RATE_LIMIT", default_value = "600")]
    pub(crate) rate_limit: NonZeroU32,
    /// Concurrent connections per address (IPv6: per /64). Trusted proxies are unlimited.
    #[arg(long, env = "STEWARD_CONNECTIONS_PER_ADDRESS", default_value = "512")]
    pub(crate) connections_per_address: NonZeroU32,
    /// `s3://bucket/prefix` for attachments, with the usual AWS_* variables. Default: a folder of the data directory.
    #[arg(long, env = "STEWARD_ATTACHMENTS_URL")]
    pub(crate) attachments_url: Option<String>,
    #[command(flatten)]
    pub(crate) uploads: UploadBounds,
    /// Mail server: `smtps://user:password@host:465`, or `smtp://host:25` in a private network. Default: files in the
    /// data directory.
    #[arg(long, env = "STEWARD_SMTP_URL", hide_env_values = true)]
    pub(crate) smtp_url: Option<String>,
    /// Sender address of mail.
    #[arg(long, env = "STEWARD_MAIL_FROM", default_value = "Steward <no-reply@steward.example>")]
    pub(crate) mail_from: String,
    /// Address of the account that the first set-up token creates.
    #[arg(long, env = "STEWARD_OWNER_EMAIL", default_value = "owner@steward.example")]
    #[validate(custom(function = "is_email"))]
    pub(crate) owner_email: String,
    /// Fill an empty database with demo data, and print its log-ins. Only on loopback.
    #[arg(long)]
    pub(crate) demo: bool,
    #[command(flatten)]
    pub(crate) test_clock: TestClock,
}

/// A clock that tests control.
#[derive(Args, Clone, Copy)]
pub(crate) struct TestClock {
    /// Address and port, on loopback, where tests read and move this process's clock. Never use it in production: its
    /// callers can expire tokens and trigger deletions.
    #[arg(id = "test_clock", long = "test-clock", env = "STEWARD_TEST_CLOCK")]
    pub(crate) listen: Option<SocketAddr>,
    /// The time at which the clock starts, for example 2026-03-29T00:59:00Z. Default: the machine's time.
    #[arg(
        id = "test_clock_start",
        long = "test-clock-start",
        env = "STEWARD_TEST_CLOCK_START",
        requires = "test_clock"
    )]
    pub(crate) start: Option<DateTime<Utc>>,
}

/// Limits for uploads and the disk space that they leave free.
#[derive(Args, Clone, Copy)]
pub(crate) struct UploadBounds {
    /// Maximum number of files of one person that belong to no ticket, over all organizations.
    #[arg(long, env = "STEWARD_MAX_PENDING_FILES", default_value_t = 50, value_parser = value_parser!(i64).range(1..))]
    pub(crate) max_pending_files: i64,
    /// Maximum total size of these files, in bytes.
    #[arg(long, env = "STEWARD_MAX_PENDING_BYTES", default_value_t = 104_857_600, value_parser = value_parser!(i64).range(1..))]
    pub(crate) max_pending_bytes: i64,
    /// Maximum bytes that one person uploads within 24 hours from the first upload, over all organizations.
    /// Interrupted and refused uploads count in full.
    #[arg(long, env = "STEWARD_MAX_DAILY_UPLOAD_BYTES", default_value_t = 1_073_741_824, value_parser = value_parser!(i64).range(1..))]
    pub(crate) max_daily_upload_bytes: i64,
    /// Maximum bytes of files that one organization stores. The last quarter is for members, not for guests.
    #[arg(long, env = "STEWARD_MAX_ORG_BYTES", default_value_t = 21_474_836_480, value_parser = value_parser!(i64).range(1..))]
    pub(crate) max_org_bytes: i64,
    /// Bytes of free disk that uploads must not use. Default: 1 GiB, or a tenth of a disk that is smaller than 10 GiB.
    #[arg(long, env = "STEWARD_DISK_RESERVE_BYTES")]
    pub(crate) disk_reserve_bytes: Option<u64>,
}

/// The source and target of a copy.
#[derive(Args)]
pub(crate) struct Backup {
    #[command(flatten)]
    pub(crate) storage: Storage,
    /// The new file. An existing file is never replaced.
    pub(crate) file: PathBuf,
}

/// The account to recover, and the reason.
#[derive(Args)]
pub(crate) struct OwnerRecovery {
    #[command(flatten)]
    pub(crate) storage: Storage,
    /// Address of the owner's account. Default: none; lists the owners and changes nothing.
    #[arg(long, value_parser = EmailAddress::parse, requires = "reason")]
    pub(crate) email: Option<EmailAddress>,
    /// Slug of the organization that the account owns. Default: none; the account owns the platform.
    #[arg(long, value_parser = Slug::parse)]
    pub(crate) org: Option<Slug>,
    /// Why, for the history of the account: 1 to 500 characters.
    #[arg(long, value_parser = reason, requires = "email")]
    pub(crate) reason: Option<String>,
    /// Also reset two-factor log-in, for an owner who lost the device. All sessions end.
    #[arg(long, requires = "email")]
    pub(crate) reset_two_factor: bool,
    /// Public base URL of the platform, used in the link.
    #[arg(long, env = "STEWARD_PUBLIC_URL", default_value = "http://127.0.0.1:8080", value_parser = web_url)]
    pub(crate) public_url: String,
}

/// The size of the demo data.
#[derive(Args)]
pub(crate) struct Demo {
    #[command(flatten)]
    pub(crate) storage: Storage,
    /// Tickets of the first organization.
    #[arg(long, default_value_t = 40)]
    pub(crate) tickets: u32,
    /// Messages of each ticket. Default: a realistic number.
    #[arg(long)]
    pub(crate) messages: Option<u32>,
}

fn is_web_url(url: &str) -> Result<(), ValidationError> {
    let is_web = url.starts_with("http://") || url.starts_with("https://");
    if is_web && url.validate_url() {
        Ok(())
    } else {
        Err(ValidationError::new("the public URL must begin with http:// or https://"))
    }
}

fn web_url(url: &str) -> Result<String, String> {
    is_web_url(url).map_err(|refused| refused.code.into_owned())?;
    Ok(url.trim_end_matches('/').to_owned())
}

/// The same rule as for reasons in requests.
fn reason(text: &str) -> Result<String, String> {
    Form::Lines.judge(text).map_err(|refused| refused.to_string())?;
    match text.trim().is_empty() || text.chars().count() > MAX_REASON_CHARS {
        true => Err(format!("a reason has 1 to {MAX_REASON_CHARS} characters")),
        false => Ok(text.to_owned()),
    }
}

fn are_origins(origins: &[String]) -> Result<(), ValidationError> {
    let is_origin = |o: &String| {
        url::Url::parse(o).is_ok_and(|u| u.origin().is_tuple() && u.origin().ascii_serialization() == *o)
    };
    if origins.iter().all(is_origin) {
        Ok(())
    } else {
        Err(ValidationError::new("an origin is scheme, host and port, such as https://app.example"))
    }
}

fn is_email(address: &str) -> Result<(), ValidationError> {
    if address.validate_email() {
        Ok(())
    } else {
        Err(ValidationError::new("the owner's address is no e-mail address"))
    }
}
