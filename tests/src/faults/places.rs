//! One existing thing of each kind, for the paths of the document.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::targets::Range;
use crate::harness::document::{Operation, document};
use crate::harness::{Client, Person, Reply, platform_owner};

/// Ids by the name of the path parameter.
pub(crate) struct Places {
    pub(crate) ids: BTreeMap<&'static str, String>,
}

impl Places {
    /// Creates what the range does not have yet.
    pub(crate) fn of(range: &Range) -> Self {
        let org = &range.org;
        let owner = &org.owner.client;
        let id = |value: &Value| value["id"].as_str().unwrap().to_owned();
        let messages = org.path(&format!("/tickets/{}/messages", range.open_ticket));
        let message = owner.post(&messages, json!({ "body": "Hello", "visibility": "internal" })).expect(201);
        let attachment = owner.upload(&org.id, "a.txt", "text/plain", b"text").expect(201);
        let sessions = owner.get("/me/sessions").expect(200);
        let nobody = "0198c1f2-b7a0-7c3f-8d5e-6f708192ffff".to_owned();
        let ids = BTreeMap::from([
            ("org_id", org.id.clone()),
            ("ticket_id", range.open_ticket.clone()),
            ("message_id", id(&message)),
            ("attachment_id", id(&attachment)),
            ("category_id", range.category.clone()),
            ("location_id", org.downtown.clone()),
            ("user_id", org.rbt.id.clone()),
            ("role_key", "bcba".to_owned()),
            ("kind", "new_reply".to_owned()),
            ("locale", "en".to_owned()),
            ("session_id", id(&sessions["data"][0])),
            ("platform_role", "platform_developer".to_owned()),
            ("approval_id", nobody),
            ("invitation_id", range.invitation.clone()),
            ("permission_request_id", range.wish.clone()),
            ("membership_request_id", range.request_to_join.clone()),
        ]);
        Self { ids }
    }

    /// A path of the document, below `/api/v1`, with its parameters replaced.
    pub(crate) fn fill(&self, pattern: &str) -> String {
        let path = pattern.strip_prefix("/api/v1").map_or_else(|| format!("!{pattern}"), str::to_owned);
        let filled = self.ids.iter().fold(path, |path, (name, id)| path.replace(&format!("{{{name}}}"), id));
        assert!(!filled.contains('{'), "nothing stands for a parameter of {filled}");
        filled
    }

    /// The same with another value for one parameter.
    pub(crate) fn with(&self, name: &'static str, id: &str) -> Self {
        let mut ids = self.ids.clone();
        ids.insert(name, id.to_owned());
        Self { ids }
    }

    /// Somebody who may call the operation.
    pub(crate) fn caller<'a>(&self, range: &'a Range, operation: &Operation) -> &'a Person {
        match operation.id.as_str() {
            "create_org" | "get_platform_settings" => platform_owner(),
            _ if operation.path.starts_with("/api/v1/users") => platform_owner(),
            _ if operation.path.starts_with("/api/v1/approv") => platform_owner(),
            _ if operation.path.starts_with("/api/v1/invitations") => platform_owner(),
            "get_platform_invitation_analytics" => platform_owner(),
            _ => &range.org.owner,
        }
    }

    /// Calls an operation with all that it requires; `query` is appended to the path.
    pub(crate) fn call(&self, range: &Range, operation: &Operation, query: &str) -> Reply {
        let target = range.targets().into_iter().find(|target| target.operation.id == operation.id);
        let path = self.fill(&operation.path) + &with_required(operation, query);
        let client: Client = match &target {
            Some(target) => target.client.clone(),
            None => self.caller(range, operation).client.clone(),
        };
        match target {
            Some(target) => client.send_json(&operation.method, &path, &range.headers(&target), &target.body),
            None if operation.id == "upload_attachment" => {
                let (org_id, form) = (
                    &self.ids["org_id"],
                    "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\ntext\r\n--x--\r\n",
                );
                let path = format!("/orgs/{org_id}/attachments{query}");
                client.send(
                    "POST",
                    &path,
                    &[("Content-Type", "multipart/form-data; boundary=x")],
                    Some(form.as_bytes().to_vec()),
                )
            }
            None => client.send(&operation.method, &path, &[], None),
        }
    }
}

/// The query with the required parameters of the operation.
fn with_required(operation: &Operation, query: &str) -> String {
    let parameters = operation.value["parameters"].as_array().into_iter().flatten();
    let required = parameters.filter(|p| p["in"] == "query" && p["required"] == true);
    required.filter_map(|p| p["name"].as_str()).fold(query.to_owned(), |query, name| {
        let mark = if query.is_empty() { '?' } else { '&' };
        format!("{query}{mark}{name}=Test")
    })
}

/// All operations except those about the system itself.
pub(crate) fn operations() -> impl Iterator<Item = &'static Operation> {
    document().operations.values().filter(|operation| operation.value["tags"][0] != "system")
}
