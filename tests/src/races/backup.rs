//! A backup during operation, and a server that restores it.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;

use crate::harness::{Client, Org, OwnServer, PASSWORD, is_postgres, steward};

fn backup(data: &Path, url: Option<&str>, to: &Path) -> Output {
    let mut command = steward();
    command.arg("backup").arg(to).arg("--data-dir").arg(data);
    if let Some(url) = url {
        command.args(["--database-url", url]);
    }
    command.output().expect("the program runs")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn copy_all(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_all(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// All tickets by number, with their subjects.
fn tickets(client: &Client, org: &str) -> BTreeMap<i64, String> {
    let mut all = BTreeMap::new();
    let mut path = format!("/orgs/{org}/tickets?limit=100");
    loop {
        let page = client.get(&path).expect(200);
        for ticket in page["data"].as_array().unwrap() {
            all.insert(ticket["number"].as_i64().unwrap(), ticket["subject"].as_str().unwrap().to_owned());
        }
        let Some(cursor) = page["next_cursor"].as_str() else { return all };
        path = format!("/orgs/{org}/tickets?limit=100&cursor={cursor}");
    }
}

#[test]
fn a_backup_of_a_database_in_use_is_one_state_of_it_and_can_be_served() {
    if is_postgres() {
        return;
    }
    let mut server = OwnServer::start(&[]);
    let org = Org::on(server.platform_owner());
    let file = org.rbt.client.upload(&org.id, "notes.txt", "text/plain", b"Kept.").expect(201);
    let with_file = org.ticket_with(&org.rbt, json!({ "attachment_ids": [file["id"]] })).expect(201);
    let before = tickets(&org.manager.client, &org.id);
    let kept: PathBuf = server.data_dir().join("backup.db");
    let is_over = AtomicBool::new(false);
    let made = std::thread::scope(|threads| {
        for _ in 0..3 {
            threads.spawn(|| {
                while !is_over.load(Ordering::Relaxed) {
                    org.ticket(&org.rbt);
                }
            });
        }
        std::thread::sleep(std::time::Duration::from_millis(300));
        let made = backup(&server.data_dir(), None, &kept);
        std::thread::sleep(std::time::Duration::from_millis(200));
        is_over.store(true, Ordering::Relaxed);
        made
    });
    assert!(made.status.success(), "{}", said(&made));
    assert_eq!(fs::metadata(&kept).unwrap().permissions().mode() & 0o777, 0o600);
    let after = tickets(&org.manager.client, &org.id);
    let again = backup(&server.data_dir(), None, &kept);
    assert!(!again.status.success() && said(&again).contains("is there already"), "{}", said(&again));

    // Restored as documented: the copy in place of the database, beside the attachments and the key.
    server.terminate();
    let data = server.data_dir();
    for name in ["steward.db-wal", "steward.db-shm"] {
        let _ = fs::remove_file(data.join(name));
    }
    let aside = data.with_extension("aside");
    copy_all(&data.join("attachments"), &aside);
    fs::remove_dir_all(data.join("attachments")).unwrap();
    copy_all(&aside, &data.join("attachments"));
    fs::remove_dir_all(&aside).unwrap();
    fs::rename(&kept, data.join("steward.db")).unwrap();
    server.restart();
    let manager = server.client().logged_in(&org.manager.email, PASSWORD);
    let restored = tickets(&manager, &org.id);
    assert!(before.len() < restored.len() && restored.len() < after.len(), "made in the middle");
    assert!(before.keys().all(|number| restored.contains_key(number)), "what was answered before is in it");
    assert_eq!(restored.keys().copied().max(), Some(i64::try_from(restored.len()).unwrap()), "no gap");
    let path = format!("/orgs/{}/attachments/{}/content", org.id, file["id"].as_str().unwrap());
    assert_eq!(manager.get(&path).bytes, b"Kept.");
    assert_eq!(restored[&with_file["number"].as_i64().unwrap()], with_file["subject"].as_str().unwrap());
    let found = manager.get(&format!("/orgs/{}/tickets?q=tablet&limit=100", org.id)).expect(200);
    assert!(!found["data"].as_array().unwrap().is_empty(), "the search index came along");
}

#[test]
fn a_backup_that_can_not_be_made_leaves_nothing() {
    let folder = std::env::temp_dir().join(format!("steward-backup-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let to = folder.join("backup.db");
    let none = backup(&folder, None, &to);
    assert!(!none.status.success() && said(&none).contains("there is no database"), "{}", said(&none));
    let postgres = backup(&folder, Some("postgres://nobody@127.0.0.1:1/none"), &to);
    assert!(!postgres.status.success() && said(&postgres).contains("pg_dump"), "{}", said(&postgres));
    fs::write(folder.join("steward.db"), "no database at all, only a text that is long enough to be read")
        .unwrap();
    let damaged = backup(&folder, None, &to);
    assert!(!damaged.status.success(), "{}", said(&damaged));
    let nowhere = backup(&folder, None, &folder.join("no/such/folder/backup.db"));
    assert!(!nowhere.status.success() && said(&nowhere).contains("can't be written"), "{}", said(&nowhere));
    let left: Vec<_> = fs::read_dir(&folder).unwrap().flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(left, ["steward.db"], "nothing but what was there");
    fs::remove_dir_all(&folder).unwrap();
}
