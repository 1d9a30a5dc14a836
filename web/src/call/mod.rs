//! The processing of a request: it is read and checked against the document. Then one transaction finds the caller
//! with their current rights, runs the operation, and saves its effect and events.
//!
//! Faults are reported in the order of the contract: size, authentication, rate limit, authorization, media type,
//! syntax, schema, and then the rules of the operation.

pub mod caller;
pub mod input;
pub mod meta;
pub mod unclaimed;

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use application::app::App;
use application::context::{Context, SignedIn};
use application::keys::hex;
use application::problem::{Fault, Problem};
use application::problem_codes::Code;
use persistence::{Claim, Scope, Tx};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::answer::Answer;
use crate::body::read_json_bytes;
use crate::call::caller::{find_member, find_signed_in};
use crate::call::input::Input;
use crate::call::input::read_input;
use crate::call::meta::RequestMeta;
use crate::call::unclaimed::{UnclaimedMembership, claiming, unclaimed_in};
use crate::contract::Operation;
use crate::problem::Refusal;
use crate::state::State;

/// A request to one operation, read as far as possible without the database.
pub struct Call<P = (), Q = (), B = ()> {
    /// The application.
    pub app: App,
    /// The server's own state.
    pub state: State,
    /// The parts of the request besides its input.
    pub meta: Arc<RequestMeta>,
    /// The input, or all its faults. Faults are reported only to callers who may call the operation.
    input: Result<Arc<Input<P, Q, B>>, Problem>,
    fingerprint: String,
}

/// The result of a handler.
pub type Reply = Result<HttpResponse, Refusal>;

impl<P, Q, B> FromRequest for Call<P, Q, B>
where
    P: DeserializeOwned + 'static,
    Q: DeserializeOwned + 'static,
    B: DeserializeOwned + 'static,
{
    type Error = Refusal;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Refusal>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let takes_json = state_of(request)
            .is_ok_and(|state| operation_of(&state, request).is_ok_and(Operation::takes_json));
        // The operation itself reads a body that is not JSON.
        let payload = takes_json.then(|| payload.take());
        let request = request.clone();
        Box::pin(async move {
            let state = state_of(&request)?;
            let operation = operation_of(&state, &request)?;
            // Counted before the body is read. Size faults are reported before credential faults.
            let meta = RequestMeta::read(&state, &request, operation);
            let is_one_too_many = meta.as_ref().is_err_and(|refusal| refusal.code() == Code::RateLimited);
            let bytes = match payload.filter(|_| !is_one_too_many) {
                Some(payload) => read_json_bytes(&request, payload).await?,
                None => Bytes::new(),
            };
            let meta = Arc::new(meta?);
            let input = read_input(operation, &request, &bytes, &meta).map(Arc::new);
            let fingerprint = hex(&Sha256::digest(&bytes));
            Ok(Self { app: state.app.clone(), meta, input, fingerprint, state: state.clone() })
        })
    }
}

fn state_of(request: &HttpRequest) -> Result<State, Problem> {
    request.app_data::<State>().cloned().ok_or_else(Problem::internal)
}

fn operation_of<'a>(state: &'a State, request: &HttpRequest) -> Result<&'a Operation, Problem> {
    let pattern = request.match_pattern().unwrap_or_default();
    state.contract.operation(request.method().as_str(), &pattern).ok_or_else(Problem::internal)
}

impl<P, Q, B> Call<P, Q, B>
where
    P: Send + Sync + 'static,
    Q: Send + Sync + 'static,
    B: Send + Sync + 'static,
{
    /// Runs a read as a member of the organization in the path.
    pub async fn read(
        self,
        ctx: impl FnOnce(&mut Context<'_, '_>, &Input<P, Q, B>) -> Result<Answer, Problem> + Send + 'static,
    ) -> Reply {
        let if_none_match = self.meta.if_none_match.clone();
        finish(self.find(ctx), if_none_match.as_deref()).await
    }

    /// Runs a write as a member of the organization in the path.
    pub async fn write(
        self,
        ctx: impl Fn(&mut Context<'_, '_>, &Input<P, Q, B>) -> Result<Answer, Problem> + Send + 'static,
    ) -> Reply {
        let (state, meta, input) = (self.state.clone(), self.meta.clone(), self.input);
        let claim = meta.claim(&self.fingerprint);
        let run = self.app.db.write(meta.scope(), move |tx| {
            let caller = find_member(tx, &state, &meta)?;
            let unclaimed = UnclaimedMembership::of(&caller);
            let (actor, input) = (caller.actor, input.as_ref().map_err(Clone::clone)?);
            unclaimed.map_or(Ok(()), |unclaimed| unclaimed.claim(tx))?;
            tx.set_grantor(actor.user_id, BTreeSet::new(), None);
            once(tx, claim.as_ref(), |tx| {
                ctx(&mut Context::new(tx, &state.app, &meta.origin, actor.clone()), input)
            })
        });
        finish(run, self.meta.if_none_match.as_deref()).await
    }

    /// Runs a read as the logged-in user, outside of any organization.
    pub async fn read_account(
        self,
        scope: AccountScope,
        ctx: impl FnOnce(&mut Context<'_, '_, SignedIn>, &Input<P, Q, B>) -> Result<Answer, Problem>
        + Send
        + 'static,
    ) -> Reply {
        let (state, meta, input) = (self.state.clone(), self.meta.clone(), self.input);
        let read = self.app.db.read(scope.of(&meta), move |tx| {
            let signed_in = find_signed_in(tx, &meta)?;
            let unclaimed = unclaimed_in(tx, &state, &meta, &signed_in)?;
            let input = input?;
            Ok((ctx(&mut Context::new(tx, &state.app, &meta.origin, signed_in), &input)?, unclaimed))
        });
        let run = claiming(self.app.db.clone(), self.meta.scope(), read);
        finish(run, self.meta.if_none_match.as_deref()).await
    }

    /// Runs a write as the logged-in user, outside of any organization.
    pub async fn write_account(
        self,
        scope: AccountScope,
        ctx: impl Fn(&mut Context<'_, '_, SignedIn>, &Input<P, Q, B>) -> Result<Answer, Problem> + Send + 'static,
    ) -> Reply {
        let (state, meta, input) = (self.state.clone(), self.meta.clone(), self.input);
        let claim = meta.claim(&self.fingerprint);
        let run = self.app.db.write(scope.of(&meta), move |tx| {
            let signed_in = find_signed_in(tx, &meta)?;
            let unclaimed = unclaimed_in(tx, &state, &meta, &signed_in)?;
            let input = input.as_ref().map_err(Clone::clone)?;
            unclaimed.map_or(Ok(()), |unclaimed| unclaimed.claim(tx))?;
            tx.set_grantor(signed_in.user_id(), BTreeSet::new(), None);
            once(tx, claim.as_ref(), |tx| {
                ctx(&mut Context::new(tx, &state.app, &meta.origin, signed_in.clone()), input)
            })
        });
        finish(run, self.meta.if_none_match.as_deref()).await
    }

    /// Runs a write as a member of the organization in the path. For operations with more than one transaction, which
    /// prepare something or respond after other work. Ignores `Idempotency-Key`.
    pub async fn prepare<T: Send + 'static>(
        &self,
        ctx: impl Fn(&mut Context<'_, '_>, &Input<P, Q, B>) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let (state, meta, input) = (self.state.clone(), self.meta.clone(), self.input.clone());
        self.app
            .db
            .write(meta.scope(), move |tx| {
                let caller = find_member(tx, &state, &meta)?;
                let unclaimed = UnclaimedMembership::of(&caller);
                let input = input.as_ref().map_err(Clone::clone)?;
                unclaimed.map_or(Ok(()), |unclaimed| unclaimed.claim(tx))?;
                ctx(&mut Context::new(tx, &state.app, &meta.origin, caller.actor), input)
            })
            .await
    }

    /// Runs a read as a member of the organization in the path, for operations whose response is more than JSON.
    pub async fn find<T: Send + 'static>(
        self,
        ctx: impl FnOnce(&mut Context<'_, '_>, &Input<P, Q, B>) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let (state, meta, input) = (self.state.clone(), self.meta.clone(), self.input);
        let read = self.app.db.read(meta.scope(), move |tx| {
            let caller = find_member(tx, &state, &meta)?;
            let unclaimed = UnclaimedMembership::of(&caller);
            Ok((ctx(&mut Context::new(tx, &state.app, &meta.origin, caller.actor), &*input?)?, unclaimed))
        });
        claiming(self.app.db.clone(), self.meta.scope(), read).await
    }

    /// Requires that the caller may call the operation and sent valid input. Changes nothing.
    pub async fn checked(self) -> Result<Self, Problem> {
        let (state, meta) = (self.state.clone(), self.meta.clone());
        let input = self.input.as_ref().map(drop).map_err(Clone::clone);
        self.app.db.read(meta.scope(), move |tx| find_member(tx, &state, &meta).and(input)).await?;
        Ok(self)
    }

    /// Requires that somebody is logged in who may call the operation. Changes nothing.
    pub async fn signed_in(self) -> Result<Self, Problem> {
        let (meta, input) = (self.meta.clone(), self.input.as_ref().map(drop).map_err(Clone::clone));
        self.app.db.read(meta.scope(), move |tx| find_signed_in(tx, &meta).and(input)).await?;
        Ok(self)
    }

    /// The input, for operations without a log-in and for those that work outside the transaction first.
    pub fn input(&self) -> Result<Arc<Input<P, Q, B>>, Problem> {
        self.input.clone()
    }

    /// Sets the fingerprint for the `Idempotency-Key`, if it is not the JSON body.
    pub fn with_fingerprint(self, fingerprint: String) -> Self {
        Self { fingerprint, ..self }
    }
}

/// The data that an operation outside of organizations may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountScope {
    /// Only the caller's own data.
    Own,
    /// The whole platform. The operation checks a platform permission, or limits itself to the caller's own data.
    Platform,
}

impl AccountScope {
    fn of(self, meta: &RequestMeta) -> Scope {
        Scope { is_platform: self == Self::Platform, ..meta.scope() }
    }
}

/// Runs the operation, or replays the response that was saved under the same key (W6).
fn once(
    tx: &mut Tx<'_>,
    claim: Option<&Claim>,
    ctx: impl FnOnce(&mut Tx<'_>) -> Result<Answer, Problem>,
) -> Result<Answer, Problem> {
    let Some(claim) = claim else { return ctx(tx) };
    let in_progress = |e: persistence::StoreError| match e {
        persistence::StoreError::Locked => {
            Problem::new(Code::IdempotencyInProgress, "The first request with this key is still running.")
                .with_retry_after(1)
        }
        other => other.into(),
    };
    match tx.claim_key(claim, application::clock::now()).map_err(in_progress)? {
        Some(kept) if kept.fingerprint != claim.fingerprint => {
            Err(Problem::new(Code::IdempotencyKeyReused, "The key came with another body before.")
                .with_errors(vec![Fault::header(
                    "Idempotency-Key",
                    "reused",
                    "Use a new key for each new request.",
                )]))
        }
        Some(kept) => Ok(Answer::replay(kept)),
        None => {
            let answer = ctx(tx)?;
            tx.save_answer(claim, &answer.to_stored(&claim.fingerprint))?;
            Ok(answer)
        }
    }
}

async fn finish(run: impl Future<Output = Result<Answer, Problem>>, if_none_match: Option<&str>) -> Reply {
    Ok(run.await.map(|answer| answer.into_response(if_none_match))?)
}
