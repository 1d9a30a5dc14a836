//! A valid request to each operation, on things made for it alone, so that no request affects another.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{LazyLock, Mutex, Once};

use serde_json::{Value, json};

use crate::harness::document::Operation;
use crate::harness::{
    Client, Device, Org, PASSWORD, Person, Reply, form, holder_of, platform_owner, server, unique,
};

/// The place of a request: an organization, and the caller.
pub(super) struct Stage<'a> {
    pub(super) org: &'a Org,
    /// The caller's account; `None` for an anonymous caller.
    pub(super) caller: Option<&'a Person>,
    /// Whether the caller may file tickets in the organization.
    pub(super) is_filer: bool,
}

/// A request, ready to be sent.
#[derive(Clone)]
pub(super) struct Request {
    pub(super) method: String,
    /// As `Client` takes it.
    pub(super) path: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Option<Vec<u8>>,
    /// The session that it uses up, if that must not be the caller's.
    pub(super) client: Option<Client>,
}

impl Request {
    /// The same request to another path.
    pub(super) fn at(&self, path: &str) -> Self {
        Self { path: path.to_owned(), ..self.clone() }
    }

    /// Replaces or adds a field of a JSON body, which is created if there is none.
    pub(super) fn set(&mut self, name: &str, value: Value) {
        let mut body: Value = self
            .body
            .as_ref()
            .map_or_else(|| json!({}), |bytes| serde_json::from_slice(bytes).expect("JSON"));
        body[name] = value;
        if self.body.is_none() {
            self.headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
        }
        self.body = Some(body.to_string().into_bytes());
    }

    pub(super) fn send(&self, client: &Client) -> Reply {
        let headers: Vec<(&str, &str)> =
            self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.client.as_ref().unwrap_or(client).send(&self.method, &self.path, &headers, self.body.clone())
    }
}

/// The variants that are called in addition to the plain request.
pub(super) fn variants(id: &str) -> &'static [&'static str] {
    match id {
        "update_org" => &["is_active"],
        "delete_my_session" => &["another's"],
        "get_attachment" | "download_attachment" => {
            &["attached", "another's", "another's, attached", "note's, attached"]
        }
        "delete_attachment" => &["attached", "another's"],
        "create_member" => &["an owner"],
        "update_member" | "remove_member" => &["an owner"],
        "create_ticket" => &["on behalf"],
        "update_ticket" => &["priority", "another's", "another's, priority"],
        "close_ticket" => &["another's", "force", "another's, force"],
        "post_message" => &["note", "another's", "another's, note"],
        "get_message" => &["note", "another's"],
        "get_ticket" | "list_ticket_events" | "create_follow_up" | "list_messages" | "mark_ticket_read"
        | "reopen_ticket" | "resolve_ticket" | "start_ticket" => &["another's"],
        _ => &[],
    }
}

#[derive(Default)]
struct RequestParts {
    parameters: Vec<(&'static str, String)>,
    headers: Vec<(String, String)>,
    json: Option<Value>,
    form: Option<(String, Vec<u8>)>,
    query: Option<String>,
    client: Option<Client>,
}

impl RequestParts {
    fn at(name: &'static str, id: &str) -> Self {
        Self { parameters: vec![(name, id.to_owned())], ..Self::default() }
    }

    fn and(mut self, name: &'static str, id: &str) -> Self {
        self.parameters.push((name, id.to_owned()));
        self
    }

    fn with(self, json: Value) -> Self {
        Self { json: Some(json), ..self }
    }

    fn body(json: Value) -> Self {
        Self::default().with(json)
    }
}

/// A request to this operation, in this variant.
pub(super) fn request(operation: &Operation, variant: &str, stage: &Stage) -> Request {
    let parts = stage.parts(&operation.id, variant).and("org_id", &stage.org.id);
    let mut path = match operation.path.strip_prefix("/api/v1") {
        Some(path) => path.to_owned(),
        None => format!("!{}", operation.path),
    };
    for (name, id) in &parts.parameters {
        path = path.replace(&format!("{{{name}}}"), id);
    }
    if let Some(query) = &parts.query {
        path = format!("{path}?{query}");
    }
    assert!(!path.contains('{'), "{}: no value for each parameter of {path}", operation.id);
    let mut headers = parts.headers;
    let body = match (parts.json, parts.form) {
        (Some(json), _) => {
            let media_type =
                if operation.method == "PATCH" { "application/merge-patch+json" } else { "application/json" };
            headers.push(("Content-Type".to_owned(), media_type.to_owned()));
            Some(json.to_string().into_bytes())
        }
        (None, Some((media_type, bytes))) => {
            headers.push(("Content-Type".to_owned(), media_type));
            Some(bytes)
        }
        (None, None) => None,
    };
    Request { method: operation.method.clone(), path, headers, body, client: parts.client }
}

impl Stage<'_> {
    fn parts(&self, id: &str, variant: &str) -> RequestParts {
        let is_note = variant.contains("note");
        let owner = &self.org.owner.client;
        match id {
            "get_health" | "get_readiness" | "get_openapi_json" | "get_openapi_yaml" | "get_me"
            | "list_my_sessions" | "list_orgs" | "get_org" | "list_categories" | "list_locations"
            | "get_ticket_summary" | "list_members" | "list_permissions" | "list_roles"
            | "get_ticket_form" | "list_tickets" => RequestParts::default(),
            "list_account_statuses" | "list_agreements" | "list_my_consents" | "get_platform_settings" => {
                RequestParts::default()
            }
            "create_registration" => {
                open_to_all();
                let email = format!("{}@walk.example", unique("walked"));
                RequestParts::body(
                    json!({ "email": email, "name": "Rita Registers", "password": PASSWORD, "accepted_agreements": [] }),
                )
            }
            "resend_confirmation" | "request_password_reset" => {
                RequestParts::body(json!({ "email": format!("{}@walk.example", unique("nobody")) }))
            }
            "confirm_address" => {
                open_to_all();
                let email = format!("{}@walk.example", unique("walked"));
                let body = json!({ "email": email, "name": "Rita Registers", "password": PASSWORD, "accepted_agreements": [] });
                Client::anonymous().post("/registrations", body).expect(202);
                let token = server().mailbox().wait_for(&email, "Confirm").token();
                RequestParts::body(json!({ "token": token, "password": PASSWORD }))
            }
            "complete_password_reset" => {
                let member = self.new_member(&["rbt"]);
                let person = self.org.set_up(&member);
                Client::anonymous().post("/password-resets", json!({ "email": person.email })).expect(202);
                let mail = server().mailbox().wait_for(&person.email, "Reset");
                RequestParts::body(json!({ "token": mail.token(), "password": PASSWORD }))
            }
            // Wrong on purpose: a correct one would end the sessions that other tests use.
            "change_my_password" => RequestParts::body(
                json!({ "current_password": "not-the-password-1", "new_password": "another-quiet-lantern-8" }),
            ),
            "change_my_address" => {
                let email = format!("{}@walk.example", unique("moved"));
                RequestParts::body(json!({ "current_password": "not-the-password-1", "email": email }))
            }
            "confirm_address_change" => {
                let member = self.new_member(&["rbt"]);
                let person = self.org.set_up(&member);
                let email = format!("{}@walk.example", unique("moved"));
                let body = json!({ "current_password": PASSWORD, "email": email });
                person.client.post("/me/change-address", body).expect(202);
                let token = server().mailbox().wait_for(&email, "Confirm your new").token();
                let client = self.caller.map(|_| person.client);
                RequestParts { client, ..RequestParts::body(json!({ "token": token })) }
            }
            "list_mail_templates" | "list_mail_template_gaps" | "get_mail_settings" => {
                RequestParts::default()
            }
            "update_mail_settings" => RequestParts::body(json!({ "brand_colour": "#7a3b1d" })),
            "get_mail_template" => RequestParts::at("kind", "new_reply").and("locale", "en"),
            "replace_mail_template" => {
                let at = self.org.path("/mail-templates/new_reply/es");
                let headers = vec![("If-Match".to_owned(), owner.get(&at).etag())];
                RequestParts {
                    headers,
                    ..RequestParts::at("kind", "new_reply").and("locale", "es").with(mail_words())
                }
            }
            "preview_mail_template" => {
                RequestParts::at("kind", "new_reply").and("locale", "fr").with(mail_words())
            }
            "remove_mail_template" => {
                let locale: String = unique("l").chars().filter(char::is_ascii_digit).collect();
                let locale = format!("de-x{locale:0>5}");
                owner
                    .put(&self.org.path(&format!("/mail-templates/new_reply/{locale}")), mail_words())
                    .expect(200);
                RequestParts::at("kind", "new_reply").and("locale", &locale)
            }
            "update_me" => RequestParts::body(json!({ "locale": "en" })),
            "update_platform_settings" => RequestParts::body(json!({ "grace_days": 30 })),
            // Blank on purpose: a new agreement would restrict everybody who logs in after it.
            "publish_agreement" => RequestParts::body(
                json!({ "agreement_key": "terms_of_use", "title": " ", "url": "https://lakeside.example/terms" }),
            ),
            "accept_agreement" => {
                RequestParts::body(json!({ "agreement_key": "terms_of_use", "version": 1 }))
            }
            "complete_account_setup" => {
                let member = self.new_member(&["rbt"]);
                RequestParts::body(
                    json!({ "token": self.org.handed_over(&member), "name": "Sam Setup", "password": PASSWORD }),
                )
            }
            "create_session" => {
                RequestParts::body(json!({ "email": self.org.rbt2.email, "password": PASSWORD }))
            }
            "refresh_session" => {
                let tokens = session(&self.org.rbt2).expect(201);
                RequestParts::body(json!({ "refresh_token": tokens["refresh_token"] }))
            }
            "delete_current_session" => {
                let client = self.caller.map(|caller| caller.client.logged_in(&caller.email, PASSWORD));
                RequestParts { client, ..RequestParts::default() }
            }
            "delete_my_session" => {
                let holder = self.caller.filter(|_| variant != "another's").unwrap_or(&self.org.rbt2);
                let place = session(holder).header("Location").expect("a new session has a place");
                RequestParts::at("session_id", place.rsplit('/').next().unwrap_or_default())
            }
            "create_org" => {
                let slug = unique("walk");
                let admin = json!({ "email": format!("admin@{slug}.example"), "name": "Ada Admin" });
                RequestParts::body(json!({ "name": "Walked", "slug": slug, "first_admin": admin }))
            }
            "update_org" if variant == "is_active" => RequestParts::body(json!({ "is_active": true })),
            "update_org" => RequestParts::body(json!({ "name": "Lakeside Therapy" })),
            "upload_attachment" => RequestParts {
                form: Some(form("file", "walk.txt", "text/plain", b"A few words.")),
                ..RequestParts::default()
            },
            "get_attachment" | "download_attachment" | "delete_attachment" => {
                RequestParts::at("attachment_id", &self.file(variant))
            }
            "create_category" => RequestParts::body(
                json!({ "key": unique("walk").replace('-', "_"), "name": unique("Walked") }),
            ),
            "update_category" => {
                let body = json!({ "key": unique("walk").replace('-', "_"), "name": unique("Walked") });
                let category = owner.post(&self.org.path("/categories"), body).expect(201);
                RequestParts::at("category_id", id_of(&category))
                    .with(json!({ "name": unique("Walked again") }))
            }
            "create_location" => RequestParts::body(json!({ "name": unique("Walked Clinic") })),
            "get_location" => RequestParts::at("location_id", &self.location()),
            "update_location" => RequestParts::at("location_id", &self.location())
                .with(json!({ "name": unique("Walked again") })),
            "create_member" => {
                RequestParts::body(member_body(if variant == "an owner" { &["owner"] } else { &["rbt"] }))
            }
            "get_member"
            | "remove_member"
            | "get_member_login_diagnosis"
            | "get_member_data_diagnosis"
            | "get_member_permissions"
            | "get_user"
            | "get_user_login_diagnosis"
            | "get_user_data_diagnosis"
            | "get_user_permissions" => RequestParts::at("user_id", &self.member(variant)),
            "list_approvals"
            | "list_org_approvals"
            | "get_my_profile"
            | "list_my_accesses"
            | "get_retention_notice" => RequestParts::default(),
            // Finds nobody: everybody in the result gets an access record, and other tests read those of
            // these people.
            "list_users" => {
                RequestParts { query: Some("q=shown-to-no-one".to_owned()), ..RequestParts::default() }
            }
            "get_member_profile" | "get_user_profile" => RequestParts {
                query: Some("purpose=Asked%20by%20phone&sections=memberships".to_owned()),
                ..RequestParts::at("user_id", &self.member(variant))
            },
            "list_member_activity"
            | "list_member_log_ins"
            | "list_member_accesses"
            | "list_member_mails"
            | "list_member_support_history"
            | "list_user_activity"
            | "list_user_log_ins"
            | "list_user_accesses"
            | "list_user_mails"
            | "list_user_support_history" => RequestParts {
                query: Some("purpose=Asked%20by%20phone".to_owned()),
                ..RequestParts::at("user_id", &self.member(variant))
            },
            "list_invitations"
            | "list_platform_invitations"
            | "get_invitation_analytics"
            | "get_platform_invitation_analytics" => RequestParts::default(),
            "create_invitation" => RequestParts::body(json!({ "email": invitee(), "roles": ["rbt"] })),
            "create_invitation_batch" => {
                RequestParts::body(json!({ "emails": [invitee(), invitee()], "roles": ["rbt"] }))
            }
            "create_platform_invitation" => RequestParts::body(json!({ "email": invitee() })),
            "create_platform_invitation_batch" => RequestParts::body(json!({ "emails": [invitee()] })),
            "get_invitation" | "get_invitation_url" | "revoke_invitation" | "delete_invitation" => {
                RequestParts::at("invitation_id", id_of(&self.invitation(&invitee())))
            }
            "get_platform_invitation"
            | "get_platform_invitation_url"
            | "revoke_platform_invitation"
            | "delete_platform_invitation" => {
                RequestParts::at("invitation_id", id_of(&platform_invitation()))
            }
            // It was mailed just now: 15 minutes have to pass.
            "resend_invitation" => RequestParts::at("invitation_id", id_of(&self.invitation(&invitee()))),
            "resend_platform_invitation" => RequestParts::at("invitation_id", id_of(&platform_invitation())),
            "check_invitation" => {
                let known = haven().add_member(&["rbt"], &[], None);
                let made = self.invitation(&known.email);
                known
                    .client
                    .post("/invitation-codes/accept", json!({ "code": self.code(&made) }))
                    .expect(200);
                RequestParts::at("invitation_id", id_of(&made))
            }
            "preview_invitation" | "decline_invitation" => {
                RequestParts::body(json!({ "code": self.code(&self.invitation(&invitee())) }))
            }
            // Another person's on purpose: the callers of these walks keep their memberships.
            "accept_invitation" => {
                RequestParts::body(json!({ "code": self.code(&self.invitation(&invitee())) }))
            }
            "update_my_profile" => RequestParts::body(json!({ "about": "Walks." })),
            // Wrong on purpose: a correct one would delete the account that other tests use.
            "schedule_my_deletion" => RequestParts::body(
                json!({ "current_password": "not-the-password-1", "retention_notice_version": 1, "is_confirmed": true }),
            ),
            "cancel_my_deletion" => RequestParts::body(json!({ "token": self.scheduled_deletion() })),
            "suspend_member" | "suspend_user" => {
                RequestParts::at("user_id", &self.settled(variant).id).with(reason())
            }
            "reactivate_member" => {
                let person = self.settled(variant);
                self.org.suspend(&person);
                RequestParts::at("user_id", &person.id).with(reason())
            }
            "reactivate_user" => {
                let person = self.settled(variant);
                let path = format!("/users/{}/suspend", person.id);
                platform_owner().client.post(&path, reason()).expect(200);
                RequestParts::at("user_id", &person.id).with(reason())
            }
            "unlock_member" | "unlock_user" => RequestParts::at("user_id", &self.locked().id).with(reason()),
            "confirm_member" | "confirm_user" => {
                RequestParts::at("user_id", &self.member(variant)).with(reason())
            }
            "list_approvers" | "list_org_approvers" | "list_my_approvals" => RequestParts::default(),
            "restore_approver_vote" => RequestParts::at("user_id", &self.settled(variant).id).with(reason()),
            "restore_org_approver_vote" => {
                let path = self.org.path("/members");
                let added = self.asker().client.post(&path, member_body(&["owner"])).expect(201);
                RequestParts::at("user_id", &user_id(&added)).with(reason())
            }
            "deny_my_approval" => RequestParts::at("approval_id", "0198c1f2-b7a0-7c3f-8000-00000000ffff"),
            "create_member_setup_link" => RequestParts::at("user_id", &self.member(variant)).with(reason()),
            "create_user_setup_link" => {
                let slug = unique("walk");
                let first = json!({ "email": format!("admin@{slug}.example"), "name": "Ada Admin" });
                let body = json!({ "name": "Walked", "slug": slug, "first_admin": first });
                let made = platform_owner().client.post("/orgs", body).expect(201);
                let first = made["admins"][0]["user_id"].as_str().unwrap_or_default();
                RequestParts::at("user_id", first).with(reason())
            }
            "create_my_address_proof" => RequestParts {
                client: self.caller.map(|_| self.unproved().client),
                ..RequestParts::default()
            },
            "complete_my_address_proof" => {
                let person = self.unproved();
                person.client.post_empty("/me/address-proofs").expect(202);
                let token = server().mailbox().wait_for(&person.email, "can reach you here").token();
                let client = self.caller.map(|_| person.client);
                RequestParts { client, ..RequestParts::body(json!({ "token": token })) }
            }
            "send_member_confirmation" | "send_user_confirmation" => {
                // Two minutes have to pass between two links; this account's first one became invalid with a
                // cancelled deletion.
                let person = self.member(variant);
                self.plan_deletion(&person);
                let cancel = self.org.path(&format!("/members/{person}/cancel-deletion"));
                owner.post(&cancel, reason()).expect(200);
                RequestParts::at("user_id", &person)
            }
            "send_member_password_reset" | "send_user_password_reset" => {
                RequestParts::at("user_id", &self.settled(variant).id)
            }
            "set_member_temporary_password"
            | "set_user_temporary_password"
            | "view_as_member"
            | "flag_member_compromised"
            | "flag_user_compromised" => {
                RequestParts::at("user_id", &self.settled(variant).id).with(reason())
            }
            "correct_member_account" | "update_user" => {
                let body = json!({ "name": "Wanda Corrected", "reason": "Misspelt." });
                RequestParts::at("user_id", &self.member(variant)).with(body)
            }
            "schedule_member_deletion" | "schedule_user_deletion" => {
                RequestParts::at("user_id", &self.member(variant)).with(deletion())
            }
            "cancel_member_deletion" | "cancel_user_deletion" => {
                let person = self.member(variant);
                self.plan_deletion(&person);
                RequestParts::at("user_id", &person).with(reason())
            }
            "purge_user" => {
                let body =
                    json!({ "approved_by": "Counsel", "approved_on": "2026-11-20", "reference": "L-1" });
                RequestParts::at("user_id", &self.member(variant)).with(body)
            }
            "transfer_user" => {
                let body = json!({ "from_org_id": self.org.id, "to_org_id": haven().id, "roles": ["rbt"], "reason": "Moved." });
                RequestParts::at("user_id", &self.member(variant)).with(body)
            }
            "grant_platform_role" => {
                let person = self.settled(variant);
                RequestParts::at("user_id", &person.id)
                    .and("platform_role", "platform_developer")
                    .with(reason())
            }
            "remove_platform_role" => {
                let person = holder_of("platform_developer");
                RequestParts::at("user_id", &person.id).and("platform_role", "platform_developer")
            }
            "get_approval" | "approve_change" | "deny_change" => {
                let asked = platform_owner()
                    .client
                    .post(&format!("/users/{}/schedule-deletion", self.member(variant)), deletion());
                RequestParts::at("approval_id", id_of(&asked.expect(202)))
            }
            "get_org_approval" | "approve_org_change" | "deny_org_change" => {
                let path = self.org.path(&format!("/members/{}/schedule-deletion", self.member(variant)));
                // Requested by somebody who calls nothing in these walks.
                let asked = self.asker().client.post(&path, deletion()).expect(202);
                RequestParts::at("approval_id", id_of(&asked))
            }
            "update_member" => RequestParts::at("user_id", &self.member(variant))
                .with(json!({ "ticket_scope": "locations" })),
            "get_role" => RequestParts::at("role_key", "bcba"),
            "get_my_permissions" | "list_permission_requests" => RequestParts::default(),
            "create_permission_request" => {
                // The caller may have requested a role before, but not a new one.
                let key = unique("walk").replace('-', "_");
                let body = json!({ "key": key, "name": "Walked", "permissions": ["create_tickets"] });
                owner.post(&self.org.path("/roles"), body).expect(201);
                RequestParts::body(json!({ "requested_role": key, "justification": "I walk." }))
            }
            "get_permission_request" => {
                let by = self.caller.filter(|_| self.is_member()).unwrap_or(&self.org.rbt);
                RequestParts::at("permission_request_id", &self.permission_request(by))
            }
            "grant_permission_request" | "deny_permission_request" => {
                let by = self.org.add_member(&["rbt"], &[], None);
                let body = json!({ "identity_check": "Called back.", "consulted": "Nobody else.", "explanation": "Why not." });
                RequestParts::at("permission_request_id", &self.permission_request(&by)).with(body)
            }
            "list_joinable_orgs" | "list_my_membership_requests" | "list_membership_requests" => {
                RequestParts::default()
            }
            "create_membership_request" => {
                RequestParts::body(json!({ "org_slug": community("by_request").slug, "message": "I walk." }))
            }
            "create_guest_membership" => RequestParts::body(json!({ "org_slug": community("open").slug })),
            "get_my_membership_request" | "delete_my_membership_request" => {
                RequestParts::at("membership_request_id", &self.request_to_join(&community("by_request")))
            }
            "appeal_my_membership_request" => {
                let community = community("by_request");
                let id = self.request_to_join(&community);
                let deny = format!("/orgs/{}/membership-requests/{id}/deny", community.id);
                haven().owner.client.post(&deny, json!({ "reason": "Full." })).expect(200);
                RequestParts::at("membership_request_id", &id).with(json!({ "text": "Please." }))
            }
            "get_membership_request" | "approve_membership_request" => {
                RequestParts::at("membership_request_id", &self.outsiders_request())
            }
            "deny_membership_request" => RequestParts::at("membership_request_id", &self.outsiders_request())
                .with(json!({ "reason": "Full." })),
            "approve_ticket" => self.at(&self.waiting_ticket()),
            "deny_ticket" => self.at(&self.waiting_ticket()).with(json!({ "reason": "Ask the treasurer." })),
            "get_my_two_factor" => RequestParts::default(),
            "set_up_my_two_factor" => self.as_another(json!({ "password": PASSWORD })),
            "confirm_my_two_factor" => {
                let person = self.settled("");
                let setup = person.client.post("/me/two-factor/setup", json!({ "password": PASSWORD }));
                let code = Device::with(&setup.expect(201)).code();
                RequestParts {
                    client: self.caller.map(|_| person.client),
                    ..RequestParts::body(json!({ "totp_code": code }))
                }
            }
            "replace_my_recovery_codes" | "disable_my_two_factor" => {
                let person = self.settled("");
                let code = Device::of(&person).recovery_codes[0].clone();
                let body = json!({ "password": PASSWORD, "recovery_code": code });
                RequestParts { client: self.caller.map(|_| person.client), ..RequestParts::body(body) }
            }
            "reset_user_two_factor" | "reset_member_two_factor" => {
                let person = self.settled(variant);
                Device::of(&person);
                RequestParts::at("user_id", &person.id).with(reason())
            }
            "create_role" => {
                let key = unique("walk").replace('-', "_");
                RequestParts::body(json!({ "key": key, "name": "Walked", "permissions": ["create_tickets"] }))
            }
            "clone_role" => {
                let key = unique("walk").replace('-', "_");
                RequestParts::at("role_key", "rbt").with(json!({ "key": key, "name": "Walked" }))
            }
            "update_role" | "delete_role" => {
                let key = unique("walk").replace('-', "_");
                let body = json!({ "key": key, "name": "Walked", "permissions": ["create_tickets"] });
                owner.post(&self.org.path("/roles"), body).expect(201);
                let parts = RequestParts::at("role_key", &key);
                if id == "update_role" { parts.with(json!({ "name": "Walked again" })) } else { parts }
            }
            "replace_role_permissions" => {
                let role = owner.get(&self.org.path("/roles/bcba"));
                let headers = vec![("If-Match".to_owned(), role.etag())];
                let permissions = role.body["permissions"].clone();
                RequestParts {
                    headers,
                    ..RequestParts::at("role_key", "bcba").with(json!({ "permissions": permissions }))
                }
            }
            "create_ticket" => {
                let mut body = json!({ "subject": "Walked", "details": "All of it.", "urgency": "low", "location_id": self.org.downtown });
                if variant == "on behalf" {
                    body["on_behalf_of"] = json!(self.org.rbt2.id);
                }
                RequestParts::body(body)
            }
            "get_ticket" | "list_ticket_events" | "list_messages" | "start_ticket" | "mark_ticket_read" => {
                self.at(&self.open(variant))
            }
            "update_ticket" if variant.contains("priority") => {
                self.at(&self.open(variant)).with(json!({ "priority": "high" }))
            }
            "update_ticket" => self.at(&self.open(variant)).with(json!({ "subject": "Walked again" })),
            "post_message" => {
                let visibility = if is_note { "internal" } else { "public" };
                self.at(&self.open(variant)).with(json!({ "body": "Any news?", "visibility": visibility }))
            }
            "get_message" => {
                let ticket = self.open(variant);
                let message = self.message(&ticket, if is_note { "internal" } else { "public" }, json!([]));
                self.at(&ticket).and("message_id", id_of(&message))
            }
            "resolve_ticket" => self.at(&self.open(variant)).with(resolution()),
            "reopen_ticket" => self.at(&self.resolved(variant)),
            "close_ticket" if variant.contains("force") => {
                self.at(&self.open(variant)).with(json!({ "reason": "It is moot.", "force": true }))
            }
            "close_ticket" => self.at(&self.resolved(variant)),
            "create_follow_up" => self.at(&self.closed(variant)).with(json!({ "details": "It is back." })),
            unknown => panic!("no request is known for {unknown}: write one here"),
        }
    }

    /// Whether the caller is a member, whatever their permissions: every member reads their own permission
    /// requests.
    fn is_member(&self) -> bool {
        let preferences = self.org.path("/permission-requests");
        self.caller.is_some_and(|caller| caller.client.get(&preferences).status == 200)
    }

    /// The requester or uploader.
    fn filer(&self, variant: &str) -> &Person {
        let caller = self.caller.filter(|_| self.is_filer && !variant.contains("another's"));
        caller.unwrap_or(if variant.contains("another's") { &self.org.rbt2 } else { &self.org.rbt })
    }

    fn at(&self, ticket: &Value) -> RequestParts {
        RequestParts::at("ticket_id", id_of(ticket))
    }

    fn open(&self, variant: &str) -> Value {
        self.org.ticket(self.filer(variant))
    }

    fn resolved(&self, variant: &str) -> Value {
        let ticket = self.open(variant);
        self.command(&ticket, "resolve", resolution());
        ticket
    }

    fn closed(&self, variant: &str) -> Value {
        let ticket = self.resolved(variant);
        self.command(&ticket, "close", json!({}));
        ticket
    }

    fn command(&self, ticket: &Value, name: &str, body: Value) {
        self.org
            .manager
            .client
            .post(&self.org.path(&format!("/tickets/{}/{name}", id_of(ticket))), body)
            .expect(200);
    }

    fn message(&self, ticket: &Value, visibility: &str, files: Value) -> Value {
        let path = self.org.path(&format!("/tickets/{}/messages", id_of(ticket)));
        let body = json!({ "body": "We look into it.", "visibility": visibility, "attachment_ids": files });
        self.org.manager.client.post(&path, body).expect(201)
    }

    fn file(&self, variant: &str) -> String {
        let is_note = variant.contains("note");
        let filer = if is_note { &self.org.manager } else { self.filer(variant) };
        let uploaded =
            filer.client.upload(&self.org.id, "walk.txt", "text/plain", b"A few words.").expect(201);
        let id = id_of(&uploaded).to_owned();
        if is_note {
            self.message(&self.open(variant), "internal", json!([id]));
        } else if variant.contains("attached") {
            self.org.ticket_with(filer, json!({ "attachment_ids": [id] })).expect(201);
        }
        id
    }

    fn location(&self) -> String {
        let body = json!({ "name": unique("Walked Clinic") });
        id_of(&self.org.owner.client.post(&self.org.path("/locations"), body).expect(201)).to_owned()
    }

    fn member(&self, variant: &str) -> String {
        let roles: &[&str] = if variant == "an owner" { &["owner"] } else { &["rbt"] };
        user_id(&self.new_member(roles))
    }

    /// A member's request for a new role.
    fn permission_request(&self, by: &Person) -> String {
        let key = unique("walk").replace('-', "_");
        let body = json!({ "key": key, "name": "Walked", "permissions": ["create_tickets"] });
        self.org.owner.client.post(&self.org.path("/roles"), body).expect(201);
        let body = json!({ "requested_role": key, "justification": "I walk." });
        let made = by.client.post(&self.org.path("/permission-requests"), body).expect(201);
        id_of(&made).to_owned()
    }

    /// A request to join, by the caller.
    fn request_to_join(&self, community: &Community) -> String {
        let by = self.caller.unwrap_or(&self.org.rbt);
        let body = json!({ "org_slug": community.slug });
        id_of(&by.client.post("/me/membership-requests", body).expect(201)).to_owned()
    }

    /// A request to join the organization, by an outsider.
    fn outsiders_request(&self) -> String {
        let by_request = json!({ "joining_mode": "by_request" });
        self.org.owner.client.patch(&self.org.path(""), by_request).expect(200);
        let outsider = haven().add_member(&["rbt"], &[], None);
        let body = json!({ "org_slug": self.org.slug });
        id_of(&outsider.client.post("/me/membership-requests", body).expect(201)).to_owned()
    }

    /// A ticket that is pending approval.
    fn waiting_ticket(&self) -> Value {
        self.org.ticket(&self.org.add_member(&["guest"], &[&self.org.downtown], None))
    }

    fn invitation(&self, email: &str) -> Value {
        let body = json!({ "email": email, "roles": ["rbt"] });
        self.org.owner.client.post(&self.org.path("/invitations"), body).expect(201)
    }

    fn code(&self, invitation: &Value) -> Value {
        let path = self.org.path(&format!("/invitations/{}/url", id_of(invitation)));
        self.org.owner.client.get(&path).expect(200)["code"].clone()
    }

    /// A member who has logged in before.
    fn settled(&self, variant: &str) -> Person {
        let roles: &[&str] = if variant == "an owner" { &["owner"] } else { &["rbt"] };
        let person = self.entered(roles);
        // Staff vouch for the address, so that no mail is needed; not for that of an owner.
        let confirm = format!("/users/{}/confirm", person.id);
        platform_owner().client.post(&confirm, reason());
        person
    }

    /// A member who set up the account by a link that staff handed over.
    fn unproved(&self) -> Person {
        self.entered(&["rbt"])
    }

    fn entered(&self, roles: &[&str]) -> Person {
        let member = self.new_member(roles);
        Person::set_up(&self.org.owner.client, &self.org.handed_over(&member), "Sam Settled")
    }

    /// A call that changes how its caller logs in, by somebody who calls nothing else.
    fn as_another(&self, body: Value) -> RequestParts {
        let client = self.caller.map(|_| self.settled("").client);
        RequestParts { client, ..RequestParts::body(body) }
    }

    /// A member whose log-ins are delayed.
    fn locked(&self) -> Person {
        let person = self.settled("");
        let wrong = json!({ "email": person.email, "password": "not-the-password-1" });
        // From a new address each time: one address may fail thirty times.
        static LAST: AtomicU32 = AtomicU32::new(0);
        let number = LAST.fetch_add(1, Ordering::Relaxed);
        let address = format!("198.18.{}.{}", number / 250, number % 250 + 1);
        for _ in 0..20 {
            let from = [("X-Forwarded-For", address.as_str())];
            let answer = Client::anonymous().send_json("POST", "/sessions", &from, &wrong);
            assert!(matches!(answer.status, 401 | 429), "{answer}");
        }
        server().mailbox().wait_for(&person.email, "locked");
        person
    }

    /// An owner beside the first one, whose vote has started.
    fn asker(&self) -> Person {
        static ASKERS: LazyLock<Mutex<HashMap<String, Person>>> = LazyLock::new(Mutex::default);
        let known = ASKERS.lock().expect("nobody panics while holding it").get(&self.org.id).cloned();
        known.unwrap_or_else(|| {
            let asker = self.org.add_member(&["owner"], &[], None);
            self.org.let_votes_start();
            let mut askers = ASKERS.lock().expect("nobody panics while holding it");
            askers.entry(self.org.id.clone()).or_insert(asker).clone()
        })
    }

    fn plan_deletion(&self, person: &str) {
        let path = self.org.path(&format!("/members/{person}/schedule-deletion"));
        let asked = self.asker().client.post(&path, deletion()).expect(202);
        let approve = self.org.path(&format!("/approvals/{}/approve", id_of(&asked)));
        self.org.owner.client.post_empty(&approve).expect(200);
    }

    /// The token of the link that cancels a deletion.
    fn scheduled_deletion(&self) -> String {
        let member = self.new_member(&["rbt"]);
        self.plan_deletion(&user_id(&member));
        let email = member["email"].as_str().expect("an address");
        server().mailbox().wait_for(email, "deleted").token()
    }

    fn new_member(&self, roles: &[&str]) -> Value {
        self.org.owner.client.post(&self.org.path("/members"), member_body(roles)).expect(201)
    }
}

/// Opens the registration of the shared server, once.
fn open_to_all() {
    static OPEN: Once = Once::new();
    OPEN.call_once(|| {
        let body = json!({ "requires_invitation": false });
        platform_owner().client.patch("/platform-settings", body).expect(200);
    });
}

fn invitee() -> String {
    format!("{}@walk.example", unique("invited"))
}

fn platform_invitation() -> Value {
    platform_owner().client.post("/invitations", json!({ "email": invitee() })).expect(201)
}

fn reason() -> Value {
    json!({ "reason": "Asked for by phone." })
}

fn deletion() -> Value {
    json!({ "identity_method": "call_back", "retention_notice_version": 1, "is_confirmed": true, "reason": "Asked for." })
}

/// The organization that accounts are transferred to.
fn haven() -> &'static Org {
    static HAVEN: LazyLock<Org> = LazyLock::new(Org::new);
    &HAVEN
}

/// An organization that people join without an invitation, and whose guests file requests.
struct Community {
    id: String,
    slug: String,
}

fn community(joining_mode: &str) -> Community {
    let slug = unique("community");
    let owner = &haven().owner;
    let body =
        json!({ "name": slug, "slug": slug, "first_admin": { "email": owner.email, "name": "Olivia" } });
    let id = id_of(&platform_owner().client.post("/orgs", body).expect(201)).to_owned();
    let open = json!({ "joining_mode": joining_mode, "ticket_openers": "anyone" });
    owner.client.patch(&format!("/orgs/{id}"), open).expect(200);
    Community { id, slug }
}

fn mail_words() -> Value {
    json!({ "subject": "Reply to {{ ticket_number }}", "text": "{{ link }}" })
}

fn member_body(roles: &[&str]) -> Value {
    let email = format!("{}@walk.example", unique("walked"));
    json!({ "email": email, "name": "Wanda Walked", "roles": roles, "location_ids": [] })
}

fn resolution() -> Value {
    json!({ "message": "It works again.", "resolution_summary": "Restarted it." })
}

fn session(of: &Person) -> Reply {
    let nobody = Client { base: of.client.base.clone(), token: None };
    nobody.post("/sessions", json!({ "email": of.email, "password": PASSWORD }))
}

pub(super) fn id_of(thing: &Value) -> &str {
    thing["id"].as_str().expect("a thing has an id")
}

fn user_id(member: &Value) -> String {
    member["user_id"].as_str().expect("a member has a user id").to_owned()
}
