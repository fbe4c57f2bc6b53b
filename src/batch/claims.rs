//! Which record has which name and identifier.
//!
//! In: names and identifiers with the rows that bring them. Out: whether another row brought them before.
//! Invariant: 32 bytes for each, however long it is.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use sha2::{Digest as _, Sha256};

/// Names or identifiers, and the row that has each.
#[derive(Debug, Default)]
pub(super) struct Claims {
    rows: HashMap<[u8; 16], u64>,
}

impl Claims {
    /// Gives `name` to `row`, or says which other row has it. A row that asks again has it still.
    pub(super) fn claim(&mut self, name: &str, row: u64) -> Result<(), u64> {
        // Windows and macOS take a.ofd and A.ofd for one file. No two names have one half of a SHA-256.
        let digest = Sha256::digest(name.to_lowercase());
        match self.rows.entry(half(&digest.into())) {
            Entry::Occupied(earlier) if *earlier.get() != row => Err(*earlier.get()),
            Entry::Occupied(_) => Ok(()),
            Entry::Vacant(free) => {
                free.insert(row);
                Ok(())
            }
        }
    }
}

/// The first half of a digest.
pub(super) fn half(digest: &[u8; 32]) -> [u8; 16] {
    let [first, _] = *digest.as_chunks::<16>().0 else { unreachable!("32 bytes are twice 16") };
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_given_out_once_whatever_its_case() {
        let mut claims = Claims::default();
        assert_eq!(claims.claim("A-1", 2), Ok(()));
        assert_eq!(claims.claim("a-1", 3), Err(2));
        assert_eq!(claims.claim("a-2", 4), Ok(()));
        assert_eq!(claims.claim("A-1", 2), Ok(()));
    }
}
