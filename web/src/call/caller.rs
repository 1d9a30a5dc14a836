//! The caller, with the rights that apply at the time of each request.

use application::context::{Context, SignedIn, require_effective, two_factor_is_missing};
use application::members::view_as::seen_by;
use application::problem::{Fault, Problem};
use application::problem_codes::Code;
use persistence::{MemberCaller, Tx};
use users::{Restriction, Session};

use super::meta::RequestMeta;
use crate::state::State;

/// The caller, if the session is still valid.
fn find_session(tx: &mut Tx<'_>, meta: &RequestMeta) -> Result<Session, Problem> {
    let ended =
        || Problem::new(Code::TokenRevoked, "The session has ended; log in again.").with_bad_credentials();
    let bearer = meta.bearer()?;
    let caller = tx.account_caller(bearer.session_id)?.ok_or_else(ended)?;
    if caller.session.user_id != bearer.user_id || !caller.session.is_alive(application::clock::now()) {
        return Err(ended());
    }
    if !caller.account.as_of(application::clock::now()).may_log_in() {
        return Err(Problem::new(Code::AccountDisabled, "This account is blocked."));
    }
    match caller.session.restrictions.first() {
        Some(first) if !meta.needs().is_open_to_restricted => Err(restricted(*first)),
        _ => Ok(caller.session),
    }
}

fn not_while_viewing() -> Problem {
    Problem::new(
        Code::NotWhileViewingAs,
        "A view-as token can only read what the member sees; use your own token for everything else.",
    )
}

fn restricted(by: Restriction) -> Problem {
    let what = match by {
        Restriction::ChangePassword => "Choose a new password first (`change_my_password`).",
        Restriction::AcceptAgreements => "Accept the agreements in force first (`list_my_consents`).",
    };
    Problem::new(Code::SessionRestricted, what)
}

/// The caller outside of any organization. Requires the platform permission of the operation.
pub(super) fn find_signed_in(tx: &mut Tx<'_>, meta: &RequestMeta) -> Result<SignedIn, Problem> {
    let session = find_session(tx, meta)?;
    if meta.viewing().is_some() {
        return Err(not_while_viewing());
    }
    let mut platform = tx.platform_permissions(session.user_id)?;
    let lacks_two_factor = tx.lacks_platform_two_factor(session.user_id, !platform.is_empty())?;
    if lacks_two_factor {
        platform.clear();
    }
    let signed_in = SignedIn { session, platform, lacks_two_factor };
    match meta.needs().platform_permission {
        Some(_) if lacks_two_factor => Err(two_factor_is_missing()),
        Some(needed) if !signed_in.holds(needed) => Err(missing(needed.as_str())),
        _ => Ok(signed_in),
    }
}

/// The caller as a member of the organization in the path. Requires one of the operation's permissions.
///
/// Non-members get 404, so that they do not learn whether the organization exists (S10).
pub(super) fn find_member(
    tx: &mut Tx<'_>,
    state: &State,
    meta: &RequestMeta,
) -> Result<MemberCaller, Problem> {
    let session = find_session(tx, meta)?;
    let Some(org) = meta.org else {
        return Err(Problem::invalid(vec![Fault::parameter("org_id", "invalid", "The value is no uuid.")]));
    };
    let caller = tx.member_caller(org, session.user_id)?.ok_or_else(Problem::not_found)?;
    require_effective(&caller)?;
    meta.count_for(state, org)?;
    let member = match meta.viewing() {
        None => caller,
        // The caller must claim their own membership before viewing as others.
        Some(_) if caller.is_unclaimed || !meta.needs().is_open_to_viewing => return Err(not_while_viewing()),
        Some(viewing) => seen_by(&mut Context::new(tx, &state.app, &meta.origin, caller.actor), viewing)?,
    };
    let needed = &meta.needs().permissions;
    match needed.first() {
        Some(first) if !needed.iter().any(|p| member.actor.holds(*p)) => Err(missing(first.as_str())),
        _ => Ok(member),
    }
}

fn missing(permission: &str) -> Problem {
    Problem::new(Code::Forbidden, format!("This needs the permission `{permission}`.")).with_bad_credentials()
}
