//! The digests that signatures and timestamps name.
//!
//! In: bytes in any number of pieces. Out: a digest. Invariant: there is none here that can be broken; MD5 and SHA-1 are unsupported.

use der::asn1::ObjectIdentifier;

use super::oid;
use super::sm3::Sm3;

/// A digest algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hash {
    /// SM3 (GB/T 32905).
    Sm3,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl Hash {
    /// The algorithm with this identifier; the error says in words why there is none.
    pub fn from_oid(algorithm: ObjectIdentifier) -> Result<Hash, String> {
        match algorithm {
            oid::SM3 => Ok(Hash::Sm3),
            oid::SHA256 => Ok(Hash::Sha256),
            oid::SHA384 => Ok(Hash::Sha384),
            oid::SHA512 => Ok(Hash::Sha512),
            oid::SHA1 => Err(format!("the digest SHA-1, which is too weak ({algorithm})")),
            _ => Err(format!("the digest {algorithm}")),
        }
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Hash::Sm3 => "SM3",
            Hash::Sha256 => "SHA-256",
            Hash::Sha384 => "SHA-384",
            Hash::Sha512 => "SHA-512",
        }
    }

    /// The digest of `pieces`, one after the other.
    pub fn digest(self, pieces: &[&[u8]]) -> Vec<u8> {
        fn sha<D: sha2::Digest>(pieces: &[&[u8]]) -> Vec<u8> {
            let mut state = D::new();
            pieces.iter().for_each(|piece| state.update(piece));
            state.finalize().to_vec()
        }
        match self {
            Hash::Sm3 => {
                let mut state = Sm3::new();
                pieces.iter().for_each(|piece| state.update(piece));
                state.finish().to_vec()
            }
            Hash::Sha256 => sha::<sha2::Sha256>(pieces),
            Hash::Sha384 => sha::<sha2::Sha384>(pieces),
            Hash::Sha512 => sha::<sha2::Sha512>(pieces),
        }
    }
}
