use super::invitation_code::InvitationCode;
use actix_web::post;
use application::clock::instant;
use application::clock::now;
use application::invitations::code;
use application::problem::Problem;
use invitations::Offer;
use persistence::Scope;
use serde::Serialize;
use utoipa::ToSchema;
use web::answer::Answer;
use web::call::{Call, Reply};

/// What an invitation offers, shown to the holder of its code.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"email": "sam@sunrise.example", "org_name": "Sunrise Therapy", "inviter_name": "Olivia Reyes", "roles": ["RBT"],
    "greeting": null, "locale": "en", "valid_from": "2026-11-22T14:05:00.000000Z", "valid_until": "2026-12-22T14:05:00.000000Z"}))]
pub(crate) struct InvitationPreview {
    /// The address that was invited; the account that accepts must have it.
    email: String,
    /// The organization's name; null: the platform.
    org_name: Option<String>,
    inviter_name: String,
    /// What the roles are called.
    roles: Vec<String>,
    greeting: Option<String>,
    locale: String,
    #[schema(value_type = DateTime<Utc>)]
    valid_from: String,
    #[schema(value_type = DateTime<Utc>)]
    valid_until: String,
}

/// Shows what an invitation offers
///
/// It changes nothing. Returns 410 if the code was used, declined, revoked or replaced, or has expired, and 409 while its
/// inviter is suspended.
#[utoipa::path(tag = "invitations", security(()), request_body = InvitationCode, extensions(("x-problem-codes" = json!(["conflict", "gone"]))),
    responses(
        (status = 200, description = "The offer of the invitation.", body = InvitationPreview),
    ))]
#[post("/invitation-codes/preview")]
pub(super) async fn preview_invitation(call: Call<(), (), InvitationCode>) -> Reply {
    let input = call.input()?;
    let preview = call
        .app
        .db
        .read(Scope::PLATFORM, move |tx| {
            let found = code::find(tx, &input.body.code, now())?;
            let it = &found.invitation;
            let (org_name, roles) = match &it.offer {
                Offer::Platform(role) => (None, role.iter().map(|role| role.name().to_owned()).collect()),
                Offer::Membership { org, roles, .. } => {
                    let org_name = tx.org(*org)?.map(|org| org.name.as_str().to_owned());
                    let known = tx.roles(*org).all()?;
                    let offered = known.into_iter().filter(|role| roles.contains(&role.key));
                    (org_name, offered.map(|role| role.name).collect())
                }
            };
            Ok::<_, Problem>(InvitationPreview {
                email: it.email.as_str().to_owned(),
                org_name,
                inviter_name: found.inviter_name.clone(),
                roles,
                greeting: it.greeting.clone(),
                locale: it.locale.clone(),
                valid_from: instant(it.valid_from),
                valid_until: instant(it.valid_until),
            })
        })
        .await?;
    Ok(Answer::ok(&preview)?.into_response(None))
}
