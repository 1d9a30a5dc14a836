use actix_web::post;
use mail::MailKind;
use web::answer::Answer;
use web::call::{Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::body::{CreateInvitation, EmailAndTerms, InvitationBody, audience};
use super::invite::{find_invitation, invite, locale_for, mail_invitation, offer_in_org, save_senders};
use crate::organizations::orgs::OrgPath;

/// Invites a person to an organization
///
/// A mail goes to the address, with a link and a code that work until `valid_until`. An address has one open invitation at a
/// time; one that expired, was declined or was revoked can be invited again. Between two mails of one inviter to one address
/// lie 15 minutes, whatever became of the first invitation (429 `too_many_attempts`). An invitation cannot offer more rights than your own, and
/// what the inviter may give is asked again when the invitation is accepted.
#[utoipa::path(tag = "invitations", params(OrgPath, IdempotencyKey), request_body = CreateInvitation, extensions(("x-required-permission" = json!("invite_members")),
        ("x-problem-codes" = json!(["already_exists", "reference_not_found", "rule_violated", "too_many_attempts"]))),
    responses((status = 201, description = "The new invitation.", body = InvitationBody)))]
#[post("/orgs/{org_id}/invitations")]
pub(super) async fn create_invitation(call: Call<OrgPath, (), CreateInvitation>) -> Reply {
    call.write(|ctx, input| {
        let offer = offer_in_org(ctx, input.body.roles.as_deref(), input.body.location_ids.as_deref())?;
        let (org, by) = (Some(ctx.caller.org_id), ctx.caller.user_id);
        let (email, terms) = (&input.body.email.0, &input.body.terms);
        let locale = locale_for(ctx, org, terms)?;
        let sent = EmailAndTerms { email, pointer: "#/email", terms, locale: &locale };
        let invitation = invite(ctx, offer, &sent, by, None)?;
        mail_invitation(ctx, &invitation, MailKind::Invitation)?;
        let id = invitation.id;
        save_senders(ctx, &[id], by)?;
        let found = find_invitation(ctx, org, id.0)?;
        let place = format!("/api/v1/orgs/{}/invitations/{}", ctx.caller.org_id.0, id.0);
        let tag = audience(&found, ctx.now);
        Ok(Answer::created(place, &InvitationBody::of(&found, ctx.now))?
            .tagged(found.invitation.version, &tag))
    })
    .await
}
