//! The published document: collected from the operations, then finished with what holds for all of them alike.

#![expect(clippy::indexing_slicing, reason = "a member that a JSON value lacks reads as null")]

use serde_json::{Map, Value, json};
use utoipa::OpenApi;

mod links;
mod parameters;
mod requests;
mod responses;

pub(crate) use parameters::{IdempotencyKey, IfMatch, IfMatchRequired, IfNoneMatch};

/// What stands at the head of the document.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Steward",
        description = "A customer-support backend: one place where the members of an organization ask for help, and where staff answer.\n\n\
            Log in with `create_session`, send the access token as `Authorization: Bearer ...`, and find the ids of your organizations with `get_me`. \
            What you may file for is in `get_ticket_form`.\n\n\
            Lists are paged: follow `next_cursor` until it is null. Every refusal is a problem document (RFC 9457) whose `code` is stable. \
            Enums in answers may get new values. Ids are UUIDs; times are UTC with six decimals.",
        version = "1.0.0",
        contact(name = "Steward", email = "support@steward.example"),
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    servers((url = "/", description = "This platform")),
    tags(
        (name = "system", description = "Whether the server is well, and this document."),
        (name = "sessions", description = "Logging in and out."),
        (name = "accounts", description = "One's own account."),
        (name = "two_factor", description = "A second thing to show at log-in: codes of a device, and recovery codes."),
        (name = "agreements", description = "What people agree to, and who did."),
        (name = "platform", description = "Settings of the whole platform."),
        (name = "orgs", description = "Organizations."),
        (name = "locations", description = "The places that an organization works at."),
        (name = "members", description = "Who belongs to an organization."),
        (name = "roles", description = "What members may do."),
        (name = "permission_requests", description = "Members' wishes for more rights."),
        (name = "membership_requests", description = "Coming to belong to an organization without being invited."),
        (name = "users", description = "Accounts of the whole platform, for those who look after it."),
        (name = "approvals", description = "Changes in an organization that one person alone does not make, and who approves them."),
        (name = "platform_approvals", description = "Changes of the platform that one person alone does not make, and who approves them."),
        (name = "invitations", description = "Asking people into an organization, and what the invited do."),
        (name = "platform_invitations", description = "Asking people into the platform."),
        (name = "mail_templates", description = "How an organization's mail looks and what it says."),
        (name = "tickets", description = "Support requests, from filing to closing."),
        (name = "messages", description = "The conversation and the internal notes of a ticket."),
        (name = "attachments", description = "Files: uploaded first, then attached to a ticket or message."),
        (name = "history", description = "What happened, and what is unread."),
        (name = "categories", description = "Kinds of requests."),
    ),
    components(schemas(crate::problem::ProblemBody, crate::problem::Fault, crate::tickets::CloseTicket, crate::tickets::TicketOrder, crate::history::MarkTicketRead, crate::people::ProfileSection, crate::users::UserOrder, crate::membership_requests::MembershipRequestStatusKey, crate::invitations::InvitationOrder, crate::invitations::InvitationStatusKey)),
)]
pub(crate) struct Head;

/// The document as it is published.
pub(crate) fn finished(collected: &utoipa::openapi::OpenApi) -> Result<Value, serde_json::Error> {
    let mut document = serde_json::to_value(collected)?;
    document["openapi"] = json!("3.1.0");
    document["security"] = json!([{ "bearer_auth": [] }]);
    document["components"]["securitySchemes"] = json!({
        "bearer_auth": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "The access token of a session." },
    });
    for_each_operation(&mut document, |_, _, operation| {
        // An operation that names an empty requirement is public; the contract writes that as no requirement at all.
        if operation.get("security").is_some_and(|s| *s == json!([{}])) {
            operation.insert("security".to_owned(), json!([]));
        }
    });
    requests::close_and_guard(&mut document);
    responses::complete(&mut document);
    links::add(&mut document);
    Ok(document)
}

/// The document as YAML.
pub(crate) fn yaml(document: &Value) -> Result<String, serde_json::Error> {
    crate::yaml::write(document)
}

/// Calls `visit` with path, method and operation of each.
fn for_each_operation(document: &mut Value, mut visit: impl FnMut(&str, &str, &mut Map<String, Value>)) {
    for (path, item) in document["paths"].as_object_mut().into_iter().flatten() {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            if let Some(operation) = operation.as_object_mut() {
                visit(path, method, operation);
            }
        }
    }
}
