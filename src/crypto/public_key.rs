//! Public keys of every family that signs seals, documents and timestamps: SM2, RSA, ECDSA.
//!
//! In: a certificate's SubjectPublicKeyInfo; then algorithms, messages and signatures. Out: [`KeyCheck`].
//! Invariant: a signature that cannot be checked here is `Unsupported` and never `Holds`; a hostile key costs no more than a good one.

use std::fmt;

use der::asn1::{ObjectIdentifier, UintRef};
use der::{Decode as _, Reader as _, SliceReader};
use p256::ecdsa::signature::hazmat::PrehashVerifier as _;
use rsa::BoxedUint;
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

use super::hash::Hash;
use super::oid;
use super::sm2::{Signature, VerifyingKey};
use super::tlv::{DerError, Tlv};
use super::x509::{X509Error, whole_bytes};

/// Sizes of an RSA modulus, in bits.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

/// A public key.
#[derive(Clone)]
pub enum PublicKey {
    /// SM2 (GB/T 32918), under the default identity.
    Sm2(VerifyingKey),
    /// RSA (RFC 8017) with a modulus of 2048 to 8192 bits.
    Rsa(Box<rsa::PublicKey>),
    /// ECDSA on P-256.
    P256(p256::ecdsa::VerifyingKey),
    /// ECDSA on P-384.
    P384(p384::ecdsa::VerifyingKey),
    /// Of another family, or too weak or too large: no signature by it can be checked.
    Other {
        /// The algorithm, or the curve.
        algorithm: ObjectIdentifier,
        /// The same in words.
        what: String,
    },
}

/// What can be said of one signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyCheck {
    /// The key signed the message.
    Holds,
    /// It did not.
    Fails,
    /// Nobody here can tell; the algorithm in words, with its identifier.
    Unsupported(String),
}

impl KeyCheck {
    /// Whether it holds.
    pub fn holds(&self) -> bool {
        *self == KeyCheck::Holds
    }
}

impl From<bool> for KeyCheck {
    fn from(holds: bool) -> KeyCheck {
        if holds { KeyCheck::Holds } else { KeyCheck::Fails }
    }
}

/// How a signature was made, as its AlgorithmIdentifier says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scheme {
    Sm2,
    RsaPkcs1(Hash),
    RsaPss { hash: Hash, salt: usize },
    Ecdsa(Hash),
}

impl PublicKey {
    /// The key of a certificate.
    ///
    /// # Errors
    /// It is named as one of a family that is read here, and is none: no point of its curve, no RSA numbers.
    pub fn from_spki(spki: &SubjectPublicKeyInfoOwned) -> Result<PublicKey, X509Error> {
        let algorithm = spki.algorithm.oid;
        let bytes = whole_bytes(spki.subject_public_key.as_bytes())?;
        let other = |algorithm, what| Ok(PublicKey::Other { algorithm, what });
        match algorithm {
            oid::EC_PUBLIC_KEY => {
                let curve = spki.algorithm.parameters.as_ref();
                match curve.and_then(|p| p.decode_as::<ObjectIdentifier>().ok()) {
                    Some(oid::SM2_CURVE) => Ok(PublicKey::Sm2(VerifyingKey::from_sec1(bytes)?)),
                    Some(oid::P256) => p256::ecdsa::VerifyingKey::from_sec1_bytes(bytes)
                        .map(PublicKey::P256)
                        .map_err(|_| X509Error::Key("no point of P-256")),
                    Some(oid::P384) => p384::ecdsa::VerifyingKey::from_sec1_bytes(bytes)
                        .map(PublicKey::P384)
                        .map_err(|_| X509Error::Key("no point of P-384")),
                    Some(curve) => other(curve, format!("a key on the curve {curve}")),
                    None => other(algorithm, format!("a key on a curve without a name ({algorithm})")),
                }
            }
            oid::RSA => rsa_key(bytes),
            _ => other(algorithm, format!("a key of the algorithm {algorithm}")),
        }
    }

    /// The family's name.
    pub fn family(&self) -> &str {
        match self {
            PublicKey::Sm2(_) => "SM2",
            PublicKey::Rsa(_) => "RSA",
            PublicKey::P256(_) => "ECDSA P-256",
            PublicKey::P384(_) => "ECDSA P-384",
            PublicKey::Other { what, .. } => what,
        }
    }

    /// Whether `signature` by `algorithm` over `message` is by this key.
    pub fn check(&self, algorithm: &AlgorithmIdentifierOwned, message: &[u8], signature: &[u8]) -> KeyCheck {
        self.check_pieces(algorithm, None, &[message], signature)
    }

    /// The same for a message in pieces. `digest` is the algorithm that a SignerInfo names beside the signature's (RFC 5652, 5.3): it
    /// completes one that is named without, and must be the same as one that is named with its digest.
    pub fn check_pieces(
        &self,
        algorithm: &AlgorithmIdentifierOwned,
        digest: Option<Hash>,
        message: &[&[u8]],
        signature: &[u8],
    ) -> KeyCheck {
        let holds = |key: &VerifyingKey, message: &[&[u8]], signature: &Signature| {
            let mut state = key.hasher();
            message.iter().for_each(|piece| state.update(piece));
            key.verify_digest(&state.finish(), signature)
        };
        self.check_with(algorithm, digest, message, signature, holds)
    }

    /// The same; `sm2` tells whether a signature holds over the message in pieces, for those who remember.
    pub(super) fn check_with(
        &self,
        algorithm: &AlgorithmIdentifierOwned,
        digest: Option<Hash>,
        message: &[&[u8]],
        signature: &[u8],
        sm2: impl FnOnce(&VerifyingKey, &[&[u8]], &Signature) -> bool,
    ) -> KeyCheck {
        let scheme = match Scheme::read(algorithm, digest) {
            Ok(scheme) => scheme,
            Err(what) => return KeyCheck::Unsupported(what),
        };
        match (self, scheme) {
            (PublicKey::Other { what, .. }, _) => KeyCheck::Unsupported(what.clone()),
            (PublicKey::Sm2(key), Scheme::Sm2) => {
                let Ok(signature) = Signature::from_der(signature) else { return KeyCheck::Fails };
                sm2(key, message, &signature).into()
            }
            (PublicKey::Rsa(key), Scheme::RsaPkcs1(hash)) => {
                let digest = hash.digest(message);
                match hash {
                    Hash::Sha256 => key.pkcs1v15_verify_prehash::<sha2::Sha256>(&digest, signature),
                    Hash::Sha384 => key.pkcs1v15_verify_prehash::<sha2::Sha384>(&digest, signature),
                    Hash::Sha512 => key.pkcs1v15_verify_prehash::<sha2::Sha512>(&digest, signature),
                    Hash::Sm3 => return KeyCheck::Unsupported("RSA with SM3".into()),
                }
                .is_ok()
                .into()
            }
            (PublicKey::Rsa(key), Scheme::RsaPss { hash, salt }) => {
                let digest = hash.digest(message);
                match hash {
                    Hash::Sha256 => {
                        key.verify(rsa::Pss::<sha2::Sha256>::new_with_salt(salt), &digest, signature)
                    }
                    Hash::Sha384 => {
                        key.verify(rsa::Pss::<sha2::Sha384>::new_with_salt(salt), &digest, signature)
                    }
                    Hash::Sha512 => {
                        key.verify(rsa::Pss::<sha2::Sha512>::new_with_salt(salt), &digest, signature)
                    }
                    Hash::Sm3 => return KeyCheck::Unsupported("RSASSA-PSS with SM3".into()),
                }
                .is_ok()
                .into()
            }
            (PublicKey::P256(key), Scheme::Ecdsa(hash)) => p256::ecdsa::Signature::from_der(signature)
                .is_ok_and(|s| key.verify_prehash(&hash.digest(message), &s).is_ok())
                .into(),
            (PublicKey::P384(key), Scheme::Ecdsa(hash)) => p384::ecdsa::Signature::from_der(signature)
                .is_ok_and(|s| key.verify_prehash(&hash.digest(message), &s).is_ok())
                .into(),
            // A signature named as one of another family than the key's cannot be by the key.
            _ => KeyCheck::Fails,
        }
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PublicKey::Sm2(key) => key.fmt(f),
            other => write!(f, "PublicKey({})", other.family()),
        }
    }
}

/// ```text
/// RSAPublicKey ::= SEQUENCE {
///     modulus        INTEGER,
///     publicExponent INTEGER }
/// ```
/// RFC 8017, A.1.1.
fn rsa_key(bytes: &[u8]) -> Result<PublicKey, X509Error> {
    let mut reader = SliceReader::new(bytes)?;
    let (modulus, exponent) = reader.sequence(|reader| {
        let numbers = (UintRef::decode(reader)?, UintRef::decode(reader)?);
        if reader.is_finished() { Ok(numbers) } else { Err(reader.error(der::ErrorKind::Failed)) }
    })?;
    reader.finish()?;
    // Before any arithmetic, so that no number is too long for it.
    let bits =
        modulus.as_bytes().len() * 8 - modulus.as_bytes().first().map_or(0, |b| b.leading_zeros() as usize);
    let unusable = |what| Ok(PublicKey::Other { algorithm: oid::RSA, what });
    if !RSA_BITS.contains(&bits) {
        return unusable(format!(
            "an RSA key of {bits} bits, not of {} to {} ({})",
            RSA_BITS.start(),
            RSA_BITS.end(),
            oid::RSA
        ));
    }
    if exponent.as_bytes().len() > 5 {
        return unusable(format!("an RSA key with an exponent of more than 33 bits ({})", oid::RSA));
    }
    let number = |uint: UintRef<'_>| BoxedUint::from_be_slice_vartime(uint.as_bytes());
    match rsa::PublicKey::new_with_size_limits(number(modulus), number(exponent), RSA_BITS) {
        Ok(key) => Ok(PublicKey::Rsa(Box::new(key))),
        Err(_) => Err(X509Error::Key("no RSA modulus and exponent")),
    }
}

impl Scheme {
    fn read(algorithm: &AlgorithmIdentifierOwned, digest: Option<Hash>) -> Result<Scheme, String> {
        let oid = algorithm.oid;
        let (scheme, hash) = match oid {
            oid::SM2_WITH_SM3 => (Scheme::Sm2, Hash::Sm3),
            oid::SM2_SIGN if digest == Some(Hash::Sm3) => (Scheme::Sm2, Hash::Sm3),
            oid::RSA_WITH_SHA256 => (Scheme::RsaPkcs1(Hash::Sha256), Hash::Sha256),
            oid::RSA_WITH_SHA384 => (Scheme::RsaPkcs1(Hash::Sha384), Hash::Sha384),
            oid::RSA_WITH_SHA512 => (Scheme::RsaPkcs1(Hash::Sha512), Hash::Sha512),
            oid::ECDSA_WITH_SHA256 => (Scheme::Ecdsa(Hash::Sha256), Hash::Sha256),
            oid::ECDSA_WITH_SHA384 => (Scheme::Ecdsa(Hash::Sha384), Hash::Sha384),
            oid::ECDSA_WITH_SHA512 => (Scheme::Ecdsa(Hash::Sha512), Hash::Sha512),
            oid::RSA_WITH_SHA1 | oid::ECDSA_WITH_SHA1 => {
                return Err(format!("a signature over SHA-1, which is too weak ({oid})"));
            }
            oid::RSA => match digest {
                Some(hash) => (Scheme::RsaPkcs1(hash), hash),
                None => return Err(format!("RSA without a digest ({oid})")),
            },
            oid::RSA_PSS => {
                let (hash, salt) = pss_parameters(algorithm)
                    .map_err(|why| format!("RSASSA-PSS with unreadable parameters ({oid}): {why}"))??;
                (Scheme::RsaPss { hash, salt }, hash)
            }
            _ => return Err(format!("a signature by the algorithm {oid}")),
        };
        match digest {
            Some(digest) if digest != hash => {
                Err(format!("{} named beside a signature over {} ({oid})", digest.name(), hash.name()))
            }
            _ => Ok(scheme),
        }
    }
}

/// ```text
/// RSASSA-PSS-params ::= SEQUENCE {
///     hashAlgorithm    [0] HashAlgorithm DEFAULT sha1,
///     maskGenAlgorithm [1] MaskGenAlgorithm DEFAULT mgf1SHA1,
///     saltLength       [2] INTEGER DEFAULT 20,
///     trailerField     [3] TrailerField DEFAULT trailerFieldBC }
/// ```
/// RFC 8017, A.2.3. The outer error is one of reading, the inner one says what is not supported.
fn pss_parameters(algorithm: &AlgorithmIdentifierOwned) -> Result<Result<(Hash, usize), String>, DerError> {
    let weak = || Ok(Err(format!("RSASSA-PSS over SHA-1, which is too weak ({})", oid::RSA_PSS)));
    let Some(parameters) = &algorithm.parameters else { return weak() };
    let bytes = der::Encode::to_der(parameters)?;
    let mut fields = Tlv::parse(&bytes)?.elements();
    let hash = fields.optional(0xa0)?;
    let mask = fields.optional(0xa1)?;
    let salt = fields.optional(0xa2)?;
    let trailer = fields.optional(0xa3)?;
    fields.finish()?;
    let (Some(hash), Some(mask)) = (hash, mask) else { return weak() };
    let hash = AlgorithmIdentifierOwned::from_der(hash.value)?;
    let mask = AlgorithmIdentifierOwned::from_der(mask.value)?;
    let mask_hash =
        mask.parameters.as_ref().map(|p| p.decode_as::<AlgorithmIdentifierOwned>()).transpose()?;
    let salt = salt.map_or(Ok(20), |salt| u16::from_der(salt.value))?;
    let trailer = trailer.map_or(Ok(1), |trailer| u8::from_der(trailer.value))?;
    if mask.oid != oid::MGF1 || mask_hash.is_none_or(|m| m.oid != hash.oid) || trailer != 1 {
        return Ok(Err(format!("RSASSA-PSS with another mask or trailer ({})", oid::RSA_PSS)));
    }
    Ok(Hash::from_oid(hash.oid).map(|hash| (hash, usize::from(salt))))
}

#[cfg(test)]
mod tests;
