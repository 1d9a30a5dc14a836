use actix_web::post;
use mail::MailKind;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::body::{CreatePlatformInvitation, EmailAndTerms, InvitationBody, audience};
use super::invite::{find_invitation, invite, locale_for, mail_invitation, offer_on_platform, save_senders};

/// Invites a person to the platform
///
/// A mail goes to the address, with a link and a code that work until `valid_until`. An address has one open invitation at a
/// time; one that expired, was declined or was revoked can be invited again. Between two mails of one inviter to one address
/// lie 15 minutes, whatever became of the first invitation (429 `too_many_attempts`). An invitation cannot offer more rights than your own, and
/// what the inviter may give is asked again when the invitation is accepted. A person who accepts one with a platform role gets the role as with `grant_platform_role`.
#[utoipa::path(tag = "platform_invitations", params(IdempotencyKey), request_body = CreatePlatformInvitation, extensions(("x-required-permission" = json!("invite_users")),
        ("x-problem-codes" = json!(["already_exists", "rule_violated", "too_many_attempts"]))),
    responses((status = 201, description = "The new invitation.", body = InvitationBody)))]
#[post("/invitations")]
pub(super) async fn create_platform_invitation(call: Call<(), (), CreatePlatformInvitation>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let offer = offer_on_platform(ctx, input.body.platform_role.map(|role| role.0))?;
        let (org, by) = (None, ctx.caller.user_id());
        let (email, terms) = (&input.body.email.0, &input.body.terms);
        let locale = locale_for(ctx, org, terms)?;
        let sent = EmailAndTerms { email, pointer: "#/email", terms, locale: &locale };
        let invitation = invite(ctx, offer, &sent, by, None)?;
        mail_invitation(ctx, &invitation, MailKind::Invitation)?;
        let id = invitation.id;
        save_senders(ctx, &[id], by)?;
        let found = find_invitation(ctx, org, id.0)?;
        let place = format!("/api/v1/invitations/{}", id.0);
        let tag = audience(&found, ctx.now);
        Ok(Answer::created(place, &InvitationBody::of(&found, ctx.now))?
            .tagged(found.invitation.version, &tag))
    })
    .await
}
