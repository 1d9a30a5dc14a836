//! The signing key: a file in the data directory, created at the first start. It signs access tokens, which are JWTs.

use std::io::Write;
use std::path::Path;

use crate::bearer::Bearer;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::problem::Problem;
use crate::problem_codes::Code;

/// The lifetime of an access token, in seconds.
pub const ACCESS_TOKEN_SECONDS: i32 = 900;
const ISSUER: &str = "steward";
const AUDIENCE: &str = "steward-api";
const TYPE: &str = "at+jwt";
const LEEWAY_SECONDS: i64 = 5;
const KEY_BYTES: usize = 32;

/// The claims of an access token (RFC 9068 2.2).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Claims {
    iss: String,
    aud: String,
    #[serde(flatten)]
    bearer: Bearer,
    jti: Uuid,
    iat: i64,
    exp: i64,
}

/// The keys that sign and verify tokens. The first signs; the others are still accepted during a rotation.
#[derive(Clone)]
pub struct SigningKeys(Vec<SigningKey>);

#[derive(Clone)]
struct SigningKey {
    id: String,
    secret: [u8; KEY_BYTES],
}

/// The thing that a code opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secret {
    /// What a one-time token allows.
    OneTimeToken,
    /// An invitation, in the generation of its code.
    Invitation(i32),
}

impl SigningKey {
    /// HMAC-SHA-256 over what the code opens: 256 bits that cannot be guessed.
    fn code(&self, of: Secret, id: Uuid) -> String {
        let (purpose, generation) = match of {
            Secret::OneTimeToken => ("one-time token", 0),
            Secret::Invitation(generation) => ("invitation", generation),
        };
        #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.secret).expect("any length");
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(id.as_bytes());
        if generation != 0 {
            mac.update(&generation.to_be_bytes());
        }
        URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
    }
}

/// Why no signing key is available.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read or created.
    #[error("the signing key {0} can't be read or written: {1}")]
    File(String, std::io::Error),
    /// The file contains no key of 256 bits.
    #[error("the signing key {0} must contain one key per line, each 32 bytes in base64url")]
    Weak(String),
    /// The system provides no random bytes.
    #[error("the system gives no random bytes: {0}")]
    NoRandom(getrandom::Error),
}

impl SigningKeys {
    /// Reads the key file, or creates it, readable by its owner only.
    pub fn load_or_create(path: &Path) -> Result<Self, KeyError> {
        let file = |e| KeyError::File(path.display().to_string(), e);
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                let secret =
                    URL_SAFE_NO_PAD.encode(crate::clock::random_bytes().map_err(KeyError::NoRandom)?) + "\n";
                match write_private(path, &secret) {
                    Ok(()) => secret,
                    // Another process that starts at the same moment created it first.
                    Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {
                        std::fs::read_to_string(path).map_err(file)?
                    }
                    Err(e) => return Err(file(e)),
                }
            }
            Err(e) => return Err(file(e)),
        };
        Self::parse(&text).ok_or_else(|| KeyError::Weak(path.display().to_string()))
    }

    fn parse(text: &str) -> Option<Self> {
        let key = |line: &str| {
            let secret: [u8; KEY_BYTES] = URL_SAFE_NO_PAD.decode(line).ok()?.try_into().ok()?;
            let id = URL_SAFE_NO_PAD.encode(Sha256::digest(secret)).chars().take(8).collect();
            Some(SigningKey { id, secret })
        };
        let keys: Vec<_> =
            text.lines().map(str::trim).filter(|line| !line.is_empty()).map(key).collect::<Option<_>>()?;
        (!keys.is_empty()).then_some(Self(keys))
    }

    /// A key for another purpose, which reveals nothing about the signing key.
    pub fn derived(&self, purpose: &str) -> [u8; KEY_BYTES] {
        let secret = self.0.first().map(|k| k.secret).unwrap_or_default();
        #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
        let mut mac = Hmac::<Sha256>::new_from_slice(&secret).expect("any length");
        mac.update(purpose.as_bytes());
        mac.finalize().into_bytes().into()
    }

    /// The code of a link. It is deterministic, so that it can be shown or mailed later while only its hash is saved.
    pub fn code(&self, of: Secret, id: Uuid) -> Result<String, Problem> {
        self.0.first().map(|key| key.code(of, id)).ok_or_else(Problem::internal)
    }

    /// The code that matches a saved hash. Tries older keys as well, which may have made it before a rotation.
    pub fn code_hashing_to(&self, of: Secret, id: Uuid, hash: &str) -> Option<String> {
        self.0.iter().map(|key| key.code(of, id)).find(|code| hash_of(code) == hash)
    }

    /// A signed access token.
    pub fn sign(&self, bearer: Bearer, token_id: Uuid, now: DateTime<Utc>) -> Result<String, Problem> {
        let key = self.0.first().ok_or_else(Problem::internal)?;
        let header =
            Header { typ: Some(TYPE.to_owned()), kid: Some(key.id.clone()), ..Header::new(Algorithm::HS256) };
        let iat = now.timestamp();
        let claims = Claims {
            iss: ISSUER.into(),
            aud: AUDIENCE.into(),
            bearer,
            jti: token_id,
            iat,
            exp: iat + i64::from(ACCESS_TOKEN_SECONDS),
        };
        jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(&key.secret))
            .map_err(|_| Problem::internal())
    }

    /// Verifies an access token: algorithm, type, key, issuer, audience and expiry (RFC 8725 3).
    pub fn check(&self, token: &str, now: DateTime<Utc>) -> Result<Bearer, Problem> {
        let refused =
            || Problem::new(Code::Unauthenticated, "The access token is not valid.").with_bad_credentials();
        let header = jsonwebtoken::decode_header(token).map_err(|_| refused())?;
        let names_a_key =
            header.jku.is_some() || header.jwk.is_some() || header.x5u.is_some() || header.x5c.is_some();
        if header.alg != Algorithm::HS256
            || header.typ.as_deref() != Some(TYPE)
            || header.crit.is_some()
            || names_a_key
        {
            return Err(refused());
        }
        let key = self.0.iter().find(|key| header.kid.as_deref() == Some(&key.id)).ok_or_else(refused)?;
        let mut rules = Validation::new(Algorithm::HS256);
        // Checked below, by the clock of this process instead of the machine's.
        rules.validate_exp = false;
        rules.set_issuer(&[ISSUER]);
        rules.set_audience(&[AUDIENCE]);
        rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        let claims = jsonwebtoken::decode::<Claims>(token, &DecodingKey::from_secret(&key.secret), &rules)
            .map_err(|_| refused())?
            .claims;
        if now.timestamp() > claims.exp.saturating_add(LEEWAY_SECONDS) {
            return Err(Problem::new(
                Code::TokenExpired,
                "The access token has expired: refresh it, or request a new one with `view_as_member`.",
            )
            .with_bad_credentials());
        }
        Ok(claims.bearer)
    }
}

fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// The hash that is saved for a secret, in hexadecimal.
pub fn hash_of(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

/// Bytes in lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
