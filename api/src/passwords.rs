//! Argon2id hashing, off the async threads and few at a time.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use tokio::sync::Semaphore;
use users::{PasswordContext, judge_password};

use crate::problem::{Code, Fault, Problem, sentence};

const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const AT_ONCE: usize = 2;

/// Hashes and checks passwords.
#[derive(Clone)]
pub(crate) struct Passwords {
    places: Arc<Semaphore>,
    /// Checked when there is no account, so that it takes as long as if there were.
    dummy: Arc<str>,
}

/// What a check found.
pub(crate) struct Checked {
    pub(crate) is_right: bool,
    /// The hash with today's parameters, when the kept one is weaker.
    pub(crate) better_hash: Option<String>,
}

fn hasher() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn hash(password: &str) -> Result<String, Problem> {
    let hash: PasswordHash = hasher().hash_password(password.as_bytes()).map_err(|_| Problem::internal())?;
    Ok(hash.to_string())
}

impl Passwords {
    pub(crate) fn new() -> Result<Self, Problem> {
        Ok(Self {
            places: Arc::new(Semaphore::new(AT_ONCE)),
            dummy: hash("nobody has this password")?.into(),
        })
    }

    /// The hash of a new password.
    pub(crate) async fn hash(&self, password: String) -> Result<String, Problem> {
        self.run(move || hash(&password)).await
    }

    /// Checks a password against a kept hash, or against one of nobody.
    pub(crate) async fn check(&self, password: String, kept: Option<String>) -> Result<Checked, Problem> {
        let dummy = Arc::clone(&self.dummy);
        self.run(move || {
            let against = kept.as_deref().unwrap_or(&dummy);
            let matches = hasher().verify_password(password.as_bytes(), against).is_ok();
            let is_right = matches && kept.is_some();
            let today = format!("m={MEMORY_KIB},t={PASSES},p={LANES}");
            let better_hash =
                if is_right && !against.contains(&today) { Some(hash(&password)?) } else { None };
            Ok(Checked { is_right, better_hash })
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let _place = self.places.acquire().await.map_err(|_| Problem::internal())?;
        tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(Problem::internal()))
    }
}

/// Refuses a password that is too weak for this person.
pub(crate) fn require_strong(password: &str, words: Vec<String>) -> Result<(), Problem> {
    let mut context = PasswordContext { words };
    context.words.push("steward".to_owned());
    let head: String = password.chars().take(100).collect();
    let known: Vec<&str> = context.words.iter().map(String::as_str).collect();
    let guesses = zxcvbn::zxcvbn(&head, &known).guesses_log10();
    judge_password(password, &context, guesses).map_err(|weak| {
        let detail = sentence(&weak);
        Problem::new(Code::WeakPassword, detail.clone()).with_errors(vec![Fault::at(
            "#/password",
            "weak_password",
            detail,
        )])
    })
}
