//! Cryptography of the SM suite, without any container: digests, signatures, certificates.
//!
//! In: bytes and keys. Out: digests (GB/T 32905), signatures (GB/T 32918.2), certificates (RFC 5280 with the SM algorithms).
//! Invariant: secrets are held only by `sm2`'s types, wiped when dropped, and never printed.

pub mod oid;
pub mod sm2;
pub mod sm3;
pub mod x509;

mod verify_table;

/// `bytes` as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
