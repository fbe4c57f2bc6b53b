//! SM2 signatures (GB/T 32918.2-2016 with the curve of GB/T 32918.5): keys, ZA, e = SM3(ZA ‖ M), (r, s) in both its forms.
//!
//! In: keys and messages. Out: signatures that were range-checked, answers whether one holds. Invariant: a nonce never comes from a
//! generator that failed, r and s lie in [1, n−1], and a key's one lasting copy is overwritten when it is dropped.

mod signing_key;

use std::fmt;

use sm2::dsa::signature::hazmat::PrehashVerifier as _;
use sm2::elliptic_curve::ops::Reduce as _;
use sm2::elliptic_curve::sec1::ToSec1Point as _;
use sm2::pkcs8::EncodePublicKey as _;
use sm2::{FieldBytes, Scalar};

use super::curve::Point;
use super::multiples::{Multiples, OF_G};
use super::sm3::{Digest, Sm3};

pub use signing_key::SigningKey;

/// The user's identity that ZA binds where nobody agreed on another (GM/T 0009, 10).
pub const DEFAULT_ID: &str = "1234567812345678";

/// The curve of GB/T 32918.5 as it enters ZA: a, b, then the base point's x and y, big-endian.
const CURVE: [u8; 128] = {
    const HEX: &[u8; 256] = b"fffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffc\
                              28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93\
                              32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7\
                              bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0";
    const fn nibble(c: u8) -> u8 {
        if c.is_ascii_digit() { c - b'0' } else { c - b'a' + 10 }
    }
    let mut bytes = [0; 128];
    let mut i = 0;
    while i < 128 {
        bytes[i] = nibble(HEX[2 * i]) << 4 | nibble(HEX[2 * i + 1]);
        i += 1;
    }
    bytes
};

/// What went wrong with a key or a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Sm2Error {
    /// Not a scalar in [1, n−2], or not a PKCS#8 key of the SM2 curve.
    #[error("not an SM2 private key")]
    PrivateKey,
    /// Not a point on the curve.
    #[error("not an SM2 public key: no such point on the curve")]
    PublicKey,
    /// r or s out of [1, n−1], or not DER.
    #[error("not an SM2 signature: r and s must be DER integers in [1, n-1]")]
    Signature,
    /// An identity longer than 8191 bytes.
    #[error("the user identity is longer than 8191 bytes")]
    Identity,
    /// The key file does not open with this password.
    #[error("the key does not open with this password")]
    Password,
    /// The system's random generator failed, so nothing was signed.
    #[error("the system's random generator failed")]
    Random,
}

/// How the nonce k of a signature is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Nonce {
    /// RFC 6979 with fresh randomness mixed in: safe against both a weak generator and induced faults.
    #[default]
    Hedged,
    /// RFC 6979 alone: the same key and message give the same signature.
    Deterministic,
}

/// (r, s), each in [1, n−1].
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signature(sm2::dsa::Signature);

impl Signature {
    /// From r ‖ s, 32 bytes each.
    pub fn from_raw(raw: &[u8; 64]) -> Result<Signature, Sm2Error> {
        sm2::dsa::Signature::from_slice(raw).map(Signature).map_err(|_| Sm2Error::Signature)
    }

    /// From strict DER: `SEQUENCE { r INTEGER, s INTEGER }` (GM/T 0009, 7.3), with nothing after it.
    pub fn from_der(bytes: &[u8]) -> Result<Signature, Sm2Error> {
        sm2::dsa::Signature::from_der(bytes).map(Signature).map_err(|_| Sm2Error::Signature)
    }

    /// r ‖ s.
    pub fn to_raw(&self) -> [u8; 64] {
        self.0.to_bytes().into()
    }

    /// `SEQUENCE { r INTEGER, s INTEGER }`; at most [`Signature::MAX_DER_LEN`] bytes.
    pub fn to_der(&self) -> Vec<u8> {
        self.0.to_der().as_bytes().to_vec()
    }

    /// The longest DER form.
    pub const MAX_DER_LEN: usize = 72;
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature(")?;
        self.to_raw().iter().try_for_each(|b| write!(f, "{b:02x}"))?;
        f.write_str(")")
    }
}

/// A public key with its ZA.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifyingKey {
    point: sm2::AffinePoint,
    za: Digest,
}

impl VerifyingKey {
    fn new(point: sm2::AffinePoint, id: &str) -> Result<VerifyingKey, Sm2Error> {
        let entl = u16::try_from(id.len() * 8).map_err(|_| Sm2Error::Identity)?;
        let encoded = point.to_sec1_point(false);
        // ZA = SM3(ENTLA ‖ IDA ‖ a ‖ b ‖ xG ‖ yG ‖ xA ‖ yA) (GB/T 32918.2, 5.5)
        let mut state = Sm3::new();
        state.update(&entl.to_be_bytes());
        state.update(id.as_bytes());
        state.update(&CURVE);
        state.update(&encoded.as_bytes()[1..]);
        Ok(VerifyingKey { point, za: state.finish() })
    }

    /// From an uncompressed or compressed SEC 1 point, under the default identity.
    pub fn from_sec1(bytes: &[u8]) -> Result<VerifyingKey, Sm2Error> {
        let key = sm2::PublicKey::from_sec1_bytes(bytes).map_err(|_| Sm2Error::PublicKey)?;
        VerifyingKey::new(*key.as_affine(), DEFAULT_ID)
    }

    /// The same key under another identity.
    pub fn with_id(&self, id: &str) -> Result<VerifyingKey, Sm2Error> {
        VerifyingKey::new(self.point, id)
    }

    /// The uncompressed point: 04 ‖ x ‖ y.
    pub fn to_sec1(&self) -> [u8; 65] {
        let mut bytes = [0; 65];
        bytes.copy_from_slice(self.point.to_sec1_point(false).as_bytes());
        bytes
    }

    /// The DER SubjectPublicKeyInfo.
    pub fn to_spki(&self) -> Result<Vec<u8>, Sm2Error> {
        let key = sm2::PublicKey::from_affine(self.point).map_err(|_| Sm2Error::PublicKey)?;
        key.to_public_key_der().map(|d| d.as_bytes().to_vec()).map_err(|_| Sm2Error::PublicKey)
    }

    /// ZA.
    pub fn za(&self) -> &Digest {
        &self.za
    }

    /// The digest's state after ZA: append M and finish to get e.
    pub fn hasher(&self) -> Sm3 {
        let mut state = Sm3::new();
        state.update(&self.za);
        state
    }

    /// e = SM3(ZA ‖ M).
    pub fn digest(&self, message: &[u8]) -> Digest {
        let mut state = self.hasher();
        state.update(message);
        state.finish()
    }

    /// Whether `signature` holds over e (GB/T 32918.2, 7.1, steps B4 to B7).
    pub fn verify_digest(&self, e: &Digest, signature: &Signature) -> bool {
        // The identity given here only makes a ZA that verify_prehash does not use.
        sm2::dsa::VerifyingKey::from_affine("", self.point)
            .is_ok_and(|key| key.verify_prehash(e, &signature.0).is_ok())
    }

    /// Whether `signature` holds over `message`.
    pub fn verify(&self, message: &[u8], signature: &Signature) -> bool {
        self.verify_digest(&self.digest(message), signature)
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VerifyingKey(")?;
        self.to_sec1().iter().try_for_each(|b| write!(f, "{b:02x}"))?;
        f.write_str(")")
    }
}

/// A public key prepared for many verifications: a table of some 100 kB, made in as much time as ten verifications, and a quarter of the
/// time for each signature.
#[derive(Clone)]
pub struct FastVerifyingKey {
    key: VerifyingKey,
    multiples: Multiples,
}

impl FastVerifyingKey {
    /// Prepares `key`.
    pub fn new(key: &VerifyingKey) -> FastVerifyingKey {
        FastVerifyingKey { key: key.clone(), multiples: Multiples::new(&key.point) }
    }

    /// The key.
    pub fn key(&self) -> &VerifyingKey {
        &self.key
    }

    /// Whether `signature` holds over e: the answer is that of [`VerifyingKey::verify_digest`], only sooner.
    pub fn verify_digest(&self, e: &Digest, signature: &Signature) -> bool {
        self.verify_digests(&[(*e, *signature)])[0]
    }

    /// Whether each signature holds over its e (GB/T 32918.2, 7.1, steps B4 to B7; the signature's type has answered B1 and B2); sooner than
    /// one after the other, because they share the one inversion. Everything here is public, so nothing needs constant time.
    pub fn verify_digests(&self, signed: &[(Digest, Signature)]) -> Vec<bool> {
        // B5: t = (r + s) mod n; B6: (x1, y1) = [s]G + [t]PA
        let point = |(_, Signature(signature)): &(Digest, Signature)| {
            let (r, s) = (*signature.r(), *signature.s());
            OF_G.times_onto(self.multiples.times(&(r + s)), &s)
        };
        let points: Vec<Point> = signed.iter().map(point).collect();
        let holds = |((e, Signature(signature)), x1): (&(Digest, Signature), Option<[u8; 32]>)| {
            let (r, s) = (*signature.r(), *signature.s());
            // B5 refuses t = 0. B7: R = (e + x1) mod n must be r.
            !bool::from((r + s).is_zero()) && x1.is_some_and(|x1| r == reduced(e) + modulo_n(&x1.into()))
        };
        signed.iter().zip(Point::x_of(&points)).map(holds).collect()
    }
}

impl fmt::Debug for FastVerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.key.fmt(f)
    }
}

/// e as a number modulo n.
fn reduced(e: &Digest) -> Scalar {
    modulo_n(&FieldBytes::from(*e))
}

fn modulo_n(number: &FieldBytes) -> Scalar {
    Scalar::reduce(number)
}

#[cfg(test)]
mod tests;
