//! A valid request to each operation that takes JSON.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::harness::document::{Operation, document};
use crate::harness::{Client, Org, PASSWORD, platform_owner, unique};

/// A request that succeeds if it is sent unchanged.
pub(crate) struct Target {
    pub(crate) operation: &'static Operation,
    pub(crate) path: String,
    pub(crate) body: Value,
    pub(crate) client: Client,
}

/// An organization, and valid requests to it.
pub(crate) struct Range {
    pub(crate) org: Org,
    pub(crate) open_ticket: String,
    pub(crate) closed_ticket: String,
    pub(crate) category: String,
    pub(crate) setup_token: String,
    pub(crate) refresh_token: String,
    pub(crate) role_etag: String,
    pub(crate) words_etag: String,
    pub(crate) invitation: String,
    pub(crate) platform_invitation: String,
    pub(crate) wish: String,
    pub(crate) request_to_join: String,
    pub(crate) waiting_ticket: String,
}

impl Range {
    pub(crate) fn new() -> Self {
        let org = Org::new();
        let id = |value: &Value| value["id"].as_str().unwrap().to_owned();
        let open_ticket = id(&org.ticket_with(&org.owner, json!({ "urgency": "normal" })).expect(201));
        let closed_ticket = id(&org.ticket_with(&org.owner, json!({ "urgency": "normal" })).expect(201));
        let close = org.path(&format!("/tickets/{closed_ticket}/close"));
        org.owner.client.post(&close, json!({ "force": true })).expect(200);
        let category =
            org.owner.client.post(&org.path("/categories"), json!({ "key": "own", "name": "Own" }));
        let category = id(&category.expect(201));
        let email = format!("{}@range.example", unique("waiting"));
        let body = json!({ "email": email, "name": "Wanda Waiting", "roles": ["rbt"] });
        let waiting = org.owner.client.post(&org.path("/members"), body).expect(201);
        let setup_token = org.handed_over(&waiting);
        let log_in = json!({ "email": org.rbt2.email, "password": PASSWORD });
        let tokens = Client::anonymous().post("/sessions", log_in).expect(201);
        let refresh_token = tokens["refresh_token"].as_str().unwrap().to_owned();
        let role_etag = org.owner.client.get(&org.path("/roles/bcba")).etag();
        let words_etag = org.owner.client.get(&org.path("/mail-templates/new_reply/en")).etag();
        let invited = json!({ "email": format!("{}@range.example", unique("invited")), "roles": ["rbt"] });
        let invitation = id(&org.owner.client.post(&org.path("/invitations"), invited).expect(201));
        let invited = json!({ "email": format!("{}@range.example", unique("invited")) });
        let platform_invitation = id(&platform_owner().client.post("/invitations", invited).expect(201));
        let wanted = json!({ "requested_role": "bcba", "justification": "I help out." });
        let wish = id(&org.rbt.client.post(&org.path("/permission-requests"), wanted).expect(201));
        let waiting_ticket = id(&org.ticket(&org.add_member(&["guest"], &[&org.downtown], None)));
        let takes_all = json!({ "joining_mode": "by_request", "ticket_openers": "anyone" });
        org.owner.client.patch(&org.path(""), takes_all).expect(200);
        let outsider = &haven().add_member(&["rbt"], &[], None).client;
        let to_join = json!({ "org_slug": org.slug });
        let request_to_join = id(&outsider.post("/me/membership-requests", to_join).expect(201));
        Self {
            org,
            open_ticket,
            closed_ticket,
            category,
            setup_token,
            refresh_token,
            role_etag,
            words_etag,
            invitation,
            platform_invitation,
            wish,
            request_to_join,
            waiting_ticket,
        }
    }

    /// The headers that an operation requires.
    pub(crate) fn headers(&self, target: &Target) -> Vec<(&'static str, &str)> {
        match target.operation.id.as_str() {
            "replace_role_permissions" => vec![("If-Match", &self.role_etag)],
            "replace_mail_template" => vec![("If-Match", &self.words_etag)],
            _ => vec![],
        }
    }

    /// All operations that take JSON.
    pub(crate) fn targets(&self) -> Vec<Target> {
        let org = &self.org;
        let owner = &org.owner.client;
        let nobody = Client::anonymous();
        let (open, closed) =
            (format!("/tickets/{}", self.open_ticket), format!("/tickets/{}", self.closed_ticket));
        let member = format!("/members/{}", org.rbt.id);
        let user = format!("/users/{}", org.rbt.id);
        let text = "Something that can be read";
        let all = vec![
            target(
                "create_session",
                "/sessions",
                json!({ "email": org.rbt.email, "password": PASSWORD }),
                &nobody,
            ),
            target(
                "refresh_session",
                "/sessions/refresh",
                json!({ "refresh_token": self.refresh_token }),
                &nobody,
            ),
            target(
                "complete_account_setup",
                "/account-setups",
                json!({ "token": self.setup_token, "name": "Wanda", "password": PASSWORD }),
                &nobody,
            ),
            target(
                "create_org",
                "/orgs",
                json!({ "name": "Bayside", "slug": unique("bayside"),
                    "first_admin": { "email": "first@bayside.example", "name": "Fay First" } }),
                &platform_owner().client,
            ),
            target("update_org", &org.path(""), json!({ "name": "Renamed" }), owner),
            target(
                "create_location",
                &org.path("/locations"),
                json!({ "name": "North", "address": "1 Way" }),
                owner,
            ),
            target(
                "update_location",
                &org.path(&format!("/locations/{}", org.riverside)),
                json!({ "name": "South", "address": "2 Way", "is_active": false }),
                owner,
            ),
            target(
                "create_category",
                &org.path("/categories"),
                json!({ "key": "new", "name": "New" }),
                owner,
            ),
            target(
                "update_category",
                &org.path(&format!("/categories/{}", self.category)),
                json!({ "name": "Newer", "is_active": false }),
                owner,
            ),
            target(
                "create_member",
                &org.path("/members"),
                json!({ "email": "new@range.example", "name": "Nia New", "roles": ["rbt"], "location_ids": [org.downtown],
                    "ticket_scope": "locations" }),
                owner,
            ),
            target(
                "update_member",
                &org.path(&member),
                json!({ "roles": ["bcba"], "location_ids": [], "ticket_scope": "locations", "reason": "Grew into it." }),
                owner,
            ),
            target(
                "replace_role_permissions",
                &org.path("/roles/bcba/permissions"),
                json!({ "permissions": ["create_tickets"] }),
                owner,
            ),
            target(
                "create_ticket",
                &org.path("/tickets"),
                json!({ "subject": text, "details": text, "urgency": "normal", "location_id": org.downtown,
                    "attachment_ids": [], "on_behalf_of": org.rbt.id }),
                owner,
            ),
            target(
                "update_ticket",
                &org.path(&open),
                json!({ "subject": text, "details": text, "priority": "high" }),
                owner,
            ),
            target(
                "close_ticket",
                &org.path(&format!("{open}/close")),
                json!({ "reason": text, "force": true }),
                owner,
            ),
            target(
                "create_follow_up",
                &org.path(&format!("{closed}/follow-up")),
                json!({ "subject": text, "details": text, "urgency": "low", "location_id": org.downtown, "attachment_ids": [] }),
                owner,
            ),
            target(
                "post_message",
                &org.path(&format!("{open}/messages")),
                json!({ "body": text, "visibility": "public", "attachment_ids": [] }),
                owner,
            ),
            target(
                "create_registration",
                "/registrations",
                json!({ "email": "rita@range.example", "name": "Rita", "password": PASSWORD, "locale": "en",
                    "time_zone": "UTC", "accepted_agreements": [], "invitation_code": "unknown" }),
                &nobody,
            ),
            target(
                "resend_confirmation",
                "/registrations/resend",
                json!({ "email": "rita@range.example" }),
                &nobody,
            ),
            target(
                "confirm_address",
                "/registrations/confirm",
                json!({ "token": "unknown", "password": PASSWORD }),
                &nobody,
            ),
            target(
                "request_password_reset",
                "/password-resets",
                json!({ "email": "rita@range.example" }),
                &nobody,
            ),
            target(
                "complete_password_reset",
                "/password-resets/complete",
                json!({ "token": "unknown", "password": PASSWORD }),
                &nobody,
            ),
            target(
                "change_my_password",
                "/me/change-password",
                json!({ "current_password": "not-the-password-1", "new_password": "another-quiet-lantern-8" }),
                owner,
            ),
            target(
                "change_my_address",
                "/me/change-address",
                json!({ "current_password": "not-the-password-1", "email": "moved@range.example" }),
                owner,
            ),
            target(
                "confirm_address_change",
                "/address-changes/confirm",
                json!({ "token": "unknown" }),
                owner,
            ),
            target(
                "update_me",
                "/me",
                json!({ "name": "Olive Owner", "locale": "en", "time_zone": "UTC" }),
                owner,
            ),
            target(
                "accept_agreement",
                "/me/consents",
                json!({ "agreement_key": "no_such_terms", "version": 1 }),
                owner,
            ),
            target(
                "publish_agreement",
                "/agreements",
                json!({ "agreement_key": "terms_of_range", "title": "Terms", "url": "https://range.example/terms" }),
                &platform_owner().client,
            ),
            target(
                "update_platform_settings",
                "/platform-settings",
                json!({ "default_locale": "en", "time_zone": "UTC", "grace_days": 30 }),
                &platform_owner().client,
            ),
            target(
                "update_mail_settings",
                &org.path("/mail-settings"),
                json!({ "default_locale": "en", "time_zone": "UTC", "brand_name": "Range", "brand_colour": "#7a3b1d",
                    "signature": "The range", "contact_address": "help@range.example" }),
                owner,
            ),
            target("replace_mail_template", &org.path("/mail-templates/new_reply/en"), mail_words(), owner),
            target(
                "preview_mail_template",
                &org.path("/mail-templates/new_reply/en/preview"),
                mail_words(),
                owner,
            ),
            target(
                "reactivate_member",
                &org.path(&format!("{member}/reactivate")),
                json!({ "reason": text }),
                owner,
            ),
            target(
                "reactivate_user",
                &format!("{user}/reactivate"),
                json!({ "reason": text }),
                &platform_owner().client,
            ),
            target("unlock_member", &org.path(&format!("{member}/unlock")), json!({ "reason": text }), owner),
            target(
                "unlock_user",
                &format!("{user}/unlock"),
                json!({ "reason": text }),
                &platform_owner().client,
            ),
            target(
                "confirm_member",
                &org.path(&format!("{member}/confirm")),
                json!({ "reason": text }),
                owner,
            ),
            target(
                "confirm_user",
                &format!("{user}/confirm"),
                json!({ "reason": text }),
                &platform_owner().client,
            ),
            target(
                "restore_approver_vote",
                &format!("/approvers/{}/restore-vote", org.rbt.id),
                json!({ "reason": text }),
                &platform_owner().client,
            ),
            target(
                "restore_org_approver_vote",
                &org.path(&format!("/approvers/{}/restore-vote", org.rbt.id)),
                json!({ "reason": text }),
                owner,
            ),
            target(
                "create_member_setup_link",
                &org.path(&format!("{member}/setup-links")),
                json!({ "reason": text }),
                owner,
            ),
            target(
                "create_user_setup_link",
                &format!("{user}/setup-links"),
                json!({ "reason": text }),
                &platform_owner().client,
            ),
            target(
                "complete_my_address_proof",
                "/me/address-proofs/complete",
                json!({ "token": "unknown" }),
                owner,
            ),
            target(
                "cancel_member_deletion",
                &org.path(&format!("{member}/cancel-deletion")),
                json!({ "reason": text }),
                owner,
            ),
            target(
                "cancel_user_deletion",
                &format!("{user}/cancel-deletion"),
                json!({ "reason": text }),
                &platform_owner().client,
            ),
            target(
                "set_member_temporary_password",
                &org.path(&format!("{member}/set-temporary-password")),
                json!({ "reason": text }),
                owner,
            ),
            target(
                "view_as_member",
                &org.path(&format!("{member}/view-as")),
                json!({ "reason": text }),
                owner,
            ),
            target(
                "set_user_temporary_password",
                &format!("{user}/set-temporary-password"),
                json!({ "reason": text }),
                &platform_owner().client,
            ),
            target(
                "flag_member_compromised",
                &org.path(&format!("{member}/flag-compromised")),
                json!({ "reason": text }),
                owner,
            ),
            target(
                "flag_user_compromised",
                &format!("{user}/flag-compromised"),
                json!({ "reason": text }),
                &platform_owner().client,
            ),
            target(
                "suspend_member",
                &org.path(&format!("{member}/suspend")),
                json!({ "reason": text, "until": "2036-01-01T00:00:00Z", "is_security_matter": true }),
                owner,
            ),
            target(
                "schedule_member_deletion",
                &org.path(&format!("{member}/schedule-deletion")),
                json!({ "identity_method": "document", "retention_notice_version": 1, "is_confirmed": true, "reason": text }),
                owner,
            ),
            target(
                "suspend_user",
                &format!("{user}/suspend"),
                json!({ "reason": text, "until": "2036-01-01T00:00:00Z", "is_security_matter": true }),
                &platform_owner().client,
            ),
            target(
                "schedule_user_deletion",
                &format!("{user}/schedule-deletion"),
                json!({ "identity_method": "document", "retention_notice_version": 1, "is_confirmed": true, "reason": text }),
                &platform_owner().client,
            ),
            target(
                "correct_member_account",
                &org.path(&format!("{member}/account")),
                json!({ "name": "Rob", "email": "corrected@range.example", "locale": "en", "time_zone": "UTC", "reason": text }),
                owner,
            ),
            target(
                "update_user",
                &user,
                json!({ "name": "Rob", "email": "corrected@range.example", "locale": "en", "time_zone": "UTC", "reason": text }),
                &platform_owner().client,
            ),
            target(
                "purge_user",
                &format!("{user}/purge"),
                json!({ "approved_by": text, "approved_on": "2026-01-01", "reference": text }),
                &platform_owner().client,
            ),
            target(
                "transfer_user",
                &format!("{user}/transfer"),
                json!({ "from_org_id": org.id, "to_org_id": org.id, "roles": ["rbt"], "reason": text }),
                &platform_owner().client,
            ),
            target(
                "grant_platform_role",
                &format!("{user}/platform-roles/platform_developer"),
                json!({ "reason": text }),
                &platform_owner().client,
            ),
            target(
                "update_my_profile",
                "/me/profile",
                json!({ "phone": "1", "pronouns": "she", "about": text, "private_fields": ["phone"] }),
                owner,
            ),
            target(
                "schedule_my_deletion",
                "/me/schedule-deletion",
                json!({ "current_password": "not-the-password-1", "retention_notice_version": 1, "is_confirmed": true }),
                owner,
            ),
            target("cancel_my_deletion", "/account-deletions/cancel", json!({ "token": "unknown" }), &nobody),
            target(
                "create_invitation",
                &org.path("/invitations"),
                json!({ "email": "in@range.example", "roles": ["rbt"], "location_ids": [org.downtown], "locale": "en", "valid_from": "2036-01-01T00:00:00Z", "valid_until": "2036-02-01T00:00:00Z", "greeting": text, "purpose": text, "extra": { "desk": text } }),
                owner,
            ),
            target(
                "create_invitation_batch",
                &org.path("/invitation-batches"),
                json!({ "emails": ["in2@range.example"], "roles": ["rbt"], "location_ids": [org.downtown], "locale": "en", "valid_from": "2036-01-01T00:00:00Z", "valid_until": "2036-02-01T00:00:00Z", "greeting": text, "purpose": text, "extra": { "desk": text } }),
                owner,
            ),
            target(
                "create_platform_invitation",
                "/invitations",
                json!({ "email": "in@range.example", "platform_role": "platform_developer", "locale": "en", "valid_from": "2036-01-01T00:00:00Z", "valid_until": "2036-02-01T00:00:00Z", "greeting": text, "purpose": text, "extra": { "desk": text } }),
                &platform_owner().client,
            ),
            target(
                "create_platform_invitation_batch",
                "/invitation-batches",
                json!({ "emails": ["in2@range.example"], "platform_role": "platform_developer", "locale": "en", "valid_from": "2036-01-01T00:00:00Z", "valid_until": "2036-02-01T00:00:00Z", "greeting": text, "purpose": text, "extra": { "desk": text } }),
                &platform_owner().client,
            ),
            target(
                "resend_invitation",
                &org.path(&format!("/invitations/{}/resend", self.invitation)),
                json!({ "valid_until": "2036-01-01T00:00:00Z" }),
                owner,
            ),
            target(
                "resend_platform_invitation",
                &format!("/invitations/{}/resend", self.platform_invitation),
                json!({ "valid_until": "2036-01-01T00:00:00Z" }),
                &platform_owner().client,
            ),
            target("preview_invitation", "/invitation-codes/preview", json!({ "code": "unknown" }), &nobody),
            target("accept_invitation", "/invitation-codes/accept", json!({ "code": "unknown" }), owner),
            target("decline_invitation", "/invitation-codes/decline", json!({ "code": "unknown" }), &nobody),
            target(
                "create_role",
                &org.path("/roles"),
                json!({ "key": "ranger", "name": "Ranger", "permissions": ["create_tickets"] }),
                owner,
            ),
            target(
                "clone_role",
                &org.path("/roles/rbt/clone"),
                json!({ "key": "ranger_too", "name": "Ranger" }),
                owner,
            ),
            target("update_role", &org.path("/roles/rbt"), json!({ "name": "Ranger" }), owner),
            target(
                "create_permission_request",
                &org.path("/permission-requests"),
                json!({ "requested_permission": "manage_org", "justification": text }),
                &org.rbt.client,
            ),
            target(
                "grant_permission_request",
                &org.path(&format!("/permission-requests/{}/grant", self.wish)),
                json!({ "role": "bcba", "identity_check": text, "consulted": text, "explanation": text }),
                owner,
            ),
            target(
                "deny_permission_request",
                &org.path(&format!("/permission-requests/{}/deny", self.wish)),
                json!({ "identity_check": text, "consulted": text, "explanation": text }),
                owner,
            ),
            target(
                "set_up_my_two_factor",
                "/me/two-factor/setup",
                json!({ "password": PASSWORD }),
                &org.rbt.client,
            ),
            target(
                "confirm_my_two_factor",
                "/me/two-factor/confirm",
                json!({ "totp_code": "000000" }),
                &org.rbt.client,
            ),
            target(
                "replace_my_recovery_codes",
                "/me/two-factor/recovery-codes",
                json!({ "password": PASSWORD, "recovery_code": text }),
                &org.rbt.client,
            ),
            target(
                "disable_my_two_factor",
                "/me/two-factor/disable",
                json!({ "password": PASSWORD, "recovery_code": text }),
                &org.rbt.client,
            ),
            target(
                "reset_user_two_factor",
                &format!("{user}/reset-two-factor"),
                json!({ "reason": text }),
                &platform_owner().client,
            ),
            target(
                "reset_member_two_factor",
                &org.path(&format!("{member}/reset-two-factor")),
                json!({ "reason": text }),
                owner,
            ),
            target(
                "create_membership_request",
                "/me/membership-requests",
                json!({ "org_slug": org.slug, "message": text }),
                &haven().rbt.client,
            ),
            target(
                "create_guest_membership",
                "/me/guest-memberships",
                json!({ "org_slug": org.slug }),
                &haven().rbt2.client,
            ),
            target(
                "appeal_my_membership_request",
                &format!("/me/membership-requests/{}/appeal", self.request_to_join),
                json!({ "text": text }),
                owner,
            ),
            target(
                "approve_membership_request",
                &org.path(&format!("/membership-requests/{}/approve", self.request_to_join)),
                json!({ "roles": ["rbt"], "location_ids": [org.downtown], "reason": text }),
                owner,
            ),
            target(
                "deny_membership_request",
                &org.path(&format!("/membership-requests/{}/deny", self.request_to_join)),
                json!({ "reason": text }),
                owner,
            ),
            target(
                "deny_ticket",
                &org.path(&format!("/tickets/{}/deny", self.waiting_ticket)),
                json!({ "reason": text }),
                owner,
            ),
            target("mark_ticket_read", &org.path(&format!("{open}/read-marker")), json!({}), owner),
            target(
                "resolve_ticket",
                &org.path(&format!("{open}/resolve")),
                json!({ "message": text, "resolution_summary": text }),
                owner,
            ),
        ];
        let named: BTreeSet<&str> = all.iter().map(|t| t.operation.id.as_str()).collect();
        let wanted: BTreeSet<&str> = document()
            .operations
            .values()
            .filter(|o| schema_of(o).is_some())
            .map(|o| o.id.as_str())
            .collect();
        assert_eq!(named, wanted, "each operation that takes JSON is a target of these tests");
        all
    }
}

/// An organization of people from outside.
fn haven() -> &'static Org {
    static HAVEN: LazyLock<Org> = LazyLock::new(Org::new);
    &HAVEN
}

fn mail_words() -> Value {
    json!({ "subject": "Reply", "text": "{{ link }}" })
}

fn target(id: &str, path: &str, body: Value, client: &Client) -> Target {
    let operation = document().operations.get(id).unwrap_or_else(|| panic!("the document has no {id}"));
    Target { operation, path: path.to_owned(), body, client: client.clone() }
}

/// The schema of an operation's JSON body.
pub(crate) fn schema_of(operation: &Operation) -> Option<&'static Value> {
    let own = &document().operations[&operation.id];
    let content = own.value["requestBody"]["content"].as_object()?;
    let (_, json) = content.iter().find(|(media_type, _)| media_type.contains("json"))?;
    Some(document().resolve(&json["schema"]))
}

impl Target {
    /// Whether the operation requires a body.
    pub(crate) fn is_body_required(&self) -> bool {
        self.operation.value["requestBody"]["required"] == true
    }

    /// The fields of its body, with their schemas.
    pub(crate) fn members(&self) -> Vec<(&'static str, &'static Value)> {
        let schema = schema_of(self.operation).unwrap();
        let members = schema["properties"].as_object().into_iter().flatten();
        members.map(|(name, schema)| (name.as_str(), document().resolve(schema))).collect()
    }

    /// The body with one field replaced or added.
    pub(crate) fn with(&self, name: &str, value: Value) -> Value {
        let mut body = self.body.clone();
        body[name] = value;
        body
    }
}
