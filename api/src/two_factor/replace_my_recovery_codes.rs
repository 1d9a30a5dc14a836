use actix_web::post;
use users::TwoFactor;

use super::body::{NewRecoveryCodes, ProveTwoFactor, Proving};
use super::codes::new_recovery_codes;
use super::guesses;
use super::shown::tell;
use crate::answer::Answer;
use crate::call::{AccountScope, Call, Reply};
use crate::work::happened;

/// Replaces one's own recovery codes
///
/// Those from before stop working. Wrong passwords and codes count as at log-in.
#[utoipa::path(tag = "two_factor", request_body = ProveTwoFactor, responses((status = 200, description = "The new codes, shown only here.", body = NewRecoveryCodes)))]
#[post("/me/two-factor/recovery-codes")]
pub(super) async fn replace_my_recovery_codes(call: Call<(), (), ProveTwoFactor>) -> Reply {
    let Proving { call, user, shown, guess } = Proving::begin(call).await?;
    let (app, judged) = (call.app.clone(), (user, call.head.address, guess.clone()));
    let reply = call.write_account(AccountScope::Own, move |work, _| {
        let account = work.own_account()?;
        let on = work.proven(&account, &shown)?;
        guess.withdraw(work.tx)?;
        let (recovery_codes, recovery_hashes) = new_recovery_codes()?;
        work.tx.save_two_factor(&TwoFactor { recovery_hashes, ..on })?;
        work.tx.touch_account(account.id, work.now)?;
        work.tx.record_account(&happened("recovery_codes_replaced", account.id, work.head))?;
        tell(work.tx, &account, "recovery_codes_replaced", work.now)?;
        Answer::ok(&NewRecoveryCodes { recovery_codes })
    });
    guesses::judged(&app, judged, reply.await).await
}
