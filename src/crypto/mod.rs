//! Cryptography without any container: digests, signatures, certificates and whom to trust, signed data and timestamps.
//!
//! In: bytes and keys. Out: digests (GB/T 32905), signatures (GB/T 32918.2), certificates and chains (RFC 5280), signed data (RFC 5652,
//! GB/T 35275), timestamps (RFC 3161). Made with the SM algorithms only; read with RSA and ECDSA too.
//! Invariant: secrets are held only by types of `sm2` or around them, wiped when dropped, and never printed.

pub mod cms;
pub mod crl;
pub mod hash;
pub mod oid;
pub mod public_key;
pub mod sm2;
pub mod sm3;
pub mod timestamp;
pub mod tlv;
pub mod trust;
pub mod x509;

mod curve;
mod multiples;

/// `bytes` as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
