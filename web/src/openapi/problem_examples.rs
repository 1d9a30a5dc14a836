//! Examples of refusals. They are made like the refusals themselves, so code, status and title always agree.

use application::problem::{Fault, Problem};
use application::problem_codes::Code;
use serde_json::{Map, Value, json};
use tickets::{Status, StatusRefused};

use crate::problem::ProblemBody;

/// The same as in the example of the schema.
const REQUEST_ID: &str = "0198c1f2b7a07c3f";

/// The media type object of refusals with this status, with an example for each usual code.
pub(super) fn media_type(status: &str) -> Value {
    let mut media_type = Map::new();
    media_type.insert("schema".to_owned(), json!({ "$ref": "#/components/schemas/Problem" }));
    let examples = usual(status);
    if let [only] = examples.as_slice() {
        media_type.insert("example".to_owned(), body(only));
    } else {
        let named = |problem: &Problem| {
            let example = json!({ "summary": problem.code().title(), "value": body(problem) });
            (problem.code().as_str().to_owned(), example)
        };
        let examples: Map<String, Value> = examples.iter().map(named).collect();
        media_type.insert("examples".to_owned(), Value::Object(examples));
    }
    Value::Object(media_type)
}

fn body(problem: &Problem) -> Value {
    json!(ProblemBody::from(&problem.clone().with_request_id(REQUEST_ID)))
}

/// The usual refusals with a status, as the operations return them.
fn usual(status: &str) -> Vec<Problem> {
    match status {
        "400" => vec![
            Problem::new(Code::InvalidCursor, "The cursor was not made for this list with these filters."),
            Problem::new(Code::MalformedJson, "The body is not valid JSON (line 1, column 12)."),
            Problem::new(Code::MalformedRequest, "The query is not percent-encoded UTF-8."),
        ],
        "401" => vec![
            Problem::new(Code::InvalidCredentials, "The address or the password is wrong."),
            Problem::new(
                Code::TokenExpired,
                "The access token has expired: refresh it, or request a new one with `view_as_member`.",
            ),
            Problem::new(Code::TokenRevoked, "The session has ended; log in again."),
            Problem::new(Code::TwoFactorRequired, "Send a code of your device, or a recovery code, as well."),
            Problem::new(
                Code::Unauthenticated,
                "Log in, and send the access token as `Authorization: Bearer ...`.",
            ),
        ],
        "403" => vec![
            Problem::new(Code::AccountDisabled, "You are suspended in this organization."),
            Problem::new(Code::Forbidden, "This needs the permission `view_members`."),
            Problem::new(
                Code::NotWhileViewingAs,
                "A view-as token can only read what the member sees; use your own token for everything else.",
            ),
            Problem::new(Code::SessionRestricted, "Choose a new password first (`change_my_password`)."),
        ],
        "404" => vec![Problem::not_found()],
        "408" => vec![Problem::new(Code::RequestTimeout, "The body did not arrive in time.")],
        "409" => conflicts(),
        "410" => {
            vec![Problem::new(Code::Gone, "The link was used, has expired, or was replaced by a newer one.")]
        }
        "412" => vec![Problem::new(Code::PreconditionFailed, "It was changed since you read it.")],
        "413" => vec![Problem::new(Code::PayloadTooLarge, "The body is larger than this operation accepts.")],
        "415" => vec![Problem::new(Code::UnsupportedMediaType, "Send the body as application/json.")],
        "422" => invalid(),
        "428" => {
            vec![Problem::new(Code::PreconditionRequired, "Send the `ETag` that you read as `If-Match`.")]
        }
        "429" => vec![
            Problem::new(Code::RateLimited, "Too many requests; wait a little."),
            Problem::new(Code::TooManyAttempts, "Too many failed attempts; wait, then try again."),
        ],
        "500" => vec![Problem::internal()],
        "503" => {
            vec![Problem::new(Code::Unavailable, "The database is busy or unavailable; try again.")]
        }
        // A status that no other response has.
        _ => vec![Problem::new(Code::MethodNotAllowed, "The method is not offered here.")],
    }
}

fn conflicts() -> Vec<Problem> {
    let resolved = Status::Resolved;
    let ticket =
        "/api/v1/orgs/0198c1f2-b7a0-7c3f-8d5e-6f7081920a1c/tickets/0198c1f2-b7a0-7c3f-8d5e-6f7081920a21";
    vec![
        Problem::new(Code::AlreadyExists, "Another role has this key."),
        Problem::new(Code::Conflict, "The person already has this role."),
        Problem::new(Code::IdempotencyInProgress, "The first request with this key is still running."),
        Problem::from(StatusRefused::InvalidTransition {
            from: resolved,
            to: resolved,
            allowed: resolved.next(false),
        }),
        Problem::new(Code::TicketClosed, "The ticket is closed; file a follow-up instead.")
            .with_allowed(&[])
            .with_follow_up(format!("{ticket}/follow-up")),
    ]
}

fn invalid() -> Vec<Problem> {
    vec![
        Problem::new(Code::IdempotencyKeyReused, "The key came with another body before."),
        Problem::no_such_reference("#/category_id", "category"),
        Problem::rule("#/valid_until", &"an invitation must end after it begins, and not in the past"),
        Problem::invalid(vec![
            Fault::at("#/subject", "required", "`subject` is missing."),
            Fault::at("#/colour", "unknown_field", "This member is not known here."),
        ]),
    ]
}
