//! `steward owner-recovery`: the recovery of a sole or lost owner of the platform or of an organization.

use std::process::Output;

use serde_json::{Value, json};

use super::helpers::*;
use crate::harness::{Client, Device, Org, OwnServer, PASSWORD, Person, Reply, steward, unique};

const CHOSEN: &str = "another-orchard-lantern-8";
const MADE: &str = "a link for a lost owner was made";
const REASON: &str = "Called back at the number on file.";

fn run(server: &OwnServer, arguments: &[&str]) -> Output {
    let mut command = steward();
    command.arg("owner-recovery").arg("--data-dir").arg(server.data_dir()).args(arguments);
    if let Some(url) = server.database_url() {
        command.args(["--database-url", &url]);
    }
    command.output().expect("the program runs")
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What it prints for an owner.
fn recovered(server: &OwnServer, email: &str, more: &[&str]) -> String {
    said(&run(server, &[&["--email", email, "--reason", REASON], more].concat()))
}

/// The token of the link that it prints.
fn token_in(printed: &str, page: &str) -> String {
    let (_, after) = printed.split_once(page).unwrap_or_else(|| panic!("no link to {page} in {printed}"));
    let (_, token) = after.split_once("#token=").expect("a token");
    token.split_whitespace().next().unwrap().to_owned()
}

fn token(server: &OwnServer, email: &str, more: &[&str]) -> String {
    token_in(&recovered(server, email, more), "/pages/reset-password")
}

/// Asserts a refusal: one line with these words, and nothing printed.
#[track_caller]
fn refused(server: &OwnServer, arguments: &[&str], words: &[&str]) {
    let output = run(server, &[arguments, &["--reason", REASON]].concat());
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {text}");
    assert_eq!((text.lines().count(), output.stdout.len()), (1, 0), "{arguments:?}: {text}");
    assert!(words.iter().all(|word| text.contains(word)), "{arguments:?}: {text}");
}

fn choose(server: &OwnServer, token: &str) -> Reply {
    let body = json!({"token": token, "password": CHOSEN});
    server.client().post("/password-resets/complete", body)
}

fn back(server: &OwnServer, person: &Person) -> Person {
    Person { client: server.client().logged_in(&person.email, CHOSEN), ..person.clone() }
}

/// Proves the address by a link that is sent only to it.
fn prove(server: &OwnServer, person: &Person) {
    person.client.post_empty("/me/address-proofs").expect(202);
    let token = server.mailbox().wait_for(&person.email, "can reach you here").token();
    person.client.post("/me/address-proofs/complete", json!({"token": token})).expect(204);
}

/// Another owner of the platform, created while there is only one.
fn second_owner(server: &OwnServer) -> Person {
    let first = server.platform_owner();
    let second = Org::on(first).owner;
    let path = format!("/users/{}/platform-roles/platform_owner", second.id);
    first.client.put(&path, json!({"reason": "Two see more than one."})).expect(202);
    second
}

/// The events of one kind in the history of an account.
fn history(by: &Person, of: &Person, kind: &str) -> Vec<Value> {
    let page = by.client.get(&format!("/users/{}/activity?purpose=Check", of.id)).expect(200);
    page["data"].as_array().unwrap().iter().filter(|event| event["kind"] == kind).cloned().collect()
}

fn votes(by: &Person, path: &str, of: &Person) -> Vec<String> {
    let listed = by.client.get(path).expect(200);
    let theirs = listed["data"].as_array().unwrap().iter().filter(|one| one["user_id"] == of.id);
    theirs.map(|one| text(one, "vote")).collect()
}

/// Requests a platform role for a user, and returns the path of the request.
fn ask(by: &Person, whom: &Person) -> String {
    let path = format!("/users/{}/platform-roles/platform_developer", whom.id);
    let asked = by.client.put(&path, json!({"reason": "Helps to run it."})).expect(202);
    assert_eq!(asked["status"], "pending");
    format!("/approvals/{}", text(&asked, "id"))
}

#[test]
fn a_lost_owner_of_the_platform_logs_in_by_a_link_made_beside_the_running_server_and_has_no_vote() {
    let server = OwnServer::start(&[]);
    let (owner, second) = (server.platform_owner(), second_owner(&server));
    let other = Org::on(owner);
    let listed = said(&run(&server, &[]));
    assert!(listed.contains(&owner.email) && listed.contains(&second.email), "{listed}");
    assert!(!listed.contains(&other.owner.email), "{listed}");
    Device::of(owner);

    let printed = recovered(&server, &owner.email, &["--reset-two-factor", "--public-url", &server.base]);
    assert!(printed.contains(&format!("{}/pages/reset-password#token=", server.base)), "{printed}");
    assert!(printed.contains("is reset"), "{printed}");
    owner.client.get("/me").refused(401, "token_revoked");
    for (to, mentioned) in [(owner, &owner.email), (&second, &owner.email)] {
        let mail = server.mailbox().wait_for(&to.email, MADE);
        assert!(mail.text.contains(mentioned) && mail.text.contains("operator"), "{}", mail.text);
    }
    server.mailbox().wait_for(&owner.email, "Two-factor login is off");
    for kind in ["owner_recovery_link_created", "two_factor_reset"] {
        let events = history(&second, owner, kind);
        assert_eq!(events.len(), 1, "{kind}");
        let recorded = [&events[0]["reason"], &events[0]["actor_id"], &events[0]["org_id"]];
        assert_eq!(recorded, [&json!(REASON), &Value::Null, &Value::Null], "{kind}");
    }
    assert!(server.mailbox().about(&other.owner.email, MADE).is_empty());

    let token = token_in(&printed, "/pages/reset-password");
    choose(&server, &token).expect(204);
    choose(&server, &token).refused(410, "gone");
    let owner = &back(&server, owner);
    assert_eq!(owner.client.get("/me").expect(200)["is_address_proved"], false, "it was handed over");
    assert_eq!(votes(&second, "/approvers", owner), ["suspended"; 2]);
    let by_second = ask(&second, &other.rbt);
    owner.client.post_empty(&format!("{by_second}/approve")).refused(403, "vote_missing");
    let by_owner = ask(owner, &other.bcba);
    second.client.post_empty(&format!("{by_owner}/approve")).refused(403, "forbidden");
    owner.client.post_empty(&format!("{by_owner}/deny")).expect(200);

    prove(&server, owner);
    assert_eq!(votes(&second, "/approvers", owner), ["effective"; 2]);
    owner.client.post_empty(&format!("{by_second}/approve")).expect(200);
}

#[test]
fn a_lost_owner_of_an_organization_logs_in_by_a_link_made_while_the_server_is_stopped() {
    let mut server = OwnServer::start(&[]);
    let org = Org::on(server.platform_owner());
    let second = org.add_member(&["owner"], &[], None);
    org.let_votes_start();
    let here = ["--org", org.slug.as_str()];
    assert_eq!(server.terminate(), 0);
    let listed = said(&run(&server, &here));
    assert!(listed.contains(&org.owner.email) && listed.contains(&second.email), "{listed}");
    assert!(!listed.contains(&org.manager.email), "{listed}");
    let replaced = token(&server, &org.owner.email, &here);
    let token = token(&server, &org.owner.email, &here);
    server.restart();

    for to in [&org.owner, &second] {
        let mails = server.mailbox().wait_for_many(&to.email, MADE, 2);
        assert!(mails.iter().all(|mail| mail.text.contains(&org.owner.email)), "{mails:?}");
    }
    choose(&server, &replaced).refused(410, "gone");
    choose(&server, &token).expect(204);
    let owner = back(&server, &org.owner);
    owner.client.get(&org.path("/members")).expect(200);
    let events = history(server.platform_owner(), &owner, "owner_recovery_link_created");
    assert_eq!(column(&json!({"data": events}), "org_id"), [org.id.as_str(); 2]);
    let seen = org.path(&format!("/members/{}/activity?purpose=Check", owner.id));
    let seen = second.client.get(&seen).expect(200);
    assert!(column(&seen, "kind").contains(&"owner_recovery_link_created".to_owned()), "{seen}");

    assert_eq!(votes(&second, &org.path("/approvers"), &owner), ["suspended"; 2]);
    let asked = second.client.delete(&org.path(&format!("/members/{}", owner.id))).expect(202);
    let approval = org.path(&format!("/approvals/{}", text(&asked, "id")));
    owner.client.post_empty(&format!("{approval}/approve")).refused(403, "vote_missing");
    owner.client.post_empty(&format!("{approval}/deny")).expect(200);
    let restore = org.path(&format!("/approvers/{}/restore-vote", owner.id));
    second.client.post(&restore, json!({"reason": "I talked to them."})).expect(204);
    assert_eq!(votes(&second, &org.path("/approvers"), &owner), ["effective"; 2]);
}

#[test]
fn an_owner_who_never_logged_in_sets_the_account_up() {
    let server = OwnServer::start(&[]);
    let slug = unique("founded");
    let email = format!("first@{slug}.example");
    let body = json!({"name": "Founded", "slug": slug, "first_admin": {"email": email, "name": "Fay First"}});
    let made = server.platform_owner().client.post("/orgs", body).expect(201);
    let printed = recovered(&server, &email, &["--org", &slug, "--reset-two-factor"]);
    assert!(printed.contains("off already"), "{printed}");
    let token = token_in(&printed, "/pages/account-setup");
    let owner = Person::set_up(&server.client(), &token, "Fay First");
    owner.client.get(&format!("/orgs/{}/members", text(&made, "id"))).expect(200);
    let again = json!({"token": token, "name": "Fay First", "password": PASSWORD});
    server.client().post("/account-setups", again).refused(410, "gone");
}

#[test]
fn only_owners_who_can_log_in_by_a_link_get_one() {
    let server = OwnServer::start(&[]);
    let (platform, org) = (server.platform_owner(), Org::on(server.platform_owner()));
    let [suspended, shut_out] = [(); 2].map(|()| org.add_member(&["owner"], &[], None));
    let unclaimed = Org::on(platform);
    let body = json!({"email": org.rbt.email, "name": "Robin", "roles": ["owner"]});
    unclaimed.owner.client.post(&unclaimed.path("/members"), body).expect(201);
    org.suspend(&suspended);
    let suspend = format!("/users/{}/suspend", shut_out.id);
    platform.client.post(&suspend, json!({"reason": "Sends advertisements."})).expect(200);

    let nobody = "nobody@nowhere.example";
    refused(&server, &["--email", nobody], &[nobody, "no account"]);
    refused(&server, &["--email", nobody, "--org", &org.slug], &[nobody, "no account"]);
    let owner = org.owner.email.as_str();
    refused(&server, &["--email", owner], &[owner, "not an owner of the platform"]);
    refused(&server, &["--email", owner, "--org", "no-such-place"], &["no-such-place", "no organization"]);
    for email in [&org.manager.email, &unclaimed.owner.email, &platform.email] {
        refused(
            &server,
            &["--email", email, "--org", &org.slug],
            &[email, "not an owner of the organization"],
        );
    }
    refused(
        &server,
        &["--email", &suspended.email, "--org", &org.slug],
        &["suspended in", "reactivate_member"],
    );
    refused(&server, &["--email", &shut_out.email, "--org", &org.slug], &["suspended;", "reactivate_user"]);
    refused(&server, &["--email", &org.rbt.email, "--org", &unclaimed.slug], &["is unclaimed"]);
    let long = "x".repeat(501);
    for reason in ["", " ", "a\u{202e}b", &long] {
        let output = run(&server, &["--email", owner, "--org", &org.slug, "--reason", reason]);
        assert_eq!(output.status.code(), Some(2), "{reason:?}");
    }
    assert_eq!(run(&server, &["--email", owner, "--org", &org.slug]).status.code(), Some(2), "no reason");
    assert_eq!(run(&server, &["--reset-two-factor"]).status.code(), Some(2), "of nobody");
    for person in [&org.owner, &org.manager, &suspended, &shut_out, &org.rbt, platform] {
        assert_eq!(history(platform, person, "owner_recovery_link_created"), Vec::<Value>::new());
    }
}

#[test]
fn an_absent_or_older_database_is_not_changed() {
    let server = OwnServer::start(&[]);
    let email = server.platform_owner().email.as_str();
    let versions = "__diesel_schema_migrations";
    let latest = server.sql(&format!(
        "DELETE FROM {versions} WHERE version = (SELECT max(version) FROM {versions}) RETURNING version"
    ));
    refused(&server, &["--email", email], &["older than the program", "steward migrate"]);
    server.wait_for_sql(&format!("SELECT count(*) FROM {versions} WHERE version = '{latest}'"), "0");
    if server.database_url().is_some() {
        return;
    }
    let absent = server.data_dir().join("absent");
    let output = steward().arg("owner-recovery").arg("--data-dir").arg(&absent).output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("no database") && text.lines().count() == 1, "{text}");
    assert!(!absent.exists());
}

#[test]
fn a_handed_over_link_becomes_invalid_once_the_owner_has_the_account_back() {
    let server = OwnServer::start(&[]);
    let org = Org::on(server.platform_owner());
    let here = ["--org", org.slug.as_str()];
    // The owner proves that the mailbox is theirs: after that nobody else has access, and the vote is
    // restored.
    let handed_over = token(&server, &org.owner.email, &here);
    prove(&server, &org.owner);
    assert_eq!(votes(&org.owner, &org.path("/approvers"), &org.owner), ["effective"; 2]);
    choose(&server, &handed_over).refused(410, "gone");
    // Staff find that the account was compromised.
    let handed_over = token(&server, &org.owner.email, &here);
    let flag = format!("/users/{}/flag-compromised", org.owner.id);
    server.platform_owner().client.post(&flag, json!({"reason": "Somebody else answered."})).expect(200);
    choose(&server, &handed_over).refused(410, "gone");
    let nobody: Client = server.client();
    let body = json!({"email": org.owner.email, "password": PASSWORD});
    nobody.post("/sessions", body).refused(401, "invalid_credentials");
}
