use actix_web::post;
use application::account_events::account_event;
use application::accounts::new_password::{forget_links, require_current, words_of};
use application::mail::queue::OutgoingMail;
use application::passwords::require_strong;
use application::problem::Problem;
use mail::MailKind;
use persistence::Scope;
use serde::Deserialize;
use users::{AccountEventKind, ClientNetwork, Restriction};
use utoipa::ToSchema;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};

/// Your new password.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"current_password": "the password until today", "new_password": "a long and quiet afternoon"}))]
pub(crate) struct ChangeMyPassword {
    /// The password that works now.
    #[schema(min_length = 1, max_length = 128)]
    current_password: String,
    /// At least 12 characters of any kind, different from the current one. Returns 422 `weak_password`, with the reason, if it is too easy to guess.
    #[schema(min_length = 1, max_length = 128)]
    new_password: String,
}

/// Changes your password
///
/// All other sessions end; this one continues. Wrong current passwords count as failed log-ins.
#[utoipa::path(tag = "accounts", request_body = ChangeMyPassword, extensions(("x-open-to-restricted-sessions" = json!(true)),
        ("x-problem-codes" = json!(["rule_violated", "too_many_attempts", "weak_password"]))),
    responses((status = 204, description = "The password is changed.")))]
#[post("/me/change-password")]
pub(super) async fn change_my_password(call: Call<(), (), ChangeMyPassword>) -> Reply {
    let call = call.signed_in().await?;
    let input = call.input()?;
    let app = call.app.clone();
    let user = call.meta.origin.actor()?;
    require_current(&app, &call.meta.origin, &input.body.current_password, "#/current_password").await?;
    if input.body.new_password == input.body.current_password {
        return Err(
            Problem::rule("#/new_password", &"the new password must differ from the current one").into()
        );
    }
    let scope = Scope::of(user);
    let account = app.db.read(scope, move |tx| Ok::<_, Problem>(tx.account(user)?)).await?;
    let words = account.as_ref().map(words_of).unwrap_or_default();
    require_strong(&input.body.new_password, words).map_err(|weak| weak.pointing_at("#/new_password"))?;
    let hash = app.passwords.enter()?.hash(input.body.new_password.clone()).await?;
    call.write_account(AccountScope::Own, move |ctx, _| {
        let session = ctx.caller.session.clone();
        let account = ctx.tx.account(session.user_id)?.ok_or_else(Problem::internal)?;
        let changed = account.with_new_password(ctx.now);
        ctx.tx.save_account(&changed)?;
        ctx.tx.save_password_hash(changed.id, &hash)?;
        ctx.tx.remove_sessions_of(changed.id, Some(session.id))?;
        ctx.tx.lift_restriction(changed.id, Restriction::ChangePassword)?;
        forget_links(ctx.tx, changed.id)?;
        // Only from here on is it certain that the caller, and nobody else, logs in.
        ctx.tx.forget_known_networks(changed.id)?;
        let network = ClientNetwork::of(ctx.origin.client_address()).to_string();
        ctx.tx.save_known_network(changed.id, &network, ctx.now)?;
        ctx.tx.record_account(&account_event(AccountEventKind::PasswordChanged, changed.id, ctx.origin))?;
        OutgoingMail::to(&changed, MailKind::PasswordChanged).queue(ctx.tx, ctx.now)?;
        Ok(Answer::no_content())
    })
    .await
}
