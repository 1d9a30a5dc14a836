use actix_web::post;
use application::account_events::account_event;
use application::problem::Problem;
use orgs::Name;
use persistence::StoreError;
use serde::Deserialize;
use users::{AccountEventKind, Agreement};
use utoipa::ToSchema;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};
use web::openapi::parameters::IdempotencyKey;
use web::values::RoleKeyValue;

use super::body::AgreementBody;

/// A new version of an agreement.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"agreement_key": "terms_of_use", "title": "Terms of use", "url": "https://sunrise.example/terms"}))]
pub(crate) struct PublishAgreement {
    /// The key of the agreement; a new key creates a new agreement.
    agreement_key: RoleKeyValue,
    /// Its name. One line; `://` is refused.
    #[schema(min_length = 1, max_length = 120, pattern = "<name>")]
    title: String,
    /// Where its text is: http or https.
    #[schema(min_length = 1, max_length = 500, pattern = "^https?://[!-~]+$")]
    url: String,
}

/// Publishes a new version of an agreement
///
/// It takes effect immediately: people must accept it when they next log in or register.
#[utoipa::path(tag = "agreements", params(IdempotencyKey), request_body = PublishAgreement, extensions(("x-required-permission" = json!("manage_platform")),
        ("x-problem-codes" = json!(["rule_violated"]))),
    responses((status = 201, description = "The published version.", body = AgreementBody)))]
#[post("/agreements")]
pub(super) async fn publish_agreement(call: Call<(), (), PublishAgreement>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let sent = &input.body;
        let title = Name::parse(&sent.title).map_err(|e| Problem::rule("#/title", &e))?;
        let key = &sent.agreement_key.0;
        let before = ctx.tx.agreements()?.into_iter().find(|a| a.key == *key).map_or(0, |a| a.version);
        let agreement = Agreement {
            key: key.clone(),
            version: before + 1,
            title: title.as_str().to_owned(),
            url: sent.url.clone(),
            published_at: ctx.now,
        };
        ctx.tx.add_agreement(&agreement).map_err(|e| match e {
            StoreError::Unique(_) => StoreError::RunAgain,
            other => other,
        })?;
        let event = account_event(AccountEventKind::AgreementPublished, ctx.caller.user_id(), ctx.origin);
        ctx.tx.record_account(&event.changed("version", "", &format!("{key} {}", agreement.version)))?;
        Answer::created("/api/v1/agreements".to_owned(), &AgreementBody::from(&agreement))
    })
    .await
}
