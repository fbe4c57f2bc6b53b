//! Seals (印章) and sealing: GB/T 38540-2020, GM/T 0031-2014, GB/T 35275, RFC 5652.
//!
//! In: unsealed OFD and PDF documents, a seal and its signer. Out: sealed documents. Invariant: keys are used through
//! [`SealSigner`] alone, and no signature enters a document unchecked.
//!
//! [`Sealer`] is a seal with its signer: [`Sealer::demo`], [`Sealer::open`] a folder that [`create`] made, or [`Sealer::new`] with a
//! signer of your own. [`Seals`] are the sealers of a layout that keeps places for several. [`describe`] tells what a seal file says.

pub mod artwork;
mod cms;
mod demo;
mod describe;
mod error;
mod moment;
mod new;
mod options;
mod remote;
mod sealer;
mod sealing;
mod seals;
mod ses;
mod signatures;
mod signer;
mod store;
mod timestamp;

pub use artwork::{Design, TestMark};
pub use demo::{demo_root, write_demo};
pub use describe::{Description, HolderDescription, PictureDescription};
pub use describe::{describe, describe_seal};
pub use error::SealError;
pub use new::{NewSeal, create};
pub use options::{PdfProfile, SealOptions};
pub use remote::{RemoteSigner, Retry, Session, Transport};
pub use sealer::Sealer;
pub use sealing::{Sealed, Unsealed, seal_all_in_turn, seal_in_turn};
pub use seals::Seals;
pub use ses::{Picture, Seal, SealSignature, SesVersion, SignerList};
pub use signer::{Limits, LocalSigner, RawSignature, SealSigner, SignError};
pub(crate) use store::read_certificate;
pub use timestamp::{TestAuthority, TimestampSource};

pub use crate::crypto::sm2::Nonce;
