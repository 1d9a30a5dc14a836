//! Stored files are accessible only to the program's user, even if they were open before.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::json;

use super::start::{Folder, refused};
use crate::harness::{Org, OwnServer, free_port, steward, unique};

const TIMEOUT: Duration = Duration::from_secs(30);
/// No test runs as this user.
const SOMEBODY_ELSE: u32 = 64_123;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

fn open_up(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// Everything below a folder, and the folder.
fn all_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![folder.to_owned()];
    for entry in fs::read_dir(folder).unwrap().flatten() {
        match entry.path().is_dir() {
            true => found.extend(all_below(&entry.path())),
            false => found.push(entry.path()),
        }
    }
    found
}

#[test]
fn stored_files_cannot_be_read_by_others() {
    let server = OwnServer::start(&[]);
    let org = Org::on(server.platform_owner());
    org.rbt.client.upload(&org.id, "a.txt", "text/plain", b"some words").expect(201);
    let email = format!("{}@words.example", unique("nia"));
    let body = json!({ "email": email, "name": "Nia New", "roles": ["rbt"] });
    org.owner.client.post(&org.path("/members"), body).expect(201);
    // Not by the mailbox, which removes what it has read.
    server.wait_until_mail_is_idle();
    let found = all_below(&server.data_dir());
    let has = |part: &str| found.iter().any(|path| path.to_string_lossy().contains(part));
    assert!(has("/attachments/") && has(".eml") && has("signing-key"), "{found:?}");
    assert!(server.database_url().is_some() || (has("steward.db-wal") && has("steward.db-shm")), "{found:?}");
    for path in found.iter().filter(|path| path.exists()) {
        assert_eq!(mode(path) & 0o077, 0, "{}: {:o}", path.display(), mode(path));
    }
}

#[test]
fn open_files_are_closed_to_others_at_the_start() {
    let mut server = OwnServer::start(&[]);
    let org = Org::on(server.platform_owner());
    server.wait_until_mail_is_idle();
    server.kill();
    let data = server.data_dir();
    let names = ["steward.db", "steward.db-wal", "steward.db-shm", "signing-key", "mail", "attachments"];
    let present: Vec<PathBuf> =
        names.iter().map(|name| data.join(name)).filter(|path| path.exists()).collect();
    assert!(present.len() >= 3, "{present:?}");
    for path in present.iter().chain([&data]) {
        open_up(path, if path.is_dir() { 0o755 } else { 0o644 });
    }
    server.restart();
    org.owner.client.get(&org.path("")).expect(200);
    for path in present.iter().chain([&data]).filter(|path| path.exists()) {
        let wanted = if path.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode(path), wanted, "{}: {:o}", path.display(), mode(path));
    }
    assert!(server.log().contains("files.closed"), "{}", server.log());
}

#[test]
fn an_open_folder_of_another_user_is_refused_with_a_remedy() {
    let folder = Folder::new();
    let data = folder.0.join("data");
    fs::create_dir(&data).unwrap();
    open_up(&data, 0o755);
    let us = fs::metadata(&data).unwrap().uid();
    // A user who may not change the owner uses a folder of the system that everybody can read.
    let (theirs, owner) = match chown(&data, Some(SOMEBODY_ELSE), None) {
        Ok(()) => (data, SOMEBODY_ELSE),
        Err(_) => (PathBuf::from("/usr"), 0),
    };
    let path = theirs.display().to_string();
    let (at, before) = (mode(&theirs), fs::metadata(&theirs).unwrap().uid());
    let user = format!("user {owner}");
    let text = refused(&["--data-dir", &path], &["data directory", &path, &user, &format!("chown {us}")]);
    // Closed to all but its owner, only root could use it.
    assert_eq!(text.contains("chmod 700"), us == 0, "{text}");
    assert_eq!(text.contains("folder of its own"), us != 0, "{text}");
    assert_eq!((mode(&theirs), fs::metadata(&theirs).unwrap().uid()), (at, before), "it is left alone");
    assert!(!theirs.join("steward.db").exists());
}

#[test]
fn a_shared_folder_is_not_taken_over() {
    let folder = Folder::new();
    let data = folder.0.join("data");
    fs::create_dir(&data).unwrap();
    open_up(&data, 0o1777);
    let path = data.display().to_string();
    refused(&["--data-dir", &path], &["data directory", &path, "folder of its own"]);
    assert_eq!(mode(&data), 0o1777);
    assert!(fs::read_dir(&data).unwrap().next().is_none());
}

#[test]
fn an_open_folder_in_use_by_others_is_not_closed_to_them() {
    let folder = Folder::new();
    let data = folder.0.join("data");
    fs::create_dir_all(data.join("mail")).unwrap();
    fs::write(data.join("notes.txt"), "Somebody reads this.").unwrap();
    open_up(&data, 0o755);
    let path = data.display().to_string();
    refused(&["--data-dir", &path], &["data directory", &path, "folder of its own", "chmod 700"]);
    assert_eq!(mode(&data), 0o755);
    assert!(!data.join("steward.db").exists());
    let migrate = || {
        let mut command = steward();
        let database = format!("sqlite://{path}/steward.db");
        command.args(["migrate", "--data-dir", &path, "--database-url", &database]);
        command.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap().success()
    };
    // Each remedy in the message works.
    open_up(&data, 0o700);
    assert!(migrate(), "a closed folder is used");
    // From here on it contains the database, and a new file system is treated as empty.
    open_up(&data, 0o755);
    assert!(migrate() && mode(&data) == 0o700, "a data directory that was opened is closed");
    fs::remove_dir_all(&data).unwrap();
    fs::create_dir_all(data.join("lost+found")).unwrap();
    open_up(&data, 0o755);
    assert!(migrate() && mode(&data) == 0o700, "an empty folder is used");
}

#[test]
fn the_soft_limit_of_open_files_does_not_bound_the_connections() {
    let folder = Folder::new();
    let program = steward().get_program().to_owned();
    let command = steward();
    let listen = format!("127.0.0.1:{}", free_port());
    // A shell lowers the soft limit and then executes the program.
    let mut shell = std::process::Command::new("sh");
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    let log = fs::File::create(folder.0.join("log")).unwrap();
    shell.args(["-c", "ulimit -S -n 256 && exec \"$@\"", "sh"]).arg(program);
    shell.args(["serve", "--listen", &listen, "--data-dir", &folder.below("data")]);
    shell.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
    let mut child = shell.spawn().unwrap();
    let told = || fs::read_to_string(folder.0.join("log")).unwrap();
    let started = Instant::now();
    while !told().contains("Steward serves") && started.elapsed() < TIMEOUT {
        sleep(Duration::from_millis(20));
    }
    let limits = fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let line = limits.lines().find(|line| line.starts_with("Max open files")).expect("the limit");
    let numbers: Vec<&str> = line.split_whitespace().skip(3).collect();
    assert_eq!(numbers[0], numbers[1], "soft and hard: {line}");
    assert_ne!(numbers[0], "256", "{line}: the hard limit is no higher, so this shows nothing");
    assert!(told().contains("server.file_limit before=256"), "{}", told());
}
