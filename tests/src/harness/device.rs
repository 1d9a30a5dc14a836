//! A device that makes the codes of two-factor log-in.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use totp_rs::{Builder, Secret, Totp};

use super::world::{PASSWORD, Person};

const STEP_SECONDS: u64 = 30;

/// A device with the secret of one account, and the recovery codes.
pub(crate) struct Device {
    totp: Totp,
    last_step: u64,
    pub(crate) recovery_codes: Vec<String>,
}

impl Device {
    pub(crate) fn with(setup: &Value) -> Self {
        let secret = Secret::try_from_base32(setup["secret"].as_str().expect("a secret")).expect("Base32");
        let totp = Builder::new().with_secret(secret).with_account_name("test").build().expect("a device");
        Self { totp, last_step: 0, recovery_codes: Vec::new() }
    }

    /// Enables two-factor log-in for a person.
    pub(crate) fn of(person: &Person) -> Self {
        let setup = person.client.post("/me/two-factor/setup", json!({ "password": PASSWORD })).expect(201);
        let mut device = Self::with(&setup);
        let confirmed =
            person.client.post("/me/two-factor/confirm", json!({ "totp_code": device.code() })).expect(200);
        let codes = confirmed["recovery_codes"].as_array().expect("recovery codes");
        device.recovery_codes = codes.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        device
    }

    /// The next code that is valid and was not used before; waits for it if all valid ones were.
    #[expect(clippy::disallowed_methods, reason = "a device has a clock of its own")]
    pub(crate) fn code(&mut self) -> String {
        loop {
            let seconds = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
            let now = seconds / STEP_SECONDS;
            let step = (now - 1).max(self.last_step + 1);
            // The oldest valid code expires in a moment.
            let lasts = step >= now || seconds % STEP_SECONDS < STEP_SECONDS - 5;
            if step <= now + 1 && lasts {
                self.last_step = step;
                return self.totp.generate(step * STEP_SECONDS).to_string();
            }
            std::thread::sleep(Duration::from_secs(1));
        }
    }
}
