//! Why a seal cannot be made, opened or applied.

use std::path::PathBuf;

use super::signer::SignError;
use crate::crypto::sm2::Sm2Error;
use crate::crypto::x509::X509Error;
use crate::{ofd, pdf};

/// Why a seal cannot be made, opened or applied.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// A file of the seal cannot be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file that would be overwritten.
    #[error("{}: there is a file already; a seal is never overwritten", .0.display())]
    Exists(PathBuf),
    /// A file larger than a seal's parts ever are.
    #[error("{}: larger than {limit} bytes", path.display())]
    TooLarge {
        /// Which file.
        path: PathBuf,
        /// The limit.
        limit: u64,
    },
    /// The seal's data are not what GB/T 38540 or GM/T 0031 describes.
    #[error("not a seal: {0}")]
    NotASeal(String),
    /// DER that cannot be read or written.
    #[error("DER: {0}")]
    Der(#[from] der::Error),
    /// A certificate that cannot be used.
    #[error(transparent)]
    Certificate(#[from] X509Error),
    /// A key that cannot be used.
    #[error(transparent)]
    Key(#[from] Sm2Error),
    /// The key's file does not open.
    #[error("{}: {source}", path.display())]
    KeyFile {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: Sm2Error,
    },
    /// The seal was changed after its maker signed it, or was never signed.
    #[error("the maker's signature over the seal does not hold: get the seal anew from its maker: {0}")]
    NotSignedByMaker(String),
    /// The maker signed with another algorithm than SM2 with SM3, so that nobody here can tell whether the seal is genuine.
    #[error("the maker's signature over the seal is not one of SM2 with SM3 and cannot be checked: {0}")]
    MakerNotSm2(String),
    /// The signer's certificate is not in the seal's list.
    #[error("the seal does not allow this signer: {0}")]
    SignerNotListed(String),
    /// The seal or the certificate of its signer is not valid at the time of sealing.
    #[error("the {what} is valid from {from} to {to}, not at the time of sealing: {at}")]
    NotValidAt {
        /// `seal` or `signer's certificate`.
        what: &'static str,
        /// First moment.
        from: String,
        /// Last moment.
        to: String,
        /// The time of sealing.
        at: String,
    },
    /// The signer gave no signature.
    #[error(transparent)]
    Signer(#[from] SignError),
    /// The signer gave something else than a signature of its certificate's key over what was asked.
    #[error("the signer returned a wrong signature (check its key slot, user identity and byte order): {0}")]
    WrongSignature(String),
    /// GM/T 0031-2014 knows no timestamps.
    #[error("the seal is of GM/T 0031-2014, whose signatures have no place for a timestamp: {0}")]
    NoPlaceForTimestamp(String),
    /// The authority gave something else than a timestamp over what was asked.
    #[error("the timestamp authority returned a wrong timestamp")]
    WrongTimestamp,
    /// The picture cannot be drawn or read.
    #[error("the seal's picture: {0}")]
    Artwork(String),
    /// The OFD cannot be written.
    #[error("OFD: {0}")]
    Ofd(#[from] ofd::WriteError),
    /// The PDF cannot be written.
    #[error("PDF: {0}")]
    Pdf(#[from] pdf::PdfError),
}
