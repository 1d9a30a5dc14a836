//! The way of a request: read and checked against the contract, then one transaction that finds the caller as he is now,
//! lets the operation decide, and keeps its effect with its events.
//!
//! Faults are told in the order of the contract: size, authentication, rate limit, authorization, media type, syntax,
//! schema, and then what the operation itself finds.

mod caller;
mod head;
mod input;
mod unclaimed;

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use caller::{find_member, find_signed_in};
use input::read_input;
use persistence::{Claim, Scope, Tx};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use unclaimed::{UnclaimedMembership, claiming, unclaimed_in};

use crate::answer::Answer;
use crate::app::App;
use crate::body::read_json_bytes;
use crate::context::{Context, SignedIn};
use crate::contract::Operation;
use crate::keys::hex;
use crate::problem::{Code, Fault, Problem};

pub(crate) use head::{Head, count_refused};
pub(crate) use input::Input;

/// A request to one operation, read as far as it can be without the database.
pub(crate) struct Call<P = (), Q = (), B = ()> {
    pub(crate) app: App,
    pub(crate) head: Head,
    /// What was sent, or all that is wrong with it. Told only to whoever may call the operation.
    input: Result<Arc<Input<P, Q, B>>, Problem>,
    fingerprint: String,
}

pub(crate) type Reply = Result<HttpResponse, Problem>;

impl<P, Q, B> FromRequest for Call<P, Q, B>
where
    P: DeserializeOwned + 'static,
    Q: DeserializeOwned + 'static,
    B: DeserializeOwned + 'static,
{
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let takes_json =
            app_of(request).is_ok_and(|app| operation_of(&app, request).is_ok_and(Operation::takes_json));
        // A body that is no JSON is left to the operation itself.
        let payload = takes_json.then(|| payload.take());
        let request = request.clone();
        Box::pin(async move {
            let app = app_of(&request)?;
            let operation = operation_of(&app, &request)?;
            // Counted before anything of the body is read; a size is told before credentials are.
            let head = Head::read(&app, &request, operation);
            let is_one_too_many = head.as_ref().is_err_and(|refusal| refusal.code() == Code::RateLimited);
            let bytes = match payload.filter(|_| !is_one_too_many) {
                Some(payload) => read_json_bytes(&request, payload).await?,
                None => Bytes::new(),
            };
            let head = head?;
            let input = read_input(operation, &request, &bytes).map(Arc::new);
            let fingerprint = hex(&Sha256::digest(&bytes));
            Ok(Self { head, input, fingerprint, app: app.clone() })
        })
    }
}

fn app_of(request: &HttpRequest) -> Result<App, Problem> {
    request.app_data::<App>().cloned().ok_or_else(Problem::internal)
}

fn operation_of<'a>(app: &'a App, request: &HttpRequest) -> Result<&'a Operation, Problem> {
    let pattern = request.match_pattern().unwrap_or_default();
    app.contract.operation(request.method().as_str(), &pattern).ok_or_else(Problem::internal)
}

impl<P, Q, B> Call<P, Q, B>
where
    P: Send + Sync + 'static,
    Q: Send + Sync + 'static,
    B: Send + Sync + 'static,
{
    /// Reads as a member of the organization in the path.
    pub(crate) async fn read(
        self,
        ctx: impl FnOnce(&mut Context<'_, '_>, &Input<P, Q, B>) -> Result<Answer, Problem> + Send + 'static,
    ) -> Reply {
        let if_none_match = self.head.if_none_match.clone();
        finish(self.find(ctx), if_none_match.as_deref()).await
    }

    /// Writes as a member of the organization in the path.
    pub(crate) async fn write(
        self,
        ctx: impl Fn(&mut Context<'_, '_>, &Input<P, Q, B>) -> Result<Answer, Problem> + Send + 'static,
    ) -> Reply {
        let (app, head, input) = (self.app.clone(), self.head.clone(), self.input);
        let claim = head.claim(&self.fingerprint);
        let run = self.app.db.write(head.scope(), move |tx| {
            let caller = find_member(tx, &app, &head)?;
            let unclaimed = UnclaimedMembership::of(&caller);
            let (actor, input) = (caller.actor, input.as_ref().map_err(Clone::clone)?);
            unclaimed.map_or(Ok(()), |unclaimed| unclaimed.welcome(tx))?;
            tx.gives_rights_for(actor.user_id, BTreeSet::new(), None);
            once(tx, claim.as_ref(), |tx| ctx(&mut Context::new(tx, &app, &head, actor.clone()), input))
        });
        finish(run, self.head.if_none_match.as_deref()).await
    }

    /// Reads as whoever is logged in, beside all organizations.
    pub(crate) async fn read_account(
        self,
        scope: AccountScope,
        ctx: impl FnOnce(&mut Context<'_, '_, SignedIn>, &Input<P, Q, B>) -> Result<Answer, Problem>
        + Send
        + 'static,
    ) -> Reply {
        let (app, head, input) = (self.app.clone(), self.head.clone(), self.input);
        let read = self.app.db.read(scope.of(&head), move |tx| {
            let signed_in = find_signed_in(tx, &head)?;
            let unclaimed = unclaimed_in(tx, &app, &head, &signed_in)?;
            let input = input?;
            Ok((ctx(&mut Context::new(tx, &app, &head, signed_in), &input)?, unclaimed))
        });
        let run = claiming(self.app.db.clone(), self.head.scope(), read);
        finish(run, self.head.if_none_match.as_deref()).await
    }

    /// Writes as whoever is logged in, beside all organizations.
    pub(crate) async fn write_account(
        self,
        scope: AccountScope,
        ctx: impl Fn(&mut Context<'_, '_, SignedIn>, &Input<P, Q, B>) -> Result<Answer, Problem> + Send + 'static,
    ) -> Reply {
        let (app, head, input) = (self.app.clone(), self.head.clone(), self.input);
        let claim = head.claim(&self.fingerprint);
        let run = self.app.db.write(scope.of(&head), move |tx| {
            let signed_in = find_signed_in(tx, &head)?;
            let unclaimed = unclaimed_in(tx, &app, &head, &signed_in)?;
            let input = input.as_ref().map_err(Clone::clone)?;
            unclaimed.map_or(Ok(()), |unclaimed| unclaimed.welcome(tx))?;
            tx.gives_rights_for(signed_in.user_id(), BTreeSet::new(), None);
            once(tx, claim.as_ref(), |tx| ctx(&mut Context::new(tx, &app, &head, signed_in.clone()), input))
        });
        finish(run, self.head.if_none_match.as_deref()).await
    }

    /// Writes something as a member of the organization in the path, for operations that do more than one transaction: they
    /// prepare something, or answer only when something else is done. An `Idempotency-Key` is not looked at.
    pub(crate) async fn prepare<T: Send + 'static>(
        &self,
        ctx: impl Fn(&mut Context<'_, '_>, &Input<P, Q, B>) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let (app, head, input) = (self.app.clone(), self.head.clone(), self.input.clone());
        self.app
            .db
            .write(head.scope(), move |tx| {
                let caller = find_member(tx, &app, &head)?;
                let unclaimed = UnclaimedMembership::of(&caller);
                let input = input.as_ref().map_err(Clone::clone)?;
                unclaimed.map_or(Ok(()), |unclaimed| unclaimed.welcome(tx))?;
                ctx(&mut Context::new(tx, &app, &head, caller.actor), input)
            })
            .await
    }

    /// Finds something as a member of the organization in the path, for operations that answer with more than JSON.
    pub(crate) async fn find<T: Send + 'static>(
        self,
        ctx: impl FnOnce(&mut Context<'_, '_>, &Input<P, Q, B>) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let (app, head, input) = (self.app.clone(), self.head.clone(), self.input);
        let read = self.app.db.read(head.scope(), move |tx| {
            let caller = find_member(tx, &app, &head)?;
            let unclaimed = UnclaimedMembership::of(&caller);
            Ok((ctx(&mut Context::new(tx, &app, &head, caller.actor), &*input?)?, unclaimed))
        });
        claiming(self.app.db.clone(), self.head.scope(), read).await
    }

    /// Goes on only if the caller may call the operation and sent what it takes; nothing is done yet.
    pub(crate) async fn checked(self) -> Result<Self, Problem> {
        let (app, head) = (self.app.clone(), self.head.clone());
        let input = self.input.as_ref().map(drop).map_err(Clone::clone);
        self.app.db.read(head.scope(), move |tx| find_member(tx, &app, &head).and(input)).await?;
        Ok(self)
    }

    /// Goes on only if somebody is logged in who may call the operation; nothing is done yet.
    pub(crate) async fn signed_in(self) -> Result<Self, Problem> {
        let (head, input) = (self.head.clone(), self.input.as_ref().map(drop).map_err(Clone::clone));
        self.app.db.read(head.scope(), move |tx| find_signed_in(tx, &head).and(input)).await?;
        Ok(self)
    }

    /// The input, for operations without a log-in and for those that do something outside the transaction first.
    pub(crate) fn input(&self) -> Result<Arc<Input<P, Q, B>>, Problem> {
        self.input.clone()
    }

    /// Sets what the `Idempotency-Key` is compared by, when that is not the JSON body.
    pub(crate) fn with_fingerprint(self, fingerprint: String) -> Self {
        Self { fingerprint, ..self }
    }
}

/// Whether an operation beside all organizations may see them all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AccountScope {
    /// Only what is the caller's own.
    Own,
    /// The whole platform: the operation checks a platform permission, or keeps to what is the caller's own.
    Platform,
}

impl AccountScope {
    fn of(self, head: &Head) -> Scope {
        Scope { is_platform: self == Self::Platform, ..head.scope() }
    }
}

/// Does the work, or gives again what it gave under the same key before (W6).
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
    match tx.claim_key(claim, crate::clock::now()).map_err(in_progress)? {
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
    run.await.map(|answer| answer.into_response(if_none_match))
}
