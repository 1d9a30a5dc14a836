//! The codes of a device (RFC 6238: SHA-1, six digits, 30 seconds, one step of clock skew either way) and recovery codes.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use totp_rs::{Builder, Secret, Totp};
use users::{DeviceSecret, EmailAddress, RECOVERY_CODES};

use crate::clock::random_bytes;
use crate::keys::{hash_of, hex};
use crate::problem::Problem;

/// The name under which the device lists the account.
const ISSUER: &str = "Steward";
/// Bytes of a recovery code: long enough to be unguessable even though its hash is unsalted.
const RECOVERY_BYTES: usize = 10;

fn device(secret: DeviceSecret, of: &EmailAddress) -> Result<Totp, Problem> {
    Builder::new()
        .with_secret(Secret::new_stack(secret.0))
        .with_account_name(of.as_str())
        .with_issuer(Some(ISSUER))
        .build()
        .map_err(|_| Problem::internal())
}

/// A random secret, shared by the device and the server.
pub fn new_secret() -> Result<DeviceSecret, Problem> {
    let bytes = random_bytes().map_err(|_| Problem::internal())?;
    let mut secret = [0; 20];
    secret.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
    Ok(DeviceSecret(secret))
}

/// The secret as text to type in, and as a link that a device scans.
pub fn written(secret: DeviceSecret, of: &EmailAddress) -> Result<(String, String), Problem> {
    let device = device(secret, of)?;
    Ok((device.secret().to_base32(), device.to_url().map_err(|_| Problem::internal())?))
}

/// The time step that a code matches, within the accepted clock skew. Spaces are ignored, since many devices display
/// two groups.
pub fn step_of(
    code: &str,
    secret: DeviceSecret,
    of: &EmailAddress,
    now: DateTime<Utc>,
) -> Result<Option<i64>, Problem> {
    let seconds = u64::try_from(now.timestamp()).map_err(|_| Problem::internal())?;
    Ok(device(secret, of)?.check(&code.replace(' ', ""), seconds).and_then(|step| i64::try_from(step).ok()))
}

/// New recovery codes, shown once, and their hashes to save.
pub fn new_recovery_codes() -> Result<(Vec<String>, BTreeSet<String>), Problem> {
    let mut codes = Vec::new();
    for _ in 0..RECOVERY_CODES {
        let bytes = random_bytes().map_err(|_| Problem::internal())?;
        let digits = hex(bytes.get(..RECOVERY_BYTES).unwrap_or_default());
        let groups: Vec<&str> = (0..4).filter_map(|n| digits.get(n * 5..n * 5 + 5)).collect();
        codes.push(groups.join("-"));
    }
    let hashes = codes.iter().map(|code| recovery_hash(code)).collect();
    Ok((codes, hashes))
}

/// The hash that is saved for a recovery code, independent of how the code is typed.
pub(super) fn recovery_hash(code: &str) -> String {
    hash_of(&code.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s9_the_codes_are_those_of_rfc_6238() {
        // Appendix B of the RFC, with the last six of its eight digits.
        let secret = DeviceSecret(*b"12345678901234567890");
        let email = EmailAddress::parse("a@b.example").unwrap();
        let step = |code: &str, seconds: i64| {
            step_of(code, secret, &email, DateTime::from_timestamp(seconds, 0).unwrap()).unwrap()
        };
        assert_eq!(step("287082", 59), Some(1));
        assert_eq!(step("081804", 1_111_111_109), Some(37_037_036));
        assert_eq!(step("005924", 1_234_567_890), Some(41_152_263));
        assert_eq!((step("287082", 89), step("287082", 29)), (Some(1), Some(1)), "one step either way");
        assert_eq!(step("287 082", 59), Some(1));
        assert_eq!((step("287082", 90), step("287083", 59), step("28708", 59)), (None, None, None));
    }

    #[test]
    fn recovery_codes_differ_and_are_known_again() {
        let (codes, hashes) = new_recovery_codes().unwrap();
        assert_eq!((codes.len(), hashes.len()), (RECOVERY_CODES, RECOVERY_CODES));
        for code in codes {
            assert!(hashes.contains(&recovery_hash(&code.to_uppercase().replace('-', " "))));
        }
    }
}
