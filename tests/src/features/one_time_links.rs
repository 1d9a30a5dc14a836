//! One-time links into an account: what is saved of them, and what ends them. S000-6, S000-9, S001-31,
//! S003-2, and S6 of the contract.

use std::sync::LazyLock;

use serde_json::{Value, json};

use super::helpers::{as_seen, text};
use crate::harness::{Client, Org, OwnServer, PASSWORD, Person, Reply, is_postgres, unique};

const OTHER: &str = "another-orchard-lantern-8";

const CONFIRM: &str = "Confirm your e-mail";
const RESET: &str = "Reset your password";
const NEW_ACCOUNT: &str = "Your new account";
const ACTIVE: &str = "account is active";

// As both databases accept them.
const LONG_AGO: &str = "2020-01-01T00:00:00.000000Z";
const FAR_AHEAD: &str = "2099-01-01T00:00:00.000000Z";

/// A server with open registration, whose database these tests may change.
struct Stage {
    own: OwnServer,
    org: Org,
}

fn stage() -> &'static Stage {
    static STAGE: LazyLock<Stage> = LazyLock::new(|| {
        let own = OwnServer::start(&[]);
        keep_requests(&own);
        let open = json!({"requires_invitation": false});
        own.platform_owner().client.patch("/platform-settings", open).expect(200);
        Stage { org: Org::on(own.platform_owner()), own }
    });
    &STAGE
}

/// Copies every row of `account_requests`, which is removed within a moment.
fn keep_requests(own: &OwnServer) {
    own.sql("CREATE TABLE kept_requests (payload text)");
    own.sql(if is_postgres() {
        "CREATE RULE keep_requests AS ON INSERT TO account_requests \
         DO ALSO INSERT INTO kept_requests VALUES (NEW.payload::text)"
    } else {
        "CREATE TRIGGER keep_requests AFTER INSERT ON account_requests \
         BEGIN INSERT INTO kept_requests VALUES (NEW.payload); END"
    });
}

fn anybody() -> Client {
    stage().own.client()
}

fn platform() -> &'static Client {
    &stage().own.platform_owner().client
}

fn why() -> Value {
    json!({"reason": "Asked for by phone."})
}

fn somebody() -> Person {
    let org = &stage().org;
    org.add_member(&["rbt"], &[&org.downtown], None)
}

/// The address of a registration with this password that is not confirmed yet.
fn registered(password: &str) -> String {
    let email = format!("{}@else.example", unique("rita"));
    let body = json!({"email": email, "name": "Rita", "password": password, "accepted_agreements": []});
    anybody().post("/registrations", body).expect(202);
    email
}

/// The address of an account that the organization created, and the token of the mailed link.
fn made() -> (String, String) {
    let email = format!("{}@else.example", unique("nia"));
    let body = json!({"email": email, "name": "Nia New", "roles": ["rbt"]});
    stage().org.owner.client.post(&stage().org.path("/members"), body).expect(201);
    let token = link(&email, NEW_ACCOUNT, 1);
    (email, token)
}

fn id_of(email: &str) -> String {
    text(&platform().get(&format!("/users?email={email}")).expect(200)["data"][0], "id")
}

fn forgotten(email: &str) {
    anybody().post("/password-resets", json!({"email": email})).expect(202);
}

fn leave(person: &Person) {
    let wish = json!({"current_password": PASSWORD, "retention_notice_version": 1, "is_confirmed": true});
    person.client.post("/me/schedule-deletion", wish).expect(202);
}

/// The token in the mail of this number, once it is there.
fn link(email: &str, words: &str, number: usize) -> String {
    let mails = stage().own.mailbox().wait_for_many(email, words, number);
    assert_eq!(mails.len(), number, "{words} to {email}");
    mails[number - 1].token()
}

/// Uses a link as its reader does, who is not logged in.
fn redeem(purpose: &str, token: &str) -> Reply {
    redeem_as(&anybody(), purpose, token)
}

fn redeem_as(reader: &Client, purpose: &str, token: &str) -> Reply {
    let (path, body) = match purpose {
        "confirm_address" => ("/registrations/confirm", json!({"token": token, "password": PASSWORD})),
        "set_up_account" => ("/account-setups", json!({"token": token, "name": "Nia", "password": PASSWORD})),
        "reset_password" => ("/password-resets/complete", json!({"token": token, "password": OTHER})),
        "change_address" => ("/address-changes/confirm", json!({"token": token})),
        _ => ("/account-deletions/cancel", json!({"token": token})),
    };
    reader.post(path, body)
}

/// A link, its account, and the answer to its use.
struct Link {
    reader: Client,
    purpose: &'static str,
    email: String,
    token: String,
    works: u16,
}

/// One for each purpose, of five people.
fn one_of_each() -> [Link; 5] {
    let (rita, nia) = (registered(PASSWORD), made().0);
    let [forgetful, moving, leaving] = [(); 3].map(|()| somebody());
    let new = format!("{}@else.example", unique("moved"));
    forgotten(&forgetful.email);
    let change = json!({"current_password": PASSWORD, "email": new});
    moving.client.post("/me/change-address", change).expect(202);
    leave(&leaving);
    [
        ("confirm_address", &rita, &rita, CONFIRM, 204),
        ("set_up_account", &nia, &nia, NEW_ACCOUNT, 201),
        ("reset_password", &forgetful.email, &forgetful.email, RESET, 204),
        ("change_address", &moving.email, &new, "Confirm your new", 204),
        ("cancel_deletion", &leaving.email, &leaving.email, "will be deleted", 204),
    ]
    .map(|(purpose, email, address, words, works)| {
        let (email, token) = (email.clone(), link(address, words, 1));
        let reader = if purpose == "change_address" { moving.client.clone() } else { anybody() };
        Link { reader, purpose, email, token, works }
    })
}

/// Changes a time of a person's link: if it was made long ago, another may be sent.
fn set(email: &str, purpose: &str, column: &str, instant: &str) {
    let whose = format!("user_id = (SELECT id FROM users WHERE email = '{email}') AND purpose = '{purpose}'");
    let update = format!("UPDATE one_time_tokens SET {column} = '{instant}' WHERE {whose} RETURNING purpose");
    assert_eq!(stage().own.sql(&update), purpose, "one row is changed");
}

/// What the database contains about log-ins.
fn kept() -> String {
    let filled = "one_time_tokens invitations mails sessions refresh_tokens kept_requests users";
    let others = "account_requests account_events events idempotency_keys approvals";
    let rows = |table: &str| stage().own.sql(&format!("SELECT * FROM {table}"));
    let mut all: Vec<String> = filled.split(' ').map(rows).collect();
    assert!(all.iter().all(|found| !found.is_empty()), "something is looked at in each of {filled}");
    all.extend(others.split(' ').map(rows));
    all.join("\n")
}

#[test]
fn s003_2_s6_the_database_contains_nothing_that_gives_access_to_an_account() {
    let org = &stage().org;
    // One link of each kind is used and one is left unused.
    let (used, unused) = (somebody(), somebody());
    let own = "heron-on-a-quiet-lantern-3";
    let registrations = [registered(own), registered(own)];
    let confirm = registrations.each_ref().map(|email| link(email, CONFIRM, 1));
    anybody().post("/registrations/confirm", json!({"token": confirm[0], "password": own})).expect(204);
    [&used, &unused].iter().for_each(|person| forgotten(&person.email));
    let reset = [&used, &unused].map(|person| link(&person.email, RESET, 1));
    redeem("reset_password", &reset[0]).expect(204);
    let setups = [made(), made()];
    setups.iter().for_each(|(email, token)| assert_eq!(&link(email, NEW_ACCOUNT, 1), token));
    redeem("set_up_account", &setups[0].1).expect(201);

    let guest = format!("{}@invited.example", unique("guest"));
    let offer = json!({"email": guest, "roles": ["rbt"]});
    let invited = org.owner.client.post(&org.path("/invitations"), offer).expect(201);
    let url = org.path(&format!("/invitations/{}/url", text(&invited, "id")));
    let code = text(&org.owner.client.get(&url).expect(200), "code");
    assert!(stage().own.mailbox().wait_for(&guest, "invites you").text.contains(&code));

    let post = |path: &str, body: Value| anybody().post(path, body).body;
    let tokens = post("/sessions", json!({"email": registrations[0], "password": own}));
    let refreshed = post("/sessions/refresh", json!({"refresh_token": tokens["refresh_token"]}));
    let path = org.path(&format!("/members/{}/set-temporary-password", somebody().id));
    let temporary = text(&org.owner.client.post(&path, why()).expect(200), "temporary_password");
    stage().own.wait_until_mail_is_idle();

    let mut secrets = vec![code, temporary, PASSWORD.to_owned(), OTHER.to_owned(), own.to_owned()];
    secrets.extend(confirm);
    secrets.extend(reset);
    secrets.extend(setups.iter().map(|(_, token)| token.clone()));
    for pair in [&tokens, &refreshed] {
        secrets.extend(["access_token", "refresh_token"].map(|name| text(pair, name)));
    }
    let kept = kept();
    assert!(kept.contains(&guest) && kept.contains(&unused.email), "their rows are looked at");
    for secret in &secrets {
        assert!(secret.len() >= 12 && !kept.contains(secret.as_str()), "{secret} is kept");
    }
    assert_eq!(stage().own.sql("SELECT email FROM users WHERE password_hash NOT LIKE '$argon2id$%'"), "");
}

#[test]
fn s000_9_a_link_to_confirm_is_sent_again_by_either_side_and_ends_the_one_before() {
    let all = [
        (registered(PASSWORD), "confirm_address", CONFIRM, 204),
        (made().0, "set_up_account", NEW_ACCOUNT, 201),
    ];
    for (email, purpose, words, done) in &all {
        let first = link(email, words, 1);
        let path = format!("/users/{}/send-confirmation", id_of(email));
        let by_staff = || platform().post_empty(&path);
        let by_oneself = || anybody().post("/registrations/resend", json!({"email": email})).expect(202);
        by_staff().refused(429, "too_many_attempts");
        set(email, purpose, "created_at", LONG_AGO);
        by_oneself();
        let second = link(email, words, 2);
        redeem(purpose, &first).refused(410, "gone");
        by_staff().refused(429, "too_many_attempts");
        set(email, purpose, "created_at", LONG_AGO);
        by_staff().expect(204);
        let third = link(email, words, 3);
        redeem(purpose, &second).refused(410, "gone");
        redeem(purpose, &third).expect(*done);
        anybody().logged_in(email, PASSWORD);
        by_staff().refused(409, "invalid_transition");
        // This sends nothing: a later request is handled after it.
        by_oneself();
        forgotten(email);
        link(email, RESET, 1);
        stage().own.wait_until_mail_is_idle();
        assert_eq!(stage().own.mailbox().about(email, words).len(), 3);
    }
}

#[test]
fn s000_6_only_the_newest_reset_link_is_valid() {
    let (org, purpose, words) = (&stage().org, "reset_password", RESET);
    let (by_platform, by_org) = (somebody(), somebody());
    let all = [
        (&by_platform, platform(), format!("/users/{}/send-password-reset", by_platform.id)),
        (&by_org, &org.manager.client, org.path(&format!("/members/{}/send-password-reset", by_org.id))),
    ];
    for (person, staff, path) in all {
        forgotten(&person.email);
        let own = link(&person.email, words, 1);
        staff.post_empty(&path).refused(429, "too_many_attempts");
        set(&person.email, purpose, "created_at", LONG_AGO);
        staff.post_empty(&path).expect(204);
        let of_staff = link(&person.email, words, 2);
        redeem(purpose, &own).refused(410, "gone");
        set(&person.email, purpose, "created_at", LONG_AGO);
        forgotten(&person.email);
        let newest = link(&person.email, words, 3);
        redeem(purpose, &of_staff).refused(410, "gone");
        anybody().logged_in(&person.email, PASSWORD);
        redeem(purpose, &newest).expect(204);
        anybody().logged_in(&person.email, OTHER);
    }
}

#[test]
fn s003_2_s6_a_link_is_valid_only_for_its_purpose() {
    let (org, links) = (&stage().org, one_of_each());
    let offer = json!({"email": format!("{}@invited.example", unique("guest")), "roles": ["rbt"]});
    let invited = org.owner.client.post(&org.path("/invitations"), offer).expect(201);
    let url = org.path(&format!("/invitations/{}/url", text(&invited, "id")));
    let code = text(&org.owner.client.get(&url).expect(200), "code");
    let use_code =
        |what: &str, code: &str| anybody().post(&format!("/invitation-codes/{what}"), json!({"code": code}));
    for Link { reader, purpose, token, .. } in &links {
        let redeem = |token: &str| redeem_as(reader, purpose, token);
        let never = as_seen(&redeem("never-given-to-anybody"));
        let others = links.iter().map(|other| &other.token).filter(|other| *other != token);
        for wrong in others.chain([&code]) {
            let refused = redeem(wrong);
            assert_eq!(as_seen(&refused), never, "{purpose}");
            refused.refused(410, "gone");
        }
        redeem("").refused(422, "validation_failed");
        for what in ["preview", "decline"] {
            use_code(what, token).refused(410, "gone");
        }
    }
    for Link { reader, purpose, token, works, .. } in &links {
        redeem_as(reader, purpose, token).expect(*works);
    }
    use_code("decline", &code).expect(204);
}

#[test]
fn s003_2_s6_an_expired_link_is_refused_as_a_used_one_is() {
    for Link { reader, purpose, email, token, works } in one_of_each() {
        let redeem = |token: &str| redeem_as(&reader, purpose, token);
        let never = as_seen(&redeem("never-given-to-anybody"));
        set(&email, purpose, "expires_at", LONG_AGO);
        let expired = redeem(&token);
        set(&email, purpose, "expires_at", FAR_AHEAD);
        assert_eq!(as_seen(&expired), never, "{purpose}");
        expired.refused(410, "gone");
        redeem(&token).expect(works);
        assert_eq!(as_seen(&redeem(&token)), never, "{purpose}");
    }
}

#[test]
fn s001_31_confirmation_by_hand_and_a_cancelled_deletion_are_mailed() {
    let told = |email: &str| {
        let mail = stage().own.mailbox().wait_for(email, ACTIVE);
        assert!(mail.text.contains("You can log in") && !mail.text.contains("#token="), "{}", mail.text);
        stage().own.wait_until_mail_is_idle();
        assert_eq!(stage().own.mailbox().about(email, ACTIVE).len(), 1);
    };
    let rita = registered(PASSWORD);
    let token = link(&rita, CONFIRM, 1);
    platform().post(&format!("/users/{}/confirm", id_of(&rita)), why()).expect(200);
    told(&rita);
    redeem("confirm_address", &token).refused(410, "gone");
    anybody().logged_in(&rita, PASSWORD);
    let (org, (nia, _)) = (&stage().org, made());
    org.owner.client.post(&org.path(&format!("/members/{}/confirm", id_of(&nia))), why()).expect(200);
    told(&nia);

    for way in 0..3 {
        let person = somebody();
        leave(&person);
        let token = link(&person.email, "will be deleted", 1);
        let path = format!("/{}/cancel-deletion", person.id);
        match way {
            0 => platform().post(&format!("/users{path}"), why()).expect(200),
            1 => org.owner.client.post(&org.path(&format!("/members{path}")), why()).expect(200),
            _ => redeem("cancel_deletion", &token).expect(204),
        };
        told(&person.email);
        redeem("cancel_deletion", &token).refused(410, "gone");
        anybody().logged_in(&person.email, PASSWORD);
    }
}
