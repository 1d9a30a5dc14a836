//! Invitations: S001-3, S001-6 to S001-20, S001-48.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::helpers::*;
use crate::harness::{
    Client, Org, PASSWORD, Person, Reply, holder_of, platform_owner, second_platform_owner, server, unique,
};

pub(super) fn stranger() -> String {
    format!("{}@invited.example", unique("guest"))
}

pub(super) fn invite(org: &Org, by: &Person, email: &str, change: Value) -> Reply {
    let mut body = json!({"email": email, "roles": ["rbt"]});
    body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    by.client.post(&org.path("/invitations"), body)
}

pub(super) fn invited(org: &Org, email: &str) -> Value {
    invite(org, &org.owner, email, json!({})).expect(201)
}

pub(super) fn at(org: &Org, invitation: &Value, rest: &str) -> String {
    org.path(&format!("/invitations/{}{rest}", text(invitation, "id")))
}

pub(super) fn code(org: &Org, invitation: &Value) -> String {
    text(&org.owner.client.get(&at(org, invitation, "/url")).expect(200), "code")
}

pub(super) fn accept(by: &Client, code: &str) -> Reply {
    by.post("/invitation-codes/accept", json!({"code": code}))
}

fn decline(code: &str) -> Reply {
    Client::anonymous().post("/invitation-codes/decline", json!({"code": code}))
}

fn preview(code: &str) -> Reply {
    Client::anonymous().post("/invitation-codes/preview", json!({"code": code}))
}

fn status(org: &Org, invitation: &Value) -> String {
    text(&org.owner.client.get(&at(org, invitation, "")).expect(200), "status")
}

/// Days from a time in an answer.
fn days_from(told: &Value, days: i64) -> String {
    let at: DateTime<Utc> = told.as_str().unwrap().parse().unwrap();
    (at + TimeDelta::days(days)).to_rfc3339()
}

/// Registers with a code and confirms the address.
fn register(email: &str, code: &str) -> Client {
    let body = json!({"email": email, "name": "Gil Guest", "password": PASSWORD, "accepted_agreements": [], "invitation_code": code});
    Client::anonymous().post("/registrations", body).expect(202);
    let token = server().mailbox().wait_for(email, "Confirm").token();
    Client::anonymous()
        .post("/registrations/confirm", json!({"token": token, "password": PASSWORD}))
        .expect(204);
    Client::log_in(email, PASSWORD)
}

#[test]
fn s001_6_s001_7_an_invitation_saves_its_fields_and_refuses_invalid_ones() {
    let (org, email) = (shared(), stranger());
    let all = json!({
        "roles": ["rbt", "bcba"], "location_ids": [org.downtown], "locale": "es", "greeting": "Welcome", "purpose": "Night shift",
        "valid_from": "2036-01-01T00:00:00Z", "valid_until": "2036-03-01T00:00:00Z", "extra": {"desk": "North 4"}
    });
    let made = invite(org, &org.owner, &email.to_uppercase(), all).expect(201);
    assert_eq!(
        (&made["email"], &made["status"], &made["locale"]),
        (&json!(email), &json!("pending"), &json!("es"))
    );
    assert_eq!(set(&made["roles"]), set_of(&["rbt", "bcba"]));
    assert_eq!(
        (&made["greeting"], &made["purpose"], &made["extra"]["desk"]),
        (&json!("Welcome"), &json!("Night shift"), &json!("North 4"))
    );
    assert_eq!((&made["inviter_id"], &made["inviter_name"]), (&json!(org.owner.id), &json!("Olive Owner")));
    for (change, status, code, place) in [
        (json!({"email": "no address"}), 422, "validation_failed", "#/email"),
        (json!({"roles": ["king"]}), 422, "reference_not_found", "#/roles"),
        (json!({"roles": []}), 422, "validation_failed", "#/roles"),
        (json!({"locale": "tlh"}), 422, "rule_violated", "#/locale"),
        (
            json!({"valid_from": "2036-02-01T00:00:00Z", "valid_until": "2036-01-01T00:00:00Z"}),
            422,
            "rule_violated",
            "#/valid_until",
        ),
        (json!({"valid_until": "2020-01-01T00:00:00Z"}), 422, "rule_violated", "#/valid_until"),
        (json!({"location_ids": [nobody()]}), 422, "reference_not_found", "#/location_ids"),
        (json!({"type": "venue"}), 422, "validation_failed", "#/type"),
    ] {
        let other = stranger();
        let problem = invite(org, &org.owner, &other, change.clone()).refused(status, code);
        assert_eq!(places(&problem), set_of(&[place]), "{change}");
        let found = org.owner.client.get(&org.path(&format!("/invitations?q={other}"))).expect(200);
        assert_eq!(found["data"], json!([]), "{change}");
    }
}

#[test]
fn s001_6_the_default_role_of_an_invitation_is_community_member() {
    let (org, guest) = (shared(), Org::new().rbt);
    let made = org.owner.client.post(&org.path("/invitations"), json!({"email": guest.email})).expect(201);
    assert_eq!(made["roles"], json!(["community_member"]));
    let bulk = json!({"emails": [stranger()]});
    let batch = org.owner.client.post(&org.path("/invitation-batches"), bulk).expect(200);
    assert_eq!(batch["results"][0]["data"]["roles"], json!(["community_member"]));
    let url = org.owner.client.get(&org.path(&format!("/invitations/{}/url", text(&made, "id")))).expect(200);
    guest.client.post("/invitation-codes/accept", json!({"code": url["code"]})).expect(200);
    let member = org.owner.client.get(&org.path(&format!("/members/{}", guest.id))).expect(200);
    assert_eq!(member["roles"], json!(["community_member"]));
}

#[test]
fn s001_8_nobody_invites_above_their_own_permissions() {
    let org = shared();
    invite(org, &org.manager, &stranger(), json!({"roles": ["owner"]})).refused(403, "forbidden");
    invite(org, &org.manager, &stranger(), json!({"roles": ["rbt"]})).expect(201);
    invite(org, &org.rbt, &stranger(), json!({})).refused(403, "forbidden");
    let bulk = json!({"emails": [stranger()], "roles": ["owner"]});
    org.manager.client.post(&org.path("/invitation-batches"), bulk).refused(403, "forbidden");
    let manager = holder_of("platform_manager");
    let up = |role: &str| json!({"email": stranger(), "platform_role": role});
    for role in ["platform_owner", "platform_developer"] {
        manager.client.post("/invitations", up(role)).refused(403, "forbidden");
    }
    manager.client.post("/invitations", json!({"email": stranger()})).expect(201);
    platform_owner().client.post("/invitations", up("king")).refused(422, "validation_failed");
    holder_of("platform_tech_support")
        .client
        .post("/invitations", json!({"email": stranger()}))
        .refused(403, "forbidden");
}

#[test]
fn s001_8_showing_mailing_or_ending_it_requires_the_permission_to_send_it() {
    let org = Org::new();
    let made = invite(&org, &org.owner, &stranger(), json!({"roles": ["owner"]})).expect(201);
    org.manager.client.get(&at(&org, &made, "/url")).refused(403, "forbidden");
    for rest in ["/resend", "/revoke"] {
        org.manager.client.post_empty(&at(&org, &made, rest)).refused(403, "forbidden");
    }
    org.manager.client.delete(&at(&org, &made, "")).refused(403, "forbidden");
    org.manager.client.get(&at(&org, &made, "")).expect(200);
    let body = json!({"email": stranger(), "platform_role": "platform_owner"});
    let platform = platform_owner().client.post("/invitations", body).expect(201);
    let path = format!("/invitations/{}/url", text(&platform, "id"));
    holder_of("platform_manager").client.get(&path).refused(403, "forbidden");
}

#[test]
fn s004_19_staff_of_some_locations_invite_only_to_these() {
    let (org, known) = (Org::new(), Org::new().rbt);
    let local = org.add_member(&["community_facilitator"], &[&org.downtown], Some("locations"));
    let roles = json!(["community_facilitator"]);
    invite(&org, &local, &known.email, json!({"roles": roles, "location_ids": [org.riverside]}))
        .refused(403, "forbidden");
    let made = invite(&org, &local, &known.email, json!({"roles": roles, "location_ids": [org.downtown]}))
        .expect(201);
    accept(&known.client, &code(&org, &made)).expect(200);
    let elsewhere = org.ticket_with(&org.rbt, json!({"location_id": org.riverside})).expect(201);
    known.client.get(&ticket_path(&org, &elsewhere, "")).refused(404, "not_found");
}

#[test]
fn s001_17_the_mail_contains_greeting_link_code_roles_and_validity() {
    let (org, email) = (shared(), stranger());
    let made = invite(org, &org.owner, &email, json!({"greeting": "Bring your badge."})).expect(201);
    let mail = server().mailbox().wait_for(&email, "invites you");
    let code = code(org, &made);
    for words in [
        "Olive Owner",
        "Lakeside Therapy",
        "RBT",
        "Bring your badge.",
        "/invitation#code=",
        code.as_str(),
        "valid from",
    ] {
        assert!(mail.text.contains(words), "{words}: {}", mail.text);
    }
    let spanish = stranger();
    invite(org, &org.owner, &spanish, json!({"locale": "es"})).expect(201);
    let mail = server().mailbox().wait_for(&spanish, "");
    assert!(mail.text.contains("Hola"), "{}", mail.text);
    assert!(!server().log().contains(&code), "no code in a log");
}

#[test]
fn s001_3_s001_15_a_registration_with_the_code_accepts_by_confirming() {
    let (org, email) = (Org::new(), stranger());
    let made = invite(&org, &org.owner, &email, json!({"location_ids": [org.downtown]})).expect(201);
    let code = code(&org, &made);
    let with = |email: &str, code: &str| json!({"email": email, "name": "Gil Guest", "password": PASSWORD, "accepted_agreements": [], "invitation_code": code});
    for (email, code) in [(stranger(), code.as_str()), (email.clone(), "unknown")] {
        let problem =
            Client::anonymous().post("/registrations", with(&email, code)).refused(422, "rule_violated");
        assert_eq!(places(&problem), set_of(&["#/invitation_code"]));
    }
    let guest = register(&email, &code);
    let me = guest.get("/me").expect(200);
    assert_eq!(
        (&me["memberships"][0]["org_id"], &me["memberships"][0]["roles"]),
        (&json!(org.id), &json!(["rbt"]))
    );
    assert_eq!(me["memberships"][0]["location_ids"], json!([org.downtown]));
    let after = org.owner.client.get(&at(&org, &made, "")).expect(200);
    assert_eq!((&after["status"], &after["accepted_by"]), (&json!("accepted"), &me["id"]));
    assert!(after["accepted_at"].is_string());
    accept(&guest, &code).refused(410, "gone");
    preview(&code).refused(410, "gone");
}

#[test]
fn s001_15_only_the_account_with_the_invited_address_accepts() {
    let (org, other) = (Org::new(), Org::new());
    let made = invited(&org, &other.rbt.email);
    let code = code(&org, &made);
    let seen = preview(&code).expect(200);
    assert_eq!((&seen["org_name"], &seen["roles"]), (&json!("Lakeside Therapy"), &json!(["RBT"])));
    assert!(seen.get("purpose").is_none() && seen.get("extra").is_none());
    accept(&other.bcba.client, &code).refused(403, "forbidden");
    assert_eq!(status(&org, &made), "pending", "a refusal decides nothing");
    accept(&Client::anonymous(), &code).refused(401, "unauthenticated");
    let accepted = accept(&other.rbt.client, &code).expect(200);
    assert_eq!(accepted["org_id"], json!(org.id));
    other.rbt.client.get(&org.path("/tickets")).expect(200);
    other.rbt.client.get(&other.path("/tickets")).expect(200);
    accept(&other.rbt.client, &code).refused(410, "gone");
    invite(&org, &org.owner, &other.rbt.email, json!({})).refused(409, "already_exists");
}

#[test]
fn s001_13_of_twenty_accepts_at_once_one_succeeds() {
    let (org, other) = (Org::new(), Org::new());
    let made = invited(&org, &other.rbt.email);
    let code = code(&org, &made);
    let replies = crate::races::concurrently::together(20, |_| accept(&other.rbt.client, &code));
    let well = replies.iter().filter(|reply| reply.status == 200).count();
    assert_eq!(well, 1, "{replies:?}");
    assert!(replies.iter().all(|reply| matches!(reply.status, 200 | 410)), "{replies:?}");
    let members = walk(&org.owner.client, &org.path("/members"));
    assert_eq!(members.iter().filter(|member| member["user_id"] == json!(other.rbt.id)).count(), 1);
}

#[test]
fn accepting_and_revoking_at_once_have_one_outcome() {
    let (org, other) = (Org::new(), Org::new());
    for _ in 0..5 {
        let person = other.add_member(&["rbt"], &[], None);
        let made = invited(&org, &person.email);
        let code = code(&org, &made);
        let replies = crate::races::concurrently::together(2, |number| match number {
            0 => accept(&person.client, &code),
            _ => org.owner.client.post_empty(&at(&org, &made, "/revoke")),
        });
        let well: Vec<bool> = replies.iter().map(|reply| reply.status == 200).collect();
        assert_eq!(well.iter().filter(|is_well| **is_well).count(), 1, "{replies:?}");
        let is_member = person.client.get(&org.path("/tickets")).status == 200;
        assert_eq!(is_member, well[0]);
        assert_eq!(status(&org, &made), if well[0] { "accepted" } else { "revoked" });
    }
}

#[test]
fn s001_10_resending_requires_a_quarter_of_an_hour() {
    let (org, email) = (shared(), stranger());
    let made = invited(org, &email);
    let reply = org.owner.client.post_empty(&at(org, &made, "/resend"));
    let wait: u64 = reply.header("retry-after").unwrap().parse().unwrap();
    assert!((880..=901).contains(&wait), "{wait}");
    reply.refused(429, "too_many_attempts");
    org.owner.client.post_empty(&at(org, &made, "/revoke")).expect(200);
    org.owner.client.post_empty(&at(org, &made, "/resend")).refused(409, "invalid_transition");
}

#[test]
fn s001_11_s001_12_revoking_is_effective_at_once_and_deleting_is_permanent() {
    let (org, other) = (Org::new(), shared());
    let email = stranger();
    let made = invited(&org, &email);
    let first = code(&org, &made);
    invite(&org, &org.owner, &email, json!({})).refused(409, "already_exists");
    org.owner.client.post_empty(&at(&org, &made, "/revoke")).expect(200);
    for refused in [preview(&first), decline(&first)] {
        refused.refused(410, "gone");
    }
    org.owner.client.post_empty(&at(&org, &made, "/revoke")).refused(409, "invalid_transition");
    org.owner.client.get(&at(&org, &made, "/url")).refused(409, "invalid_transition");
    // The inviter can mail the address again only after a quarter of an hour, whatever happened to the first
    // invitation.
    invite(&org, &org.owner, &email, json!({})).refused(429, "too_many_attempts");
    let again = invite(&org, &org.manager, &email, json!({})).expect(201);
    let second = code(&org, &again);
    assert_ne!(second, first);
    decline(&second).expect(204);
    decline(&second).refused(410, "gone");
    assert_eq!(status(&org, &again), "declined");
    org.owner.client.delete(&at(&org, &again, "")).refused(409, "conflict");
    other
        .owner
        .client
        .delete(&other.path(&format!("/invitations/{}", text(&made, "id"))))
        .refused(404, "not_found");
    org.owner.client.delete(&at(&org, &made, "")).expect(204);
    org.owner.client.get(&at(&org, &made, "")).refused(404, "not_found");
    let colleague = org.add_member(&["manager"], &[], None);
    let third = invite(&org, &colleague, &email, json!({})).expect(201);
    org.owner.client.delete(&at(&org, &third, "")).expect(204);
    let member = Org::new().rbt;
    let taken = invited(&org, &member.email);
    accept(&member.client, &code(&org, &taken)).expect(200);
    org.owner.client.delete(&at(&org, &taken, "")).refused(409, "conflict");
}

#[test]
fn s001_13_expiry_follows_from_the_clock_and_the_address_can_be_invited_again() {
    let (org, other) = (Org::new(), Org::new());
    let now = text(&org.ticket(&org.rbt), "created_at").parse::<DateTime<Utc>>().unwrap();
    let soon = (now + TimeDelta::seconds(10)).to_rfc3339();
    let made = invite(&org, &org.owner, &other.rbt.email, json!({"valid_until": soon})).expect(201);
    assert_eq!(made["warnings"], json!(["unusual_validity"]));
    let code = code(&org, &made);
    std::thread::sleep(std::time::Duration::from_millis(10_300));
    assert_eq!(status(&org, &made), "expired");
    accept(&other.rbt.client, &code).refused(410, "gone");
    invite(&org, &org.manager, &other.rbt.email, json!({})).expect(201);
    let expired = org.owner.client.get(&org.path("/invitations?status=expired")).expect(200);
    assert_eq!(column(&expired, "id"), [text(&made, "id")]);
}

#[test]
fn s001_19_unusual_validity_is_accepted_with_a_warning_and_thirty_days_are_the_default() {
    let org = shared();
    let made = invited(org, &stranger());
    assert_eq!(made["warnings"], json!([]));
    assert_eq!(days_from(&made["valid_from"], 30), days_from(&made["valid_until"], 0));
    for (days, warnings) in [(29, 1), (31, 0), (90, 0), (91, 1)] {
        let terms = json!({"valid_from": days_from(&made["valid_from"], 1), "valid_until": days_from(&made["valid_from"], 1 + days)});
        let other = invite(org, &org.owner, &stranger(), terms).expect(201);
        assert_eq!(other["warnings"].as_array().map(Vec::len), Some(warnings), "{days} days");
    }
    let later = json!({"valid_from": days_from(&made["valid_from"], 2)});
    let known = Org::new().rbt;
    let early = invite(org, &org.owner, &known.email, later).expect(201);
    accept(&known.client, &code(org, &early)).refused(409, "conflict");
}

#[test]
fn invitations_of_an_inactive_inviter_are_suspended() {
    let (org, other) = (Org::new(), Org::new());
    let made = invite(&org, &org.manager, &other.rbt.email, json!({})).expect(201);
    let code = code(&org, &made);
    org.suspend(&org.manager);
    assert_eq!(status(&org, &made), "suspended");
    accept(&other.rbt.client, &code).refused(409, "conflict");
    preview(&code).refused(409, "conflict");
    org.reactivate(&org.manager);
    assert_eq!(status(&org, &made), "pending");
    change_member(&org, &org.manager, json!({"roles": ["rbt"]}));
    accept(&other.rbt.client, &code).refused(409, "conflict");
    assert_eq!(status(&org, &made), "pending", "a refusal decides nothing");
    change_member(&org, &org.manager, json!({"roles": ["manager"]}));
    accept(&other.rbt.client, &code).expect(200);
}

#[test]
fn s001_9_the_link_is_shown_while_pending_and_that_is_recorded() {
    let (org, other) = (Org::new(), Org::new());
    let made = invited(&org, &other.rbt.email);
    let link = org.owner.client.get(&at(&org, &made, "/url")).expect(200);
    assert!(text(&link, "url").ends_with(&format!("/invitation#code={}", text(&link, "code"))));
    assert_eq!(org.owner.client.get(&at(&org, &made, "/url")).expect(200), link, "always the same");
    org.rbt.client.get(&at(&org, &made, "/url")).refused(403, "forbidden");
    accept(&other.rbt.client, &text(&link, "code")).expect(200);
    org.owner.client.get(&at(&org, &made, "/url")).refused(409, "invalid_transition");
    let platform = platform_owner().client.post("/invitations", json!({"email": stranger()})).expect(201);
    platform_owner().client.get(&format!("/invitations/{}/url", text(&platform, "id"))).expect(200);
    let own = platform_owner()
        .client
        .get(&format!("/users/{}/activity?purpose=Check&limit=100", platform_owner().id))
        .expect(200);
    assert!(column(&own, "kind").contains(&"invitation_url_read".to_owned()));
}

#[test]
fn s001_18_a_hundred_are_invited_at_once_with_a_result_each() {
    let org = Org::new();
    let known = stranger();
    invited(&org, &known);
    let (first, second) = (stranger(), stranger());
    let emails = json!([first, known, second, first.to_uppercase(), org.rbt.email]);
    let path = org.path("/invitation-batches");
    let done = org.owner.client.post(&path, json!({"emails": emails, "roles": ["rbt"]})).expect(200);
    let results = done["results"].as_array().unwrap();
    let statuses: Vec<String> = results.iter().map(|row| text(row, "status")).collect();
    assert_eq!(statuses, ["created", "refused", "created", "refused", "refused"]);
    assert_eq!(results.iter().map(|row| row["index"].as_i64().unwrap()).collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
    assert_eq!(
        (&results[0]["data"]["email"], &results[1]["problem"]["code"]),
        (&json!(first), &json!("already_exists"))
    );
    let listed = org
        .owner
        .client
        .get(&org.path(&format!("/invitations?batch_id={}", text(&done, "batch_id"))))
        .expect(200);
    assert_eq!(listed["data"].as_array().map(Vec::len), Some(2));
    let many: Vec<String> = (0..100).map(|_| stranger()).collect();
    let done = org.owner.client.post(&path, json!({"emails": many, "roles": ["bcba"]})).expect(200);
    assert!(done["results"].as_array().unwrap().iter().all(|row| row["status"] == "created"));
    let too_many: Vec<String> = (0..101).map(|_| stranger()).collect();
    org.owner
        .client
        .post(&path, json!({"emails": too_many, "roles": ["rbt"]}))
        .refused(422, "validation_failed");
    let wrong = json!({"emails": ["no address", stranger()], "roles": ["rbt"]});
    let done = org.owner.client.post(&path, wrong).expect(200);
    assert_eq!(column(&json!({"data": done["results"]}), "status"), ["refused", "created"]);
    assert_eq!(places(&done["results"][0]["problem"]), set_of(&["#/emails/0"]));
    let above = json!({"emails": [stranger()], "roles": ["owner"]});
    org.manager.client.post(&path, above).refused(403, "forbidden");
}

#[test]
fn s001_20_the_numbers_add_up() {
    let (org, other) = (Org::new(), Org::new());
    let taken = invited(&org, &other.rbt.email);
    accept(&other.rbt.client, &code(&org, &taken)).expect(200);
    let refused = invite(&org, &org.manager, &stranger(), json!({"roles": ["bcba"]})).expect(201);
    decline(&code(&org, &refused)).expect(204);
    let now = text(&org.ticket(&org.rbt), "created_at");
    let soon = days_from(&json!(now), 2);
    let ending = invite(&org, &org.owner, &stranger(), json!({"valid_until": soon})).expect(201);
    let bulk = json!({"emails": [stranger(), stranger()], "roles": ["rbt"]});
    org.owner.client.post(&org.path("/invitation-batches"), bulk).expect(200);
    let seen = org.owner.client.get(&org.path("/invitation-analytics")).expect(200);
    let counts = &seen["counts"];
    assert_eq!(
        [&counts["total"], &counts["accepted"], &counts["declined"], &counts["pending"]],
        [&json!(5), &json!(1), &json!(1), &json!(3)]
    );
    assert_eq!(counts["acceptance_rate"], json!(0.5));
    let by = |id: &str| {
        let all = seen["by_inviter"].as_array().unwrap();
        all.iter().find(|row| row["inviter_id"] == json!(id)).unwrap()["counts"]["total"].clone()
    };
    assert_eq!((by(&org.owner.id), by(&org.manager.id)), (json!(4), json!(1)));
    assert_eq!(seen["by_role"].as_array().map(Vec::len), Some(2));
    assert_eq!(
        (&seen["batches"][0]["is_consistent"], &seen["batches"][0]["counts"]["total"]),
        (&json!(true), &json!(2))
    );
    assert_eq!(column(&json!({"data": seen["ending_soon"]}), "id"), [text(&ending, "id")]);
    assert!(seen["by_validity"].as_array().unwrap().iter().any(|row| row["days"] == 30));
}

#[test]
fn s001_48_a_membership_is_checked_against_its_invitation() {
    let (org, other) = (Org::new(), Org::new());
    let made = invited(&org, &other.rbt.email);
    let check = at(&org, &made, "/check");
    org.owner.client.post_empty(&check).refused(409, "conflict");
    accept(&other.rbt.client, &code(&org, &made)).expect(200);
    let well = org.owner.client.post_empty(&check).expect(200);
    assert_eq!((&well["is_match"], &well["follow_up_ticket_id"]), (&json!(true), &Value::Null));
    change_member(&org, &other.rbt, json!({"roles": ["bcba"]}));
    let off = org.owner.client.post_empty(&check).expect(200);
    assert_eq!(off["is_match"], false);
    let kinds: Vec<String> = off["differences"].as_array().unwrap().iter().map(|d| text(d, "kind")).collect();
    assert_eq!(kinds, ["missing_role", "extra_role"]);
    let ticket = org.path(&format!("/tickets/{}", text(&off, "follow_up_ticket_id")));
    let ticket = org.manager.client.get(&ticket).expect(200);
    assert!(text(&ticket, "details").contains("`bcba`"));
    let again = org.owner.client.post_empty(&check).expect(200);
    assert_eq!(again["follow_up_ticket_id"], off["follow_up_ticket_id"], "once");
}

#[test]
fn s001_48_a_new_membership_is_checked_at_once() {
    let (org, other) = (Org::new(), Org::new());
    let (kept, shut) = (org.downtown.clone(), org.riverside.clone());
    let offer = json!({"location_ids": [kept, shut]});
    let made = invite(&org, &org.manager, &other.rbt.email, offer).expect(201);
    let code = code(&org, &made);
    let place = org.path(&format!("/locations/{shut}"));
    org.owner.client.patch(&place, json!({"is_active": false})).expect(200);
    accept(&other.rbt.client, &code).expect(200);
    let seen = org.owner.client.get(&at(&org, &made, "")).expect(200);
    let ticket = org.path(&format!("/tickets/{}", text(&seen, "follow_up_ticket_id")));
    let ticket = org.owner.client.get(&ticket).expect(200);
    assert!(text(&ticket, "details").contains(&shut), "{ticket}");
    assert!(!text(&ticket, "details").contains(&kept), "{ticket}");
    assert_eq!(ticket["requester_id"], json!(org.manager.id), "who invited follows it");
    let member = org.owner.client.get(&org.path(&format!("/members/{}", other.rbt.id))).expect(200);
    assert_eq!(member["location_ids"], json!([kept]));
}

#[test]
fn s001_30_an_invitation_gives_no_platform_role_by_itself() {
    let person = Org::new().rbt;
    let body = json!({"email": person.email, "platform_role": "platform_tech_support"});
    let made = platform_owner().client.post("/invitations", body).expect(201);
    let url = platform_owner().client.get(&format!("/invitations/{}/url", text(&made, "id"))).expect(200);
    assert_eq!(accept(&person.client, &text(&url, "code")).expect(200)["org_id"], Value::Null);
    person.client.get("/users").refused(403, "forbidden");
    let waiting = walk(&platform_owner().client, "/approvals?limit=100");
    let asked = waiting.iter().find(|approval| approval["user_id"] == json!(person.id)).unwrap();
    let approve = format!("/approvals/{}/approve", text(asked, "id"));
    platform_owner().client.post_empty(&approve).refused(403, "forbidden");
    second_platform_owner().client.post_empty(&approve).expect(200);
    person.client.get("/users").expect(200);
}

#[test]
fn codes_are_valid_only_for_their_kind() {
    let (org, other) = (Org::new(), Org::new());
    let made = invited(&org, &other.rbt.email);
    let code = code(&org, &made);
    let pending = json!({"email": stranger(), "name": "Pia", "roles": ["rbt"]});
    let member = org.owner.client.post(&org.path("/members"), pending).expect(201);
    let token = org.handed_over(&member);
    accept(&other.rbt.client, &token).refused(410, "gone");
    let setup = json!({"token": code, "name": "Eve", "password": PASSWORD});
    Client::anonymous().post("/account-setups", setup).refused(410, "gone");
    for odd in [code.to_uppercase(), format!("{code} "), format!(" {code}"), code[1..].to_owned()] {
        accept(&other.rbt.client, &odd).refused(410, "gone");
    }
    accept(&other.rbt.client, "").refused(422, "validation_failed");
    accept(&other.rbt.client, &code).expect(200);
}
