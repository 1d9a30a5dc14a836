use actix_web::patch;
use application::account_events::account_event;
use serde::Deserialize;
use users::{AccountEventKind, Profile};
use utoipa::ToSchema;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};
use web::values::clearable;

use super::my_profile::{MyProfile, PrivateField, fields};

/// Changes of your profile. Null clears a value.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"phone": "+1 555 0100", "about": "Works nights.", "private_fields": ["phone"]}))]
pub(crate) struct UpdateMyProfile {
    /// A telephone number.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 40)]
    phone: Option<Option<String>>,
    /// The person's pronouns.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 40)]
    pronouns: Option<Option<String>>,
    /// A short description of the person.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 1000)]
    about: Option<Option<String>>,
    /// All fields that support staff see only with a reason.
    #[schema(max_items = 5, nullable = false)]
    private_fields: Option<Vec<PrivateField>>,
}

/// Changes your profile and who can see it
#[utoipa::path(tag = "accounts", request_body(content = UpdateMyProfile, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The updated profile.", body = MyProfile)))]
#[patch("/me/profile")]
pub(super) async fn update_my_profile(call: Call<(), (), UpdateMyProfile>) -> Reply {
    call.write_account(AccountScope::Own, |ctx, input| {
        let sent = &input.body;
        let before = ctx.tx.profile(ctx.caller.user_id())?;
        let after = Profile {
            phone: sent.phone.clone().unwrap_or_else(|| before.phone.clone()),
            pronouns: sent.pronouns.clone().unwrap_or_else(|| before.pronouns.clone()),
            about: sent.about.clone().unwrap_or_else(|| before.about.clone()),
            private: sent.private_fields.as_deref().map_or_else(|| before.private.clone(), fields),
            ..before
        };
        let after = after.dated(ctx.now);
        ctx.tx.save_profile(&after)?;
        ctx.tx.touch_account(after.user_id, ctx.now)?;
        ctx.tx.record_account(&account_event(AccountEventKind::ProfileChanged, after.user_id, ctx.origin))?;
        Answer::ok(&MyProfile::from(&after))
    })
    .await
}
