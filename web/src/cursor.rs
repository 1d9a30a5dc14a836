//! Cursors of lists: opaque, and valid only for the list that issued them.

use application::problem::Problem;
use application::problem_codes::Code;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

const MAC_BYTES: usize = 16;

/// Encodes and decodes cursors with a key of this platform.
#[derive(Clone)]
pub struct CursorSealer {
    key: [u8; 32],
}

impl CursorSealer {
    /// Uses the key of this platform.
    pub fn new(key: [u8; 32]) -> Self {
        Self { key }
    }

    fn mac(&self, list: &str, position: &str) -> Hmac<Sha256> {
        #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).expect("any length");
        mac.update(list.as_bytes());
        mac.update(&[0]);
        mac.update(position.as_bytes());
        mac
    }

    /// A cursor for a position in a list. `list` identifies the list with all its filters.
    pub fn seal(&self, list: &str, position: &str) -> String {
        let tag = self.mac(list, position).finalize().into_bytes();
        let mut bytes = tag.get(..MAC_BYTES).unwrap_or_default().to_vec();
        bytes.extend_from_slice(position.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The position in a cursor of this list. Fails for a cursor of another list.
    pub fn open(&self, list: &str, cursor: &str) -> Result<String, Problem> {
        let refused =
            || Problem::new(Code::InvalidCursor, "The cursor was not made for this list with these filters.");
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| refused())?;
        let (tag, position) = bytes.split_at_checked(MAC_BYTES).ok_or_else(refused)?;
        let position = std::str::from_utf8(position).map_err(|_| refused())?;
        self.mac(list, position).verify_truncated_left(tag).map_err(|_| refused())?;
        Ok(position.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_valid_for_its_own_list_only() {
        let sealer = CursorSealer::new([7; 32]);
        let cursor = sealer.seal("/tickets?status=open", "5|a");
        assert_eq!(sealer.open("/tickets?status=open", &cursor).unwrap(), "5|a");
        assert!(sealer.open("/tickets?status=closed", &cursor).is_err());
        assert!(CursorSealer::new([8; 32]).open("/tickets?status=open", &cursor).is_err());
        for bad in ["", "AAAA", "****", &cursor[1..]] {
            assert!(sealer.open("/tickets?status=open", bad).is_err());
        }
    }
}
