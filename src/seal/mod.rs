//! Seals (印章) and sealing: GB/T 38540-2020, GB/T 35275, RFC 5652.
//!
//! In: unsealed OFD and PDF documents, a seal and its signer. Out: sealed documents. Invariant: the key is used through
//! [`SealSigner`] alone, and no signature leaves this module unchecked.

mod error;
mod new;
mod options;
mod sealer;
mod signer;

pub use error::SealError;
pub use new::{NewSeal, SesVersion, TestMark, create};
pub use options::{PdfProfile, SealOptions};
pub use sealer::{Sealed, Sealer};
pub use signer::{Limits, LocalSigner, RawSignature, SealSigner, SignError};

pub use crate::crypto::sm2::Nonce;
