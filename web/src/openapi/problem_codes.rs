//! `x-problem-codes`: the codes of the problems with which an operation answers.
//!
//! An operation declares the codes of its own rules. The others follow from its [`Shape`]: who may call it, what it
//! takes, and under which conditions.

use application::problem_codes::Code;
use serde_json::{Map, Value, json};

use super::document_error::DocumentError;
use super::shape::Shape;

const MEMBER: &str = "x-problem-codes";
/// The declared ones among them.
const OWN: &str = "x-own-problem-codes";

type Applies = fn(&Shape) -> bool;

/// The codes that do not come from an operation's own rules, with the operations that answer with them.
const SHARED: [(Code, Applies); 27] = [
    (Code::MalformedJson, |s| s.has_json_body),
    (Code::MalformedRequest, |s| s.is_in_api),
    (Code::InvalidCursor, |s| s.is_list),
    (Code::Unauthenticated, |s| !s.is_public),
    (Code::TokenExpired, |s| !s.is_public),
    (Code::TokenRevoked, |s| !s.is_public),
    (Code::Forbidden, |s| s.requires_permission || s.is_open_to_viewing),
    (Code::AccountDisabled, |s| !s.is_public),
    (Code::SessionRestricted, |s| !s.is_public && !s.is_open_to_restricted),
    (Code::NotWhileViewingAs, |s| !s.is_public && !s.is_open_to_viewing),
    (Code::MemberCannotLogIn, |s| s.is_open_to_viewing),
    (Code::MembershipUnclaimed, |s| s.is_open_to_viewing),
    (Code::OrganizationInactive, |s| s.is_for_members),
    (Code::AddressUnproved, |s| s.is_for_members),
    (Code::TwoFactorSetupRequired, |s| s.is_for_members || s.requires_permission),
    (Code::NotFound, |s| s.names_a_thing && !s.is_public),
    (Code::RequestTimeout, |s| s.has_body),
    (Code::IdempotencyInProgress, |s| s.takes_idempotency_key),
    (Code::PreconditionFailed, |s| s.takes_if_match),
    (Code::PayloadTooLarge, |s| s.has_body),
    (Code::UnsupportedMediaType, |s| s.has_body),
    (Code::ValidationFailed, |s| s.is_in_api),
    (Code::IdempotencyKeyReused, |s| s.takes_idempotency_key),
    (Code::PreconditionRequired, |s| s.requires_if_match),
    (Code::RateLimited, |s| s.is_in_api),
    (Code::InternalError, |_| true),
    (Code::Unavailable, |_| true),
];

/// The codes that a client handles once, for all operations.
pub(super) fn shared() -> Value {
    SHARED.iter().map(|(code, _)| json!(code.as_str())).collect()
}

/// Replaces the declared codes by all of them, in the order of their statuses, and returns these. The declared ones remain
/// in a member of their own and in a sentence of the description.
///
/// # Errors
///
/// A declared code that does not exist, or that follows from the shape.
pub(super) fn complete(
    shape: &Shape,
    operation: &mut Map<String, Value>,
) -> Result<Vec<Code>, DocumentError> {
    let own = declared(shape, operation)?;
    let applies = |code: Code| own.contains(&code) || is_shared(shape, code);
    let all: Vec<Code> = Code::all().filter(|code| applies(*code)).collect();
    let words = |codes: &[Code]| codes.iter().map(|code| json!(code.as_str())).collect::<Value>();
    operation.insert(MEMBER.to_owned(), words(&all));
    operation.insert(OWN.to_owned(), words(&own));
    if !own.is_empty() {
        let said = operation.get("description").and_then(Value::as_str).unwrap_or_default();
        let description = format!("{said} {}", sentence(&own));
        operation.insert("description".to_owned(), json!(description.trim_start()));
    }
    Ok(all)
}

fn is_shared(shape: &Shape, code: Code) -> bool {
    SHARED.iter().any(|(shared, applies)| *shared == code && applies(shape))
}

fn declared(shape: &Shape, operation: &Map<String, Value>) -> Result<Vec<Code>, DocumentError> {
    let words = operation.get(MEMBER).and_then(Value::as_array).into_iter().flatten();
    words
        .map(|word| {
            let code = word.as_str().and_then(Code::parse).filter(|code| !is_shared(shape, *code));
            code.ok_or_else(|| DocumentError::ProblemCode(word.to_string()))
        })
        .collect()
}

fn sentence(own: &[Code]) -> String {
    let words: Vec<String> = own.iter().map(|code| format!("`{}`", code.as_str())).collect();
    match words.as_slice() {
        [first @ .., last] if !first.is_empty() => {
            format!("Its rules can refuse it with {} or {last}.", first.join(", "))
        }
        _ => format!("Its rules can refuse it with {}.", words.join("")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn completed(declared: Value) -> Result<(Vec<Code>, Map<String, Value>), DocumentError> {
        let mut operation = Map::new();
        operation.insert(MEMBER.to_owned(), declared);
        operation.insert("description".to_owned(), json!("For every member."));
        let shape = Shape::of("/api/v1/orgs/{org_id}/tickets", &operation);
        let all = complete(&shape, &mut operation)?;
        Ok((all, operation))
    }

    #[test]
    fn declared_codes_are_joined_with_those_of_the_shape() {
        let (all, operation) = completed(json!(["ticket_closed", "last_owner"])).unwrap();
        assert!(all.contains(&Code::TicketClosed) && all.contains(&Code::TokenExpired));
        assert!(!all.contains(&Code::MalformedJson), "it has no body");
        assert_eq!(
            operation.get("description").unwrap(),
            "For every member. Its rules can refuse it with `ticket_closed` or `last_owner`."
        );
        let listed = operation.get(MEMBER).unwrap().as_array().unwrap();
        assert!(listed.contains(&json!("last_owner")) && listed.len() == all.len());
    }

    #[test]
    fn a_code_that_does_not_exist_or_follows_from_the_shape_is_refused() {
        assert!(completed(json!(["ticket_cloesd"])).is_err());
        assert!(completed(json!(["token_expired"])).is_err());
    }
}
