//! Every change updates `updated_at`: S003-29. Tickets are in `conversation`.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::acts::{Act, Side, both};
use super::fixtures::{guest, invite, nobody_there, stage, stranger, use_code};
use super::helpers::*;
use crate::harness::{Client, Device, Org, PASSWORD};

const OTHER: &str = "another-quiet-lantern-8";

fn new_org() -> Org {
    Org::on(stage().own.platform_owner())
}

fn platform() -> &'static Client {
    &stage().own.platform_owner().client
}

/// The shown time of the last change; empty: never.
fn updated(by: &Client, path: &str) -> String {
    by.get(path).expect(200)["updated_at"].as_str().unwrap_or_default().to_owned()
}

/// Whether the act changes neither account nor membership: viewing, sending or handing over a link, or a
/// request that is pending for a second approver. An ended membership is not shown any more.
fn changes_nothing(side: &Side<'_>, act: &Act) -> bool {
    let is_of_org = !side.is_platform && (act.method == "DELETE" || act.rest == "/schedule-deletion");
    is_of_org || act.rest.starts_with("/send-") || ["/view-as", "/setup-links"].contains(&act.rest)
}

/// Where the change is visible: in the membership for an organization, in the account for the platform.
fn place(side: &Side<'_>, act: &Act, id: &str) -> String {
    match act.rest {
        "" | "/suspend" | "/reactivate" => side.path(id, ""),
        _ => format!("/users/{id}"),
    }
}

#[test]
fn s003_29_changes_by_staff_set_updated_at() {
    let org = new_org();
    for side in both(&org) {
        for act in side.acts().into_iter().filter(|act| !changes_nothing(&side, act)) {
            let person = side.somebody(act.from);
            let path = place(&side, &act, &person.id);
            let reader = if path.starts_with("/users/") { platform() } else { &org.owner.client };
            let before = updated(reader, &path);
            side.does(&act, &person.id);
            let now = updated(reader, &path);
            assert!(now > before, "{} {}: {now} after {before}", act.method, side.path("ID", act.rest));
        }
    }
}

#[test]
fn s003_29_own_changes_set_updated_at() {
    let person = new_org().add_member(&["rbt"], &[], None);
    let (own, path, new) = (&person.client, format!("/users/{}", person.id), stranger());
    let mut last = updated(platform(), &path);
    let mut assert_later = |what: &str| {
        let now = updated(platform(), &path);
        assert!(now > last, "{what}: {now} after {last}");
        last = now;
    };
    for change in
        [json!({"name": "Max Anew"}), json!({"locale": "en-GB"}), json!({"time_zone": "Asia/Tokyo"})]
    {
        own.patch("/me", change.clone()).expect(200);
        assert_later(&change.to_string());
    }
    for change in [json!({"about": "Works nights."}), json!({"private_fields": ["about"]})] {
        own.patch("/me/profile", change.clone()).expect(200);
        assert_later(&change.to_string());
    }
    let mut device = Device::of(&person);
    assert_later("two-factor log-in is on");
    let proof = json!({"password": PASSWORD, "totp_code": device.code()});
    let made = own.post("/me/two-factor/recovery-codes", proof).expect(200);
    assert_later("other recovery codes");
    let proof = json!({"password": PASSWORD, "recovery_code": made["recovery_codes"][0]});
    own.post("/me/two-factor/disable", proof).expect(204);
    assert_later("two-factor log-in is off");

    let mailbox = stage().own.mailbox();
    let change = json!({"current_password": PASSWORD, "email": new});
    own.post("/me/change-address", change).expect(202);
    let token = mailbox.wait_for(&new, "Confirm your new").token();
    own.post("/address-changes/confirm", json!({"token": token})).expect(204);
    assert_later("another address");
    let change = json!({"current_password": PASSWORD, "new_password": OTHER});
    own.post("/me/change-password", change).expect(204);
    assert_later("another password");
    nobody_there().post("/password-resets", json!({"email": new})).expect(202);
    let token = mailbox.wait_for(&new, "Reset").token();
    let choice = json!({"token": token, "password": "stolen-orchard-lantern-9"});
    nobody_there().post("/password-resets/complete", choice).expect(204);
    assert_later("a reset password");
}

#[test]
fn s003_29_changes_of_an_organization_set_updated_at() {
    let org = new_org();
    let owner = &org.owner.client;
    let role = json!({"key": "front_desk", "name": "Front desk", "permissions": ["create_tickets"]});
    owner.post(&org.path("/roles"), role).expect(201);
    let location = format!("/locations/{}", org.downtown);
    let template = "/mail-templates/new_reply/en".to_owned();
    let words = |subject: &str| json!({"subject": subject, "text": "{{ link }}"});
    for (method, rest, body) in [
        ("PATCH", String::new(), json!({"name": "Seaside Therapy"})),
        ("PATCH", String::new(), json!({"joining_mode": "by_request"})),
        ("PATCH", String::new(), json!({"ticket_openers": "anyone"})),
        ("PATCH", String::new(), json!({"grace_days": 7})),
        ("PATCH", "/roles/front_desk".to_owned(), json!({"name": "Reception"})),
        ("PUT", "/roles/front_desk/permissions".to_owned(), json!({"permissions": ["view_members"]})),
        ("PATCH", location.clone(), json!({"name": "Harbour Clinic"})),
        ("PATCH", location, json!({"is_active": false})),
        ("PATCH", "/mail-settings".to_owned(), json!({"signature": "Your lake team"})),
        ("PATCH", "/mail-settings".to_owned(), json!({"brand_colour": "#7a3b1d"})),
        ("PUT", template.clone(), words("A reply")),
        ("PUT", template, words("An answer")),
    ] {
        let path = org.path(rest.trim_end_matches("/permissions"));
        let before = updated(owner, &path);
        let tag = (method == "PUT").then(|| owner.get(&path).etag());
        let headers: Vec<(&str, &str)> = tag.as_deref().map(|tag| ("If-Match", tag)).into_iter().collect();
        owner.send_json(method, &org.path(&rest), &headers, &body).expect(200);
        let now = updated(owner, &path);
        assert!(now > before, "{method} {rest} {body}: {now} after {before}");
    }
    platform().patch(&org.path(""), json!({"is_active": false})).expect(200);
    let off = updated(platform(), &org.path(""));
    let on = platform().patch(&org.path(""), json!({"is_active": true})).expect(200);
    assert!(text(&on, "updated_at") > off, "switched on after {off}");

    let made = json!({"key": "billing", "name": "Billing"});
    let mut last = owner.post(&org.path("/categories"), made).expect(201);
    let path = org.path(&format!("/categories/{}", text(&last, "id")));
    for change in [json!({"name": "Invoices"}), json!({"is_active": false})] {
        let changed = owner.patch(&path, change.clone()).expect(200);
        let kept = walk(owner, &org.path("/categories?limit=100"));
        let kept = kept.into_iter().find(|category| category["id"] == changed["id"]).unwrap();
        assert!(text(&kept, "updated_at") > text(&last, "updated_at"), "{change}: {kept}");
        last = changed;
    }
}

#[test]
fn s003_29_changes_of_the_platform_set_updated_at() {
    let before = updated(platform(), "/platform-settings");
    platform().patch("/platform-settings", json!({"grace_days": 31})).expect(200);
    let now = updated(platform(), "/platform-settings");
    assert!(now > before, "{now} after {before}");
}

#[test]
fn s003_29_changes_of_an_invitation_set_updated_at() {
    let (org, guest) = (new_org(), guest());
    for what in ["resend", "revoke", "decline", "accept"] {
        let email = if what == "accept" { guest.email.clone() } else { stranger() };
        let invited = invite(&org, &email, json!({}));
        invited.let_pass(TimeDelta::minutes(16));
        let before = text(&invited.read(), "updated_at");
        let code = |by: &Client, status: u16| use_code(by, what, &invited.code()).expect(status);
        let _: Value = match what {
            "decline" => code(&nobody_there(), 204),
            "accept" => code(&guest.client, 200),
            _ => invited.command(what).expect(200),
        };
        let now = text(&invited.read(), "updated_at");
        assert!(now > before, "{what}: {now} after {before}");
    }
}

#[test]
fn s003_29_a_no_op_does_not_set_updated_at() {
    let person = new_org().add_member(&["rbt"], &[], None);
    let mine = person.client.get("/me").expect(200);
    let (path, activity) =
        (format!("/users/{}", person.id), format!("/users/{}/activity?purpose=Check", person.id));
    let events = || walk(platform(), &activity).len();
    let (last, noted) = (updated(platform(), &path), events());
    let same =
        json!({"name": mine["name"], "time_zone": mine["time_zone"], "quiet_hours": null, "muted_mails": []});
    for nothing in [json!({}), same] {
        assert_eq!(person.client.patch("/me", nothing).expect(200), mine);
    }
    assert_eq!((updated(platform(), &path), events()), (last, noted));
    let blank = person.client.patch("/me", json!({"time_zone": ""})).refused(422, "validation_failed");
    assert_eq!(blank["errors"].as_array().unwrap().len(), 1, "one fault: {blank}");
}
