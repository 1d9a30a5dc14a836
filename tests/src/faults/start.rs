//! Starts that can't succeed: one clear line, and an error code.

use std::fs;
use std::io::Read;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::{Org, OwnServer, free_port, is_postgres, steward, unique};

const TIMEOUT: Duration = Duration::from_secs(20);

/// A folder for one test.
pub(super) struct Folder(pub(super) PathBuf);

impl Folder {
    pub(super) fn new() -> Self {
        let path =
            std::env::temp_dir().join(format!("steward-start-{}-{}", std::process::id(), unique("folder")));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(super) fn below(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Runs `steward serve` until it ends, and returns its exit code and what it wrote to standard error.
fn serve(arguments: &[&str]) -> (i32, String) {
    let listen = format!("127.0.0.1:{}", free_port());
    let mut command = steward();
    command.arg("serve").args(arguments);
    if !arguments.contains(&"--listen") {
        command.args(["--listen", &listen]);
    }
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let started = Instant::now();
    let status = loop {
        match child.try_wait().unwrap() {
            Some(status) => break status,
            None if started.elapsed() > TIMEOUT => {
                child.kill().unwrap();
                child.wait().unwrap();
                panic!("steward serve {arguments:?} goes on instead of ending");
            }
            None => sleep(Duration::from_millis(20)),
        }
    };
    let mut text = String::new();
    child.stderr.take().unwrap().read_to_string(&mut text).unwrap();
    (status.code().unwrap_or(-1), text)
}

/// Asserts one line on standard error that contains these words, and an error code.
#[track_caller]
pub(super) fn refused(arguments: &[&str], words: &[&str]) -> String {
    let (code, text) = serve(arguments);
    assert_ne!(code, 0, "{arguments:?} succeeded");
    // There is another line if files were closed to others.
    let is_notified = |line: &&str| !line.trim().is_empty() && !line.contains("files.closed");
    let lines: Vec<&str> = text.lines().filter(is_notified).collect();
    assert_eq!(lines.len(), 1, "{arguments:?} says more or less than one line:\n{text}");
    for word in words {
        assert!(text.contains(word), "{arguments:?}: {word:?} is not in {text}");
    }
    assert!(!text.contains("panicked") && !text.contains("Error {"), "{text}");
    text
}

#[test]
fn a_port_in_use_is_reported() {
    let folder = Folder::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    refused(&["--data-dir", &folder.below("data"), "--listen", &address], &[&address]);
    let metrics = ["--data-dir", &folder.below("data"), "--metrics-listen", &address];
    refused(&metrics, &[&address]);
}

#[test]
fn an_unreachable_database_is_reported_without_its_password() {
    let folder = Folder::new();
    let data = folder.below("data");
    let nobody = format!("postgres://steward:canary-secret@127.0.0.1:{}/steward", free_port());
    let text = refused(&["--data-dir", &data, "--database-url", &nobody], &["database"]);
    assert!(!text.contains("canary-secret"), "{text}");
    let unknown = refused(
        &["--data-dir", &data, "--database-url", "mysql://root:canary-secret@127.0.0.1/x"],
        &["postgres://", "sqlite://"],
    );
    assert!(!unknown.contains("canary-secret"), "{unknown}");
    fs::write(folder.0.join("file"), "text").unwrap();
    let below_a_file = format!("sqlite://{}", folder.below("file/steward.db"));
    refused(&["--data-dir", &data, "--database-url", &below_a_file], &["database"]);
    let no_database = format!("sqlite://{}", folder.below("file"));
    fs::write(
        folder.0.join("file"),
        "this is no database at all, but it is long enough to be looked at".repeat(100),
    )
    .unwrap();
    refused(&["--data-dir", &data, "--database-url", &no_database], &["database"]);
}

#[test]
fn an_unwritable_data_directory_is_reported() {
    let folder = Folder::new();
    fs::write(folder.0.join("file"), "text").unwrap();
    let below = folder.below("file/data");
    refused(&["--data-dir", &below], &[&below, "data directory"]);
    refused(&["--data-dir", &folder.below("file")], &["data directory"]);
}

#[test]
fn a_weak_or_broken_signing_key_is_refused() {
    for key in [
        "short",
        "",
        "c2hvcnQ",
        "not base64 at all, however long it may be, is a key to nothing",
        "AAAA\nBBBB",
    ] {
        let folder = Folder::new();
        fs::create_dir_all(folder.0.join("data")).unwrap();
        fs::write(folder.0.join("data/signing-key"), key).unwrap();
        let text = refused(&["--data-dir", &folder.below("data")], &["signing"]);
        assert!(key.is_empty() || !text.contains(key), "the key itself is shown: {text}");
    }
}

#[test]
fn inconsistent_settings_are_refused() {
    let folder = Folder::new();
    let data = folder.below("data");
    for origins in [
        "*",
        "null",
        "app.example",
        "https://app.example/",
        "https://app.example/path",
        "https://app.example,*",
    ] {
        refused(&["--data-dir", &data, "--allowed-origins", origins], &["origin"]);
    }
    refused(&["--data-dir", &data, "--public-url", "support.example"], &["public URL"]);
    refused(&["--data-dir", &data, "--owner-email", "nobody"], &["e-mail"]);
    refused(&["--data-dir", &data, "--attachments-url", "ftp://files.example"], &["attachments"]);
    for arguments in [
        ["--rate-limit", "0"],
        ["--listen", "nonsense"],
        ["--trusted-proxies", "proxy.example"],
        ["--unknown", "1"],
    ] {
        let mut all = vec!["--data-dir", &data];
        all.extend(arguments);
        let (code, text) = serve(&all);
        assert!(code != 0 && text.contains(arguments[0]), "{arguments:?}: {code} {text}");
    }
}

#[test]
fn a_database_newer_than_the_program_is_reported_and_not_changed() {
    let mut own = OwnServer::start(&[]);
    let org = Org::on(own.platform_owner());
    assert_eq!(own.terminate(), 0);
    let data = own.data_dir().display().to_string();
    let mark = "INSERT INTO __diesel_schema_migrations (version, run_on) VALUES ('99991231000001', CURRENT_TIMESTAMP)";
    run_sql(&own, mark);
    let url = own.database_url();
    let mut arguments = vec!["--data-dir", &data];
    arguments.extend(url.iter().flat_map(|url| ["--database-url", url]));
    refused(&arguments, &["newer than the program", "99991231000001"]);
    run_sql(&own, "DELETE FROM __diesel_schema_migrations WHERE version = '99991231000001'");
    own.restart();
    assert_eq!(org.owner.client.get(&org.path("")).expect(200)["slug"], org.slug.as_str());
}

/// Changes the database of a stopped server directly.
fn run_sql(own: &OwnServer, statement: &str) {
    let output = match own.database_url() {
        Some(url) => {
            Command::new("psql").args(["--no-psqlrc", "--quiet", &url, "--command", statement]).output()
        }
        None => {
            let script =
                "import sqlite3, sys\nc = sqlite3.connect(sys.argv[1])\nc.execute(sys.argv[2])\nc.commit()";
            let file = own.data_dir().join("steward.db");
            Command::new("python3").args(["-c", script]).arg(file).arg(statement).output()
        }
    };
    let output = output.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_demo_world_is_served_on_loopback_only() {
    let folder = Folder::new();
    for address in ["0.0.0.0", "[::]"] {
        let listen = format!("{address}:{}", free_port());
        refused(&["--demo", "--data-dir", &folder.below("data"), "--listen", &listen], &["demo", "loopback"]);
    }
    assert!(!folder.0.join("data").exists(), "something was made before the refusal");
}

#[test]
fn the_demo_world_is_not_added_to_other_data() {
    let mut own = OwnServer::start(&[]);
    let org = Org::on(own.platform_owner());
    org.ticket_with(&org.rbt, json!({ "urgency": "low" })).expect(201);
    assert_eq!(own.terminate(), 0);
    let data = own.data_dir().display().to_string();
    let url = own.database_url();
    let mut arguments = vec!["--demo", "--data-dir", &data];
    arguments.extend(url.iter().flat_map(|url| ["--database-url", url]));
    refused(&arguments, &["demo"]);
    own.restart();
    let orgs = own.platform_owner().client.get("/orgs").expect(200);
    assert_eq!(orgs["data"].as_array().unwrap().len(), 1, "{orgs}");
    let log_in = json!({ "email": "platform@steward.example", "password": "steward-demo-password" });
    own.client().post("/sessions", log_in).refused(401, "invalid_credentials");
    assert_eq!(url.is_some(), is_postgres());
}
