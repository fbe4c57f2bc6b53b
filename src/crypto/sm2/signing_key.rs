//! The private key, and signing with it (GB/T 32918.2, 6.1).
//!
//! In: a scalar, a PKCS#8 file, or the system's generator; then digests e. Out: signatures, their nonces made by RFC 6979. The steps are
//! those of `sm2`'s own key, on its types; what is the same for all signatures of a key, or of one call, is worked out once: signing two
//! digests together takes half as long as `sm2` takes for both.
//! Invariant: nothing here takes its time by a secret; a nonce never comes from a generator that failed; the key's one lasting copy is
//! overwritten when it is dropped.

use std::fmt;

use getrandom::SysRng;
use rfc6979::KGenerator;
use sm2::elliptic_curve::{Curve as _, Generate as _, PrimeField as _};
use sm2::pkcs8::der::pem::LineEnding;
use sm2::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _};
use sm2::{Scalar, Sm2, U256};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::{DEFAULT_ID, Nonce, Signature, Sm2Error, VerifyingKey, modulo_n, reduced};
use crate::crypto::curve::Point;
use crate::crypto::multiples::OF_G;
use crate::crypto::sm3::Digest;

/// A private key with its public key and ZA.
///
/// The scalar lies in one place on the heap, which moves of this value do not copy and which is overwritten on drop. What stays on the
/// stack from making the key or signing is out of reach, and so is what the system swaps out.
pub struct SigningKey {
    pub(super) secret: Box<Secret>,
    public: VerifyingKey,
}

/// What nobody may learn.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(super) struct Secret {
    /// dA.
    pub(super) d: Scalar,
    /// (1 + dA)⁻¹.
    inverse: Scalar,
}

impl SigningKey {
    /// A new key from the system's generator, under the default identity.
    pub fn generate() -> Result<SigningKey, Sm2Error> {
        let secret = sm2::SecretKey::try_generate_from_rng(&mut SysRng).map_err(|_| Sm2Error::Random)?;
        SigningKey::new(&secret)
    }

    /// The key with the scalar `d`, big-endian, under the default identity.
    pub fn from_bytes(d: &[u8; 32]) -> Result<SigningKey, Sm2Error> {
        SigningKey::new(&sm2::SecretKey::from_slice(d).map_err(|_| Sm2Error::PrivateKey)?)
    }

    fn new(secret: &sm2::SecretKey) -> Result<SigningKey, Sm2Error> {
        let d = Zeroizing::new(*secret.to_nonzero_scalar().as_ref());
        // d = n−1 has no (1+d)⁻¹ and cannot sign (GB/T 32918.1, 6.1), though `SecretKey` allows it.
        let successor = Zeroizing::new(*d + Scalar::ONE);
        let inverse = Zeroizing::new(successor.invert().into_option().ok_or(Sm2Error::PrivateKey)?);
        let public = VerifyingKey::new(*secret.public_key().as_affine(), DEFAULT_ID)?;
        Ok(SigningKey { secret: Box::new(Secret { d: *d, inverse: *inverse }), public })
    }

    /// Opens a PEM key: `ENCRYPTED PRIVATE KEY` (PKCS#8 with PBES2).
    pub fn from_encrypted_pem(pem: &str, password: &str) -> Result<SigningKey, Sm2Error> {
        use pkcs8::der::{Document, SecretDocument};
        let (label, document) = Document::from_pem(pem).map_err(|_| Sm2Error::PrivateKey)?;
        let encrypted = pkcs8::EncryptedPrivateKeyInfoRef::try_from(document.as_bytes());
        let encrypted =
            encrypted.ok().filter(|_| label == "ENCRYPTED PRIVATE KEY").ok_or(Sm2Error::PrivateKey)?;
        let plain: SecretDocument = encrypted.decrypt(password).map_err(|_| Sm2Error::Password)?;
        let secret = sm2::SecretKey::from_pkcs8_der(plain.as_bytes()).map_err(|_| Sm2Error::PrivateKey)?;
        SigningKey::new(&secret)
    }

    /// The key as `ENCRYPTED PRIVATE KEY`: PBES2 with PBKDF2 (HMAC-SHA-256, 600 000 rounds) and AES-256-CBC, because OpenSSL's default
    /// memory limit refuses the scrypt parameters that are the alternative.
    pub fn to_encrypted_pem(&self, password: &str) -> Result<Zeroizing<String>, Sm2Error> {
        let mut d = self.secret.d.to_repr();
        let secret = sm2::SecretKey::from_bytes(&d);
        d.zeroize();
        let plain = secret.and_then(|s| s.to_pkcs8_der().map_err(|_| sm2::elliptic_curve::Error));
        let plain = plain.map_err(|_| Sm2Error::PrivateKey)?;
        let parameters =
            pkcs8::pkcs5::pbes2::Parameters::generate_pbkdf2(&mut SysRng).map_err(|_| Sm2Error::Random)?;
        let info = pkcs8::PrivateKeyInfoRef::try_from(plain.as_bytes()).map_err(|_| Sm2Error::PrivateKey)?;
        let sealed = info.encrypt_with_params(parameters, password).map_err(|_| Sm2Error::PrivateKey)?;
        sealed.to_pem("ENCRYPTED PRIVATE KEY", LineEnding::LF).map_err(|_| Sm2Error::PrivateKey)
    }

    /// The public half.
    pub fn verifying_key(&self) -> &VerifyingKey {
        &self.public
    }

    /// Signs each e = SM3(ZA ‖ M) (steps A3 to A7); sooner than one after the other, because they share the one inversion.
    ///
    /// # Errors
    /// The system's generator failed, or gave a nonce that the steps refuse, which is as likely as a guessed key.
    pub fn sign_digests(&self, e: &[Digest], nonce: Nonce) -> Result<Vec<Signature>, Sm2Error> {
        // A3
        let nonces: Zeroizing<Vec<Scalar>> =
            Zeroizing::new(e.iter().map(|e| self.nonce(e, nonce)).collect::<Result<_, _>>()?);
        // A4: (x1, y1) = [k]G
        let points: Vec<Point> = nonces.iter().map(|k| OF_G.times_secret(k)).collect();
        let signed = e.iter().zip(Point::x_of(&points)).zip(&*nonces);
        // No nonce is zero, which alone gives a point without x.
        signed.map(|((e, x1), k)| self.sign_with(e, &x1.ok_or(Sm2Error::Random)?, k)).collect()
    }

    /// Signs e = SM3(ZA ‖ M) (GB/T 32918.2, 6.1, steps A3 to A7).
    pub fn sign_digest(&self, e: &Digest, nonce: Nonce) -> Result<Signature, Sm2Error> {
        self.sign_digests(&[*e], nonce)?.pop().ok_or(Sm2Error::Random)
    }

    /// Signs `message` (steps A1 to A7).
    pub fn sign(&self, message: &[u8], nonce: Nonce) -> Result<Signature, Sm2Error> {
        self.sign_digest(&self.public.digest(message), nonce)
    }

    /// A nonce in [1, n−1] by RFC 6979, with fresh randomness as its additional data (3.6) if hedged.
    fn nonce(&self, e: &Digest, nonce: Nonce) -> Result<Scalar, Sm2Error> {
        let mut fresh = Zeroizing::new([0; 32]);
        let data: &[u8] = match nonce {
            Nonce::Hedged => {
                getrandom::fill(&mut *fresh).map_err(|_| Sm2Error::Random)?;
                &*fresh
            }
            Nonce::Deterministic => &[],
        };
        let d: Zeroizing<[u8; 32]> = Zeroizing::new(self.secret.d.to_repr().into());
        let mut k = Zeroizing::new([0; 32]);
        KGenerator::<sm3::Sm3, U256>::new(&*d, &reduced(e).to_repr(), data, &Sm2::ORDER).fill_next_k(&mut *k);
        Scalar::from_repr((*k).into()).into_option().ok_or(Sm2Error::Random)
    }

    /// Steps A5 to A7.
    fn sign_with(&self, e: &Digest, x1: &[u8; 32], k: &Scalar) -> Result<Signature, Sm2Error> {
        // A5: r = (e + x1) mod n; none if r = 0 or r + k = n
        let r = reduced(e) + modulo_n(&(*x1).into());
        let r_and_k = Zeroizing::new(r + k);
        if bool::from(r.is_zero() | r_and_k.is_zero()) {
            return Err(Sm2Error::Random);
        }
        // A6: s = (1 + dA)⁻¹·(k − r·dA) = (1 + dA)⁻¹·(k + r) − r; none if s = 0, which the signature's type refuses
        let s = self.secret.inverse * *r_and_k - r;
        sm2::dsa::Signature::from_scalars(r, s).map(Signature).map_err(|_| Sm2Error::Random)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("public", &self.public).finish_non_exhaustive()
    }
}
