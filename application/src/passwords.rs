//! Argon2id hashing, outside the async threads, a few at a time and with a bounded queue.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use users::{PasswordContext, check_password};

use crate::problem::{Fault, Problem, sentence};
use crate::problem_codes::Code;

const LANES: u32 = 1;
/// Concurrent hash computations.
const MAX_CONCURRENT: usize = 2;
/// Places in the queue, including those being served. A full queue is served within a second or two; further callers
/// are refused at once.
const QUEUE_SLOTS: usize = 64;

/// The cost of computing a hash.
#[derive(Clone, Copy)]
struct Cost {
    memory_kib: u32,
    passes: u32,
}

impl Cost {
    /// The OWASP recommendation for Argon2id with one lane.
    const SAFE: Self = Self { memory_kib: 19_456, passes: 2 };
    /// Selects cheap hashes for tests, which create thousands of accounts. Effective in debug builds only.
    const TEST_SETTING: &str = "STEWARD_TEST_FAST_HASHES";

    fn of_this_process() -> Self {
        match cfg!(debug_assertions) && std::env::var_os(Self::TEST_SETTING).is_some() {
            true => Self { memory_kib: Params::MIN_M_COST, passes: Params::MIN_T_COST },
            false => Self::SAFE,
        }
    }

    fn hasher(self) -> Argon2<'static> {
        let params = Params::new(self.memory_kib, self.passes, LANES, None).unwrap_or_default();
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
    }

    fn hash(self, password: &str) -> Result<String, Problem> {
        let hash: PasswordHash =
            self.hasher().hash_password(password.as_bytes()).map_err(|_| Problem::internal())?;
        Ok(hash.to_string())
    }

    /// Whether a saved hash has this cost.
    fn is_of(self, saved: &str) -> bool {
        saved.contains(&format!("m={},t={},p={LANES}", self.memory_kib, self.passes))
    }
}

/// Hashes and checks passwords.
#[derive(Clone)]
pub struct Passwords {
    cost: Cost,
    places: Arc<Semaphore>,
    running: Arc<Semaphore>,
    /// A hash to check when there is no account, so that the time does not reveal it.
    dummy: Arc<str>,
}

/// A place in the queue for hashing. Released when dropped.
pub struct HashingSlot {
    cost: Cost,
    running: Arc<Semaphore>,
    dummy: Arc<str>,
    _place: OwnedSemaphorePermit,
}

/// The result of a check.
pub struct Checked {
    /// Whether the password is right.
    pub is_right: bool,
    /// A hash with the current parameters, if the saved hash is weaker.
    pub better_hash: Option<String>,
}

impl Passwords {
    /// Prepares the parameters, and a hash for checks without an account.
    pub fn new() -> Result<Self, Problem> {
        let cost = Cost::of_this_process();
        Ok(Self {
            cost,
            places: Arc::new(Semaphore::new(QUEUE_SLOTS)),
            running: Arc::new(Semaphore::new(MAX_CONCURRENT)),
            dummy: cost.hash("nobody has this password")?.into(),
        })
    }

    /// A place in the queue. Fails at once with 503 `unavailable` if the queue is full.
    pub fn enter(&self) -> Result<HashingSlot, Problem> {
        let full = |_| Problem::new(Code::Unavailable, "Too many passwords are being checked; try again.");
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(full)?;
        let (running, dummy) = (Arc::clone(&self.running), Arc::clone(&self.dummy));
        Ok(HashingSlot { cost: self.cost, running, dummy, _place: place })
    }
}

impl HashingSlot {
    /// The hash of a new password.
    pub async fn hash(self, password: String) -> Result<String, Problem> {
        let cost = self.cost;
        self.run(move || cost.hash(&password)).await
    }

    /// Checks a password against a saved hash. `None`: against a dummy hash, with the same duration.
    pub async fn check(self, password: String, saved: Option<String>) -> Result<Checked, Problem> {
        let (cost, dummy) = (self.cost, Arc::clone(&self.dummy));
        self.run(move || {
            let against = saved.as_deref().unwrap_or(&dummy);
            let matches = cost.hasher().verify_password(password.as_bytes(), against).is_ok();
            let is_right = matches && saved.is_some();
            let better_hash =
                if is_right && !cost.is_of(against) { Some(cost.hash(&password)?) } else { None };
            Ok(Checked { is_right, better_hash })
        })
        .await
    }

    /// The place is occupied until the work is done: when a client disconnects, the work continues.
    async fn run<T: Send + 'static>(
        self,
        work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let turn = Arc::clone(&self.running).acquire_owned().await.map_err(|_| Problem::internal())?;
        let run = move || {
            let done = work();
            drop((turn, self));
            done
        };
        tokio::task::spawn_blocking(run).await.unwrap_or_else(|_| Err(Problem::internal()))
    }
}

/// Refuses a password that is too weak for this person.
pub fn require_strong(password: &str, words: Vec<String>) -> Result<(), Problem> {
    let mut context = PasswordContext { words };
    context.words.push("steward".to_owned());
    let beginning: String = password.chars().take(100).collect();
    let known: Vec<&str> = context.words.iter().map(String::as_str).collect();
    let guesses = zxcvbn::zxcvbn(&beginning, &known).guesses_log10();
    check_password(password, &context, guesses).map_err(|weak| {
        let detail = sentence(&weak);
        Problem::new(Code::WeakPassword, detail.clone()).with_errors(vec![Fault::at(
            "#/password",
            "weak_password",
            detail,
        )])
    })
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use tokio::time::{sleep, timeout};

    use super::*;

    fn block_on(test: impl Future<Output = ()>) {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test);
    }

    #[test]
    fn work_keeps_its_place_when_the_client_disconnects() {
        block_on(async {
            let passwords = Passwords::new().unwrap();
            let free = || (passwords.places.available_permits(), passwords.running.available_permits());
            let (end, ended) = mpsc::channel::<()>();
            let work = passwords.enter().unwrap().run(move || {
                ended.recv().map_err(|_| Problem::internal())?;
                Ok(())
            });
            assert!(
                timeout(Duration::from_millis(50), work).await.is_err(),
                "the wait ends before the work does"
            );
            assert_eq!(free(), (QUEUE_SLOTS - 1, MAX_CONCURRENT - 1));
            end.send(()).unwrap();
            while free() != (QUEUE_SLOTS, MAX_CONCURRENT) {
                sleep(Duration::from_millis(1)).await;
            }
        });
    }

    #[test]
    fn a_full_queue_refuses_at_once() {
        let passwords = Passwords::new().unwrap();
        let places: Vec<HashingSlot> = (0..QUEUE_SLOTS).map(|_| passwords.enter().unwrap()).collect();
        assert!(passwords.enter().is_err_and(|refusal| refusal.code() == Code::Unavailable));
        drop(places);
        assert!(passwords.enter().is_ok());
    }
}
