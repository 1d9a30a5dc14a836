use application::accounts::managed_account::ManagedAccount;
use application::clock::instant;
use application::context::{Context, SignedIn};
use application::problem::Problem;
use persistence::ListedUser;
use roles::PlatformRole;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use users::UserId;
use utoipa::openapi::schema::{Schema, Type};
use utoipa::openapi::{ObjectBuilder, RefOr};
use utoipa::{IntoParams, PartialSchema, ToSchema};
use uuid::Uuid;
use web::answer::{Answer, content_digest};
use web::values::AccountStatusValue;

/// Path parameters of an account.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct UserPath {
    /// The account.
    user_id: Uuid,
}

impl UserPath {
    pub(super) fn user_id(&self) -> UserId {
        UserId(self.user_id)
    }
}

/// A role on the platform, outside of any organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PlatformRoleKey(pub(crate) PlatformRole);

impl PartialSchema for PlatformRoleKey {
    fn schema() -> RefOr<Schema> {
        let words = PlatformRole::ALL.map(PlatformRole::as_str);
        let schema = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words));
        schema.description(Some("A role on the platform, outside of any organization.")).into()
    }
}

impl ToSchema for PlatformRoleKey {}

impl<'de> Deserialize<'de> for PlatformRoleKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        PlatformRole::parse(&word).map(Self).ok_or_else(|| serde::de::Error::custom("no such role"))
    }
}

impl Serialize for PlatformRoleKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.as_str())
    }
}

/// Path parameters of a platform role of an account.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct PlatformRolePath {
    /// The account.
    user_id: Uuid,
    /// The role.
    pub(super) platform_role: PlatformRoleKey,
}

impl PlatformRolePath {
    pub(super) fn user_id(&self) -> UserId {
        UserId(self.user_id)
    }
}

/// A person's membership in an organization.
#[derive(Serialize, ToSchema)]
pub(crate) struct UserMembership {
    org_id: Uuid,
    /// Role keys.
    roles: Vec<String>,
}

/// Why a person is suspended, and for how long.
#[derive(Serialize, ToSchema)]
#[schema(as = Suspension)]
pub(crate) struct SuspensionBody {
    reason: String,
    /// When it ends. Null: it is lifted manually.
    #[schema(value_type = Option<DateTime<Utc>>)]
    until: Option<String>,
}

impl From<&users::Suspension> for SuspensionBody {
    fn from(suspension: &users::Suspension) -> Self {
        Self { reason: suspension.reason.clone(), until: suspension.until.map(instant) }
    }
}

/// An account of the platform.
#[derive(Serialize, ToSchema)]
#[schema(as = User, example = json!({
    "id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1b", "email": "rbt@sunrise.example", "name": "Riley Ortiz", "status": "active",
    "is_active": true, "locked_until": null, "suspension": null, "deletion_due_at": null, "platform_roles": [],
    "memberships": [{"org_id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1c", "roles": ["rbt"]}],
    "profile_url": "/api/v1/users/0198c1f2-b7a0-7c3f-8d5e-6f7081920a1b/profile",
    "registered_at": "2026-03-02T09:15:00.000000Z", "updated_at": "2026-03-02T09:15:00.000000Z"
}))]
pub(crate) struct UserBody {
    id: Uuid,
    email: String,
    name: String,
    status: AccountStatusValue,
    /// Whether the person may log in at all.
    is_active: bool,
    /// Until when log-ins are blocked after too many failures.
    #[schema(value_type = Option<DateTime<Utc>>)]
    locked_until: Option<String>,
    suspension: Option<SuspensionBody>,
    /// When it is deleted, unless that is cancelled.
    #[schema(value_type = Option<DateTime<Utc>>)]
    deletion_due_at: Option<String>,
    platform_roles: Vec<PlatformRoleKey>,
    memberships: Vec<UserMembership>,
    /// Where `get_user_profile` is.
    profile_url: String,
    #[schema(value_type = DateTime<Utc>)]
    registered_at: String,
    #[schema(value_type = DateTime<Utc>)]
    updated_at: String,
}

/// A digest of what is shown besides the account itself.
pub(super) fn audience(body: &UserBody) -> String {
    let roles = body.memberships.iter().map(|m| format!("{}:{}", m.org_id, m.roles.join(",")));
    let roles: Vec<String> =
        roles.chain(body.platform_roles.iter().map(|r| r.0.as_str().to_owned())).collect();
    let (status, is_locked) = (body.status.as_str(), body.locked_until.is_some());
    content_digest(&format!("{}|{status}|{is_locked}|{}", roles.join(";"), body.updated_at))
}

impl UserBody {
    pub(super) fn of(user: &ListedUser, now: chrono::DateTime<chrono::Utc>) -> Self {
        let account = user.account.as_of(now);
        Self {
            id: account.id.0,
            email: account.email.as_str().to_owned(),
            name: account.name.as_str().to_owned(),
            status: account.status.into(),
            is_active: account.may_log_in(),
            locked_until: account.locked_until.filter(|until| now < *until).map(instant),
            suspension: account.suspension.as_ref().map(Into::into),
            deletion_due_at: account.deletion.as_ref().map(|deletion| instant(deletion.due_at)),
            platform_roles: user.platform_roles.iter().copied().map(PlatformRoleKey).collect(),
            memberships: user
                .memberships
                .iter()
                .map(|(org, roles)| UserMembership {
                    org_id: org.0,
                    roles: roles.iter().map(|key| key.as_str().to_owned()).collect(),
                })
                .collect(),
            profile_url: format!("/api/v1/users/{}/profile", account.id.0),
            registered_at: instant(account.created_at),
            updated_at: instant(account.updated_at),
        }
    }
}

pub(super) fn to_user_body(
    ctx: &mut Context<'_, '_, SignedIn>,
    managed: &ManagedAccount,
) -> Result<UserBody, Problem> {
    let user = ctx.tx.listed_user(managed.account.clone())?;
    Ok(UserBody::of(&user, ctx.now))
}

/// The current state of the account.
pub(super) fn show_user(
    ctx: &mut Context<'_, '_, SignedIn>,
    managed: &ManagedAccount,
) -> Result<Answer, Problem> {
    let body = to_user_body(ctx, managed)?;
    let audience = audience(&body);
    Ok(Answer::ok(&body)?.tagged(managed.account.version, &audience))
}
