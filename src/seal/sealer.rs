//! The act of sealing: digests out, one call to the signer, signatures in.
//!
//! In: unsealed documents. Out: sealed ones. Standard: GB/T 38540-2020 for OFD, RFC 5652, GB/T 35275 or GB/T 38540 for PDF.
//! Invariant: nobody seals with a seal that its maker did not sign, and a signature is placed only after it was verified with the
//! certificate's key over the digest that was asked for.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use der::DateTime;

use super::cms::{CmsSigner, SignedAttributes};
use super::options::PdfProfile;
use super::ses::{Seal, SesSigner, ToSign};
use super::signer::{LocalSigner, SealSigner, SignError};
use super::store::{self, SealFolder};
use super::{SealError, SealOptions, demo, moment};
use crate::crypto::sm2::{FastVerifyingKey, Nonce, Signature};
use crate::crypto::sm3::Digest;
use crate::crypto::x509::Certificate;
use crate::geom::{Rect, Size};
use crate::page::{SealArtwork, Timestamp};
use crate::{ofd, pdf};

/// How often a digest is offered to a signer that answers [`SignError::Retryable`].
const ATTEMPTS: usize = 3;

/// The propertyInfo of a PDF's SES_Signature: what the hash was made of, as OFD names the hashed file.
const PDF_PROPERTY: &str = "/ByteRange";

/// A seal with its signer, ready to seal any number of documents from any number of threads. Clones share everything.
#[derive(Clone)]
pub struct Sealer {
    inner: Arc<Inner>,
}

struct Inner {
    seal: Seal,
    artwork: SealArtwork,
    signer: Box<dyn SealSigner>,
    certificate: Certificate,
    key: FastVerifyingKey,
    ses: SesSigner,
    cms: CmsSigner,
    provider: ofd::Provider,
}

/// What was sealed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sealed {
    /// The OFD, if one was given.
    pub ofd: Option<Vec<u8>>,
    /// The PDF, if one was given.
    pub pdf: Option<Vec<u8>>,
}

impl Sealer {
    /// The demonstration seal: needs no file, says 测试, and signs with a key that everyone knows.
    pub fn demo() -> Result<Sealer, SealError> {
        Sealer::from_folder(demo::folder()?)
    }

    /// Opens a seal's folder as [`create`](super::create) writes it.
    pub fn open(dir: &Path, password: &str) -> Result<Sealer, SealError> {
        Sealer::from_folder(SealFolder::read(dir, password)?)
    }

    /// Joins a seal, DER SESeal that its maker signed, with a signer that it allows. `svg` gives the PDF outlines to show in place of
    /// the seal's own picture.
    pub fn new(seal_esl: &[u8], svg: Option<&str>, signer: Box<dyn SealSigner>) -> Result<Sealer, SealError> {
        let seal = Seal::parse(seal_esl)?;
        let artwork = store::artwork_of(&seal, svg)?;
        Sealer::join(seal, artwork, signer)
    }

    fn from_folder(folder: SealFolder) -> Result<Sealer, SealError> {
        let signer = LocalSigner::new(folder.key, folder.signer, vec![folder.root])?;
        Sealer::join(Seal::parse(&folder.esl)?, folder.artwork, Box::new(signer))
    }

    fn join(seal: Seal, artwork: SealArtwork, signer: Box<dyn SealSigner>) -> Result<Sealer, SealError> {
        // Both standards know makers with SM2 keys alone; a seal whose maker cannot be checked is refused like a forged one.
        if !seal.is_sm2 {
            return Err(SealError::MakerNotSm2(seal.name));
        }
        if !seal.is_signed_by_maker() {
            return Err(SealError::NotSignedByMaker(seal.name));
        }
        let certificate = Certificate::parse(signer.certificate_der())?;
        if !seal.allows(&certificate.der) {
            return Err(SealError::SignerNotListed(certificate.subject));
        }
        let inner = Inner {
            key: FastVerifyingKey::new(&certificate.public_key),
            ses: SesSigner::new(&seal, &certificate.der, &certificate.public_key),
            cms: CmsSigner::new(&certificate, signer.chain_der())?,
            provider: ofd::Provider {
                name: env!("CARGO_PKG_NAME").into(),
                version: env!("CARGO_PKG_VERSION").into(),
                company: String::new(),
            },
            seal,
            artwork,
            signer,
            certificate,
        };
        Ok(Sealer { inner: Arc::new(inner) })
    }

    /// The seal's picture.
    pub fn artwork(&self) -> &SealArtwork {
        &self.inner.artwork
    }

    /// The seal's data.
    pub fn data(&self) -> &Seal {
        &self.inner.seal
    }

    /// The signer's certificate.
    pub fn certificate(&self) -> &Certificate {
        &self.inner.certificate
    }

    /// Whether it may seal at `time`: then its validity and that of its signer's certificate have begun and not ended.
    ///
    /// # Errors
    /// One of the two has not, or has.
    pub fn check_validity(&self, time: Timestamp) -> Result<(), SealError> {
        self.inner.check_validity(moment::to_der(time)?)
    }

    /// Seals an OFD, a PDF, or both, with one call to the signer. The seal shows in its true size, in the middle
    /// of each place that the documents keep for it.
    ///
    /// # Errors
    /// The seal or the certificate is not valid at `options.time`; the signer gave no signature or a wrong one; a document cannot be
    /// written. Nothing is written then.
    pub fn seal(
        &self,
        ofd: Option<ofd::Unsealed>,
        pdf: Option<pdf::Unsealed>,
        options: &SealOptions,
    ) -> Result<Sealed, SealError> {
        let time = moment::to_der(options.time)?;
        self.inner.check_validity(time)?;
        let ofd = ofd.map(|ofd| self.inner.digest_ofd(ofd, time, options)).transpose()?;
        let pdf = pdf.map(|pdf| self.inner.digest_pdf(pdf, time, options)).transpose()?;

        let digests: Vec<Digest> = ofd.iter().map(|o| o.e).chain(pdf.iter().map(|p| p.e)).collect();
        let mut signatures = self.inner.sign(&digests, options.nonce)?.into_iter();

        let mut sealed = Sealed::default();
        if let Some(pending) = ofd {
            let signature = signatures.next().ok_or_else(miscounted)?;
            sealed.ofd = Some(self.inner.finish_ofd(pending, &signature)?);
        }
        if let Some(pending) = pdf {
            let signature = signatures.next().ok_or_else(miscounted)?;
            sealed.pdf = Some(self.inner.finish_pdf(pending, &signature)?);
        }
        Ok(sealed)
    }

    /// The signature of the seal's key over e = SM3(ZA ‖ M), for what certificates say about themselves beside their seals.
    ///
    /// # Errors
    /// The seal or the certificate is not valid at `options.time`; the signer gave no signature or a wrong one.
    pub fn sign_digest(&self, e: &Digest, options: &SealOptions) -> Result<Signature, SealError> {
        self.inner.check_validity(moment::to_der(options.time)?)?;
        self.inner.sign(&[*e], options.nonce)?.pop().ok_or_else(miscounted)
    }
}

/// An OFD whose signature is on its way.
struct PendingOfd {
    digested: ofd::Digested,
    to_sign: ToSign,
    e: Digest,
}

/// A PDF whose signature is on its way.
struct PendingPdf {
    digested: pdf::Digested,
    signed: PdfSigned,
    e: Digest,
}

/// What a PDF's signature is over.
enum PdfSigned {
    Cms(SignedAttributes),
    Ses(ToSign),
}

impl Inner {
    fn check_validity(&self, time: DateTime) -> Result<(), SealError> {
        let (seal, certificate) = (&self.seal, &self.certificate);
        let spans = [
            ("seal", seal.valid_from, seal.valid_to),
            ("signer's certificate", certificate.not_before, certificate.not_after),
        ];
        match spans.into_iter().find(|&(_, from, to)| time < from || to < time) {
            None => Ok(()),
            Some((what, from, to)) => Err(SealError::NotValidAt {
                what,
                from: from.to_string(),
                to: to.to_string(),
                at: time.to_string(),
            }),
        }
    }

    fn digest_ofd(
        &self,
        ofd: ofd::Unsealed,
        time: DateTime,
        options: &SealOptions,
    ) -> Result<PendingOfd, SealError> {
        let request = ofd::SignatureRequest {
            provider: &self.provider,
            time: options.time,
            stamps: ofd.stamps().iter().map(|s| ofd::Stamp { rect: self.true_size(s.rect), ..*s }).collect(),
            // The signed value holds the seal already; a second copy would only cost its bytes.
            seal_esl: None,
        };
        let digested = ofd.digest(&request)?;
        let to_sign = self.ses.to_sign(time, &digested.data_hash(), digested.property_info())?;
        let e = self.ses.digest(&to_sign);
        Ok(PendingOfd { digested, to_sign, e })
    }

    fn digest_pdf(
        &self,
        pdf: pdf::Unsealed,
        time: DateTime,
        options: &SealOptions,
    ) -> Result<PendingPdf, SealError> {
        let profile = options.pdf_profile;
        let request = pdf::SignatureRequest {
            sub_filter: profile.sub_filter(),
            signer_name: self.certificate.common_name.clone(),
            time: options.time,
            contents_len: self.contents_len(profile, time)?,
            stamps: pdf.stamps().iter().map(|s| pdf::Stamp { rect: self.true_size(s.rect), ..*s }).collect(),
        };
        let digested = pdf.digest(&request)?;
        let signed = self.signed_in_pdf(profile, time, &digested.data_hash())?;
        let e = match &signed {
            PdfSigned::Cms(attributes) => self.cms.digest(attributes)?,
            PdfSigned::Ses(to_sign) => self.ses.digest(to_sign),
        };
        Ok(PendingPdf { digested, signed, e })
    }

    /// The seal as large as it is, in the middle of the place that the layout keeps for it: a seal has one size.
    fn true_size(&self, place: Rect) -> Rect {
        let Size { width, height } = self.artwork.size;
        let corner = place.origin().shift((place.width - width) / 2, (place.height - height) / 2);
        Rect::new(corner.x, corner.y, width, height)
    }

    /// What the signature of a PDF with `data_hash` is over.
    fn signed_in_pdf(
        &self,
        profile: PdfProfile,
        time: DateTime,
        data_hash: &Digest,
    ) -> Result<PdfSigned, der::Error> {
        Ok(match profile {
            PdfProfile::Cms | PdfProfile::Cades | PdfProfile::GmCms => {
                PdfSigned::Cms(self.cms.attributes(profile, time, data_hash)?)
            }
            PdfProfile::GmSeal => PdfSigned::Ses(self.ses.to_sign(time, data_hash, PDF_PROPERTY)?),
        })
    }

    /// The room that /Contents needs: nothing in it varies in length but the signature.
    fn contents_len(&self, profile: PdfProfile, time: DateTime) -> Result<usize, der::Error> {
        let signed = self.signed_in_pdf(profile, time, &[0; 32])?;
        Ok(self.contents(signed, &[0; Signature::MAX_DER_LEN])?.len())
    }

    fn contents(&self, signed: PdfSigned, signature: &[u8]) -> Result<Vec<u8>, der::Error> {
        match signed {
            PdfSigned::Cms(attributes) => self.cms.finish(attributes, signature),
            PdfSigned::Ses(to_sign) => self.ses.finish(&to_sign, signature),
        }
    }

    fn finish_ofd(&self, pending: PendingOfd, signature: &Signature) -> Result<Vec<u8>, SealError> {
        let value = self.ses.finish(&pending.to_sign, &signature.to_der())?;
        Ok(pending.digested.finish(&value)?)
    }

    fn finish_pdf(&self, pending: PendingPdf, signature: &Signature) -> Result<Vec<u8>, SealError> {
        let contents = self.contents(pending.signed, &signature.to_der())?;
        Ok(pending.digested.finish(&contents)?)
    }

    /// One checked signature for each digest.
    fn sign(&self, digests: &[Digest], nonce: Nonce) -> Result<Vec<Signature>, SealError> {
        let batch = self.signer.limits().batch.max(1);
        let mut signatures = Vec::with_capacity(digests.len());
        for chunk in digests.chunks(batch) {
            let answers = self.signer.sign_digests(chunk, nonce);
            if answers.len() != chunk.len() {
                return Err(miscounted());
            }
            for (e, mut answer) in chunk.iter().zip(answers) {
                for _ in 1..ATTEMPTS {
                    if !matches!(answer, Err(SignError::Retryable(_))) {
                        break;
                    }
                    answer = self.signer.sign_digests(&[*e], nonce).pop().unwrap_or(answer);
                }
                let signature = Signature::from_raw(&answer?.0).ok();
                let valid = signature.filter(|s| self.key.verify_digest(e, s));
                signatures
                    .push(valid.ok_or_else(|| SealError::WrongSignature(self.certificate.subject.clone()))?);
            }
        }
        Ok(signatures)
    }
}

fn miscounted() -> SealError {
    SignError::Fatal(
        "as many signatures were asked for as there are digests, and other than that came back".into(),
    )
    .into()
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealer")
            .field("seal", &self.inner.seal.name)
            .field("signer", &self.inner.certificate.subject)
            .finish_non_exhaustive()
    }
}
