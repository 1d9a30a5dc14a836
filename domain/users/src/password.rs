use thiserror::Error;

/// What a password must not contain.
#[derive(Debug, Clone, Default)]
pub struct PasswordContext {
    /// Names of the person, the organizations and the product; words of up to three letters are ignored.
    pub words: Vec<String>,
}

/// Why a password is refused (NIST SP 800-63B-4 3.1.1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum WeakPassword {
    /// Fewer than 12 characters.
    #[error("a password has at least {MIN_CHARS} characters")]
    TooShort,
    /// More than 128 characters.
    #[error("a password has at most {MAX_CHARS} characters")]
    TooLong,
    /// Contains the name of the person, the organization or the product.
    #[error("the password contains a name that others could guess")]
    HoldsName,
    /// Among the passwords that attackers try first.
    #[error("the password is too common")]
    Common,
}

const MIN_CHARS: usize = 12;
const MAX_CHARS: usize = 128;
/// Guesses that a password must resist, as a power of ten.
const MIN_GUESSES_LOG10: f64 = 8.0;

/// Checks a password. `guesses_log10` is an estimate of the guesses needed to find it.
///
/// There is no rule about kinds of characters, and the password is compared as sent.
pub fn check_password(
    password: &str,
    context: &PasswordContext,
    guesses_log10: f64,
) -> Result<(), WeakPassword> {
    let length = password.chars().count();
    if length < MIN_CHARS {
        return Err(WeakPassword::TooShort);
    }
    if length > MAX_CHARS {
        return Err(WeakPassword::TooLong);
    }
    let folded = password.to_lowercase();
    let variable = |word: &&String| word.chars().count() > 3 && folded.contains(&word.to_lowercase());
    if context.words.iter().any(|word| variable(&word)) {
        return Err(WeakPassword::HoldsName);
    }
    if guesses_log10 < MIN_GUESSES_LOG10 { Err(WeakPassword::Common) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_refused_for_its_reason() {
        let context = PasswordContext { words: vec!["Steward".into(), "Ann".into()] };
        assert_eq!(check_password("elevenchars", &context, 20.0), Err(WeakPassword::TooShort));
        assert_eq!(check_password(&"é".repeat(129), &context, 20.0), Err(WeakPassword::TooLong));
        assert_eq!(check_password("my-STEWARD-word", &context, 20.0), Err(WeakPassword::HoldsName));
        assert_eq!(check_password("passwordpassword", &context, 3.0), Err(WeakPassword::Common));
        assert_eq!(check_password("annually grown beets", &context, 20.0), Ok(()), "short names don't count");
        assert_eq!(check_password(&"é".repeat(12), &context, 20.0), Ok(()), "length is in characters");
    }
}
