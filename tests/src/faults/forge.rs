//! Access tokens as the server makes them, and as it does not.

use std::fs;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::harness::OwnServer;

/// A real token taken apart, with the key it was signed with.
pub(super) struct Forge {
    secret: Vec<u8>,
    pub(super) header: Value,
    pub(super) claims: Value,
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Forge {
    /// Reads the server's key, and makes sure that the token is what it should be.
    pub(super) fn of(own: &OwnServer, token: &str) -> Self {
        let line = fs::read_to_string(own.data_dir().join("signing-key")).unwrap();
        let secret = URL_SAFE_NO_PAD.decode(line.lines().next().unwrap().trim()).unwrap();
        let parts: Vec<&str> = token.split('.').collect();
        let read =
            |part: &str| serde_json::from_slice::<Value>(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
        let forge = Self { secret, header: read(parts[0]), claims: read(parts[1]) };
        let kid: String = encode(Sha256::digest(&forge.secret)).chars().take(8).collect();
        assert_eq!(forge.header, json!({ "typ": "at+jwt", "alg": "HS256", "kid": kid }));
        for claim in ["iss", "aud", "sub", "sid", "jti", "iat", "exp"] {
            assert!(!forge.claims[claim].is_null(), "{claim} is missing in {}", forge.claims);
        }
        assert_eq!(forge.claims["exp"].as_i64().unwrap() - forge.claims["iat"].as_i64().unwrap(), 900);
        assert!(forge.secret.len() >= 32, "a weak key");
        forge
    }

    /// Now, as the server saw it when it made the token.
    pub(super) fn now(&self) -> i64 {
        self.claims["iat"].as_i64().unwrap()
    }

    /// A token with these members of the header and of the claims replaced; null takes one out.
    pub(super) fn with(&self, header: Value, claims: Value) -> String {
        Self::signed(&changed(&self.header, header), &changed(&self.claims, claims), "HS256", &self.secret)
    }

    /// The same, signed with another algorithm, which the header names.
    pub(super) fn by(&self, named: &str, algorithm: &str) -> String {
        Self::signed(&changed(&self.header, json!({ "alg": named })), &self.claims, algorithm, &self.secret)
    }

    /// The same, signed with another secret.
    pub(super) fn under(&self, secret: &[u8]) -> String {
        Self::signed(&self.header, &self.claims, "HS256", secret)
    }

    fn signed(header: &Value, claims: &Value, algorithm: &str, secret: &[u8]) -> String {
        let text = format!("{}.{}", encode(header.to_string()), encode(claims.to_string()));
        let signature = match algorithm {
            "HS256" => mac::<Hmac<Sha256>>(secret, &text),
            "HS384" => mac::<Hmac<Sha384>>(secret, &text),
            "HS512" => mac::<Hmac<Sha512>>(secret, &text),
            _ => Vec::new(),
        };
        format!("{text}.{}", encode(signature))
    }
}

fn mac<M: Mac + KeyInit>(secret: &[u8], text: &str) -> Vec<u8> {
    let mut mac = <M as KeyInit>::new_from_slice(secret).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn changed(value: &Value, changes: Value) -> Value {
    let mut value = value.clone();
    for (name, change) in changes.as_object().unwrap() {
        match change {
            Value::Null => drop(value.as_object_mut().unwrap().remove(name)),
            other => value[name] = other.clone(),
        }
    }
    value
}
