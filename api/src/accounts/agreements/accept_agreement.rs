use actix_web::post;
use application::problem::{Fault, Problem};
use application::problem_codes::Code;
use users::{Restriction, open_agreements};
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};
use web::openapi::parameters::IdempotencyKey;
use web::values::AgreementVersion;

use super::body::ConsentBody;

/// Accepts an agreement in the version in force
///
/// Once all are accepted, all sessions of the person may do everything again. Returns 409 if it was accepted already.
#[utoipa::path(tag = "agreements", params(IdempotencyKey), request_body = AgreementVersion, extensions(("x-open-to-restricted-sessions" = json!(true)),
        ("x-problem-codes" = json!(["already_exists", "reference_not_found"]))),
    responses((status = 201, description = "The agreement is accepted.", body = ConsentBody)))]
#[post("/me/consents")]
pub(super) async fn accept_agreement(call: Call<(), (), AgreementVersion>) -> Reply {
    call.write_account(AccountScope::Own, |ctx, input| {
        let (user, sent) = (ctx.caller.user_id(), input.body.accepted(ctx.now));
        let in_force = ctx.tx.agreements()?;
        let mut given = ctx.tx.consents_of(user)?;
        if !in_force.iter().any(|a| a.key == sent.agreement_key && a.version == sent.version) {
            return Err(Problem::new(Code::ReferenceNotFound, "This version is not in force.").with_errors(
                vec![Fault::at(
                    "#/version",
                    "reference_not_found",
                    "See `list_agreements` for the versions in force.",
                )],
            ));
        }
        if given.iter().any(|c| c.agreement_key == sent.agreement_key && c.version == sent.version) {
            return Err(Problem::new(Code::AlreadyExists, "It was already accepted."));
        }
        ctx.tx.add_consent(user, &sent)?;
        given.push(sent.clone());
        if open_agreements(&in_force, &given).is_empty() {
            ctx.tx.lift_restriction(user, Restriction::AcceptAgreements)?;
        }
        Answer::created("/api/v1/me/consents".to_owned(), &ConsentBody::from(&sent))
    })
    .await
}
