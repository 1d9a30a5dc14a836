//! The published document: collected from the operations, then completed with what applies to all of them.

#![expect(clippy::indexing_slicing, reason = "a member that a JSON value lacks reads as null")]

pub mod document_error;
pub mod links;
pub mod operations;
pub mod parameters;
pub mod problem_codes;
mod problem_examples;
pub mod requests;
pub mod responses;
pub mod shape;

use serde_json::{Value, json};
use utoipa::OpenApi;

use crate::openapi::document_error::DocumentError;
use crate::openapi::operations::operations;

/// The head of the document.
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
        (name = "tickets", description = "Support requests, from creation to closing. A member creates one; staff triage, assign, answer and resolve it. `get_ticket` lists the actions that the caller may take now."),
        (name = "messages", description = "The thread of a ticket. Public messages are read by the requester and staff, internal notes by staff only. The first staff reply moves an open ticket to in progress."),
        (name = "attachments", description = "Files of tickets and messages. Upload a file first, then name its id when you create the ticket or message. A file that nothing names is removed after 24 hours."),
        (name = "history", description = "Events of tickets and read markers. Events tell who changed what and when, and never change themselves. Read markers count the unread replies of a requester."),
        (name = "categories", description = "The tree of request categories of an organization. Requesters choose one when they create a ticket. The seeded ones cannot be renamed; an organization adds its own."),
        (name = "sessions", description = "Logging in, refreshing tokens and logging out. A session has a short-lived access token and a refresh token that works once. Reuse of a refresh token ends the session."),
        (name = "accounts", description = "Your own account, profile and data. One account serves all organizations that you belong to. Registration, password reset and the links of mails are here too."),
        (name = "two_factor", description = "Two-factor log-in with codes of a device (TOTP) and recovery codes. You enable it for your own account. An organization or the platform can require it of roles."),
        (name = "agreements", description = "Terms that people must accept, and who accepted which version. A new version must be accepted at the next log-in. Until then a session can do little else."),
        (name = "orgs", description = "Organizations, the tenants of the platform. Everything else belongs to one and is invisible to others. Platform administrators create them; owners change their settings."),
        (name = "locations", description = "The places at which an organization works. Tickets are filed for a location, and staff can be limited to some. A location is deactivated, never deleted."),
        (name = "members", description = "Members of an organization and what staff do for their accounts. Each has roles, locations and a ticket scope. Reading personal data is recorded, and the person can see it."),
        (name = "roles", description = "Roles of an organization and the permissions they grant. Some are seeded; an organization creates more. Nobody grants a role with more permissions than their own."),
        (name = "permission_requests", description = "Requests of members for a role or a permission. A reviewer grants one by giving a role, or denies it with a reason. A decision never changes."),
        (name = "membership_requests", description = "Joining an organization without an invitation. Depending on the organization, joining is open, needs a decision, or is by invitation only. A denial can be appealed once."),
        (name = "invitations", description = "Invitations to an organization. Each has a link and a code, expires, and offers roles and locations. The invited person previews, accepts or declines it with the code."),
        (name = "approvals", description = "Critical changes of an organization, which a second approver decides. They are removing or demoting an owner and deleting an account. Approvers and their votes are listed here too."),
        (name = "mail_templates", description = "The mail of an organization: its look and its texts. Templates ship in several languages, and an organization can replace each. A preview shows one with sample data."),
        (name = "users", description = "Accounts of the whole platform, for platform administrators. They help people who cannot log in or see data, suspend and delete accounts, and give platform roles. The same acts for members are under `members`."),
        (name = "platform_approvals", description = "Critical changes of the platform, which a second approver decides. They are granting a platform role, removing a platform owner and deleting an account. Approvers and their votes are listed here too."),
        (name = "platform_invitations", description = "Invitations to the platform, outside any organization. They work like invitations to an organization. One can offer a platform role."),
        (name = "platform", description = "Settings of the whole platform. They say whether registration needs an invitation, the default language and time zone, and the grace period of deletions. Platform administrators change them."),
        (name = "system", description = "Health of the server and this document. `/healthz` says that the process is alive, `/readyz` that the database can be read and written. The document is served as JSON and YAML."),
    ),
    components(schemas(crate::problem::ProblemBody, crate::problem::FaultBody)),
)]
pub struct Head;

/// The document as published.
///
/// # Errors
///
/// An operation is declared wrongly.
pub fn finished(collected: &utoipa::openapi::OpenApi) -> Result<Value, DocumentError> {
    let mut document = serde_json::to_value(collected)?;
    document["openapi"] = json!("3.1.0");
    document["security"] = json!([{ "bearer_auth": [] }]);
    document["components"]["securitySchemes"] = json!({
        "bearer_auth": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "The access token of a session." },
    });
    for (_, _, operation) in operations(&mut document) {
        // An operation with an empty requirement is public; the document expresses that as no requirements.
        if operation.get("security").is_some_and(|s| *s == json!([{}])) {
            operation.insert("security".to_owned(), json!([]));
        }
    }
    requests::close_and_guard(&mut document);
    responses::complete(&mut document)?;
    document["x-shared-problem-codes"] = problem_codes::shared();
    links::add(&mut document);
    Ok(document)
}

/// The document as YAML.
///
/// # Errors
///
/// It cannot be written.
pub fn yaml(document: &Value) -> Result<String, DocumentError> {
    Ok(crate::yaml::write(document)?)
}
