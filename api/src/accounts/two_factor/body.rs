use application::accounts::guesses::{Guess, Source};
use application::accounts::new_password::require_current;
use application::accounts::two_factor::guesses;
use application::accounts::two_factor::presented_factor::{PresentedFactor, verify_factor};
use application::context::{Context, SignedIn};
use application::problem::Problem;
use application::problem_codes::Code;
use chrono::{DateTime, Utc};
use persistence::Tx;
use serde::{Deserialize, Serialize};
use users::{Account, TwoFactor, UserId};
use utoipa::ToSchema;
use web::call::Call;

/// Ten codes, each of which replaces a code of the device once. Shown only here.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"recovery_codes": ["3f9c1-0a7d2-84e5b-66c0d", "b21f8-d90e4-1c7a3-9f05e"]}))]
pub(crate) struct NewRecoveryCodes {
    /// Store them apart from the device.
    pub(super) recovery_codes: Vec<String>,
}

/// Proof of identity: the password, and a code of the device or a recovery code.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"password": "a long and quiet afternoon", "totp_code": "287082"}))]
pub(crate) struct ProveTwoFactor {
    /// Your password.
    #[schema(min_length = 1, max_length = 128)]
    password: String,
    /// The current code of the device; this or `recovery_code`.
    #[schema(min_length = 6, max_length = 7, pattern = "^[0-9]{3} ?[0-9]{3}$")]
    totp_code: Option<String>,
    /// One of the recovery codes.
    #[schema(min_length = 1, max_length = 60)]
    recovery_code: Option<String>,
}

impl ProveTwoFactor {
    fn presented(&self) -> Result<PresentedFactor, Problem> {
        PresentedFactor::required(self.totp_code.as_ref(), self.recovery_code.as_ref())
    }
}

/// A caller who sent the right password. Their code is already counted as a guess.
pub(super) struct Proving {
    pub(super) call: Call<(), (), ProveTwoFactor>,
    pub(super) user: UserId,
    pub(super) presented: PresentedFactor,
    pub(super) guess: Guess,
}

impl Proving {
    pub(super) async fn begin(call: Call<(), (), ProveTwoFactor>) -> Result<Self, Problem> {
        let call = call.signed_in().await?;
        let input = call.input()?;
        let user = call.meta.origin.actor()?;
        let presented = input.body.presented()?;
        require_current(&call.app, &call.meta.origin, &input.body.password, "#/password").await?;
        let guess =
            guesses::reserve(&call.app, user, Source::Session(call.meta.origin.client_address())).await?;
        Ok(Self { call, user, presented, guess })
    }
}

fn none() -> Problem {
    Problem::new(Code::Conflict, "Two-factor log-in is off.")
}

/// The caller's account, locked against concurrent changes.
pub(super) fn find_own_account(ctx: &mut Context<'_, '_, SignedIn>) -> Result<Account, Problem> {
    ctx.tx.lock_account(ctx.caller.user_id())?;
    ctx.tx.account(ctx.caller.user_id())?.ok_or_else(Problem::internal)
}

/// Verifies the second factor. Returns the caller's two-factor state afterwards.
pub(super) fn require_confirmed(
    ctx: &mut Context<'_, '_, SignedIn>,
    account: &Account,
    presented: &PresentedFactor,
) -> Result<TwoFactor, Problem> {
    let on = ctx.tx.two_factor(account.id)?.filter(TwoFactor::is_on).ok_or_else(none)?;
    verify_factor(ctx.tx, &on, account, presented, ctx.origin, ctx.now)
}

/// Whether a role of the user requires two-factor log-in.
pub(super) fn is_required(tx: &mut Tx<'_>, user: UserId, now: DateTime<Utc>) -> Result<bool, Problem> {
    if tx.memberships_of(user, now)?.iter().any(|membership| membership.requires_two_factor) {
        return Ok(true);
    }
    Ok(!tx.platform_roles(user)?.is_empty() && tx.platform_settings()?.requires_two_factor)
}

/// Requires that a caller who requires two-factor log-in of others uses it. Otherwise callers could lock themselves
/// out.
pub(crate) fn require_own(tx: &mut Tx<'_>, user: UserId) -> Result<(), Problem> {
    if tx.has_two_factor(user)? {
        return Ok(());
    }
    Err(Problem::new(Code::Conflict, "Set up two-factor log-in yourself first, then require it of others."))
}
