//! The act of sealing: digests out, one call to each signer, signatures in.
//!
//! In: unsealed documents, and the seals in the order of their roles. Out: sealed documents. Standard: GB/T 38540-2020 for OFD, RFC 5652,
//! GB/T 35275 or GB/T 38540 for PDF.
//! Invariant: a signature is placed only after it was verified with the certificate's key over the digest that was asked for, and a
//! later one covers the earlier ones.

use der::asn1::Any;
use der::{DateTime, Encode as _, Tag};

use super::cms::SignedAttributes;
use super::options::PdfProfile;
use super::sealer::Inner;
use super::ses::ToSign;
use super::signer::SignError;
use super::timestamp::{self, TimestampSource};
use super::{SealError, SealOptions, Sealer, moment};
use crate::crypto::sm2::{Nonce, Signature};
use crate::crypto::sm3::{self, Digest};
use crate::page::Timestamp;
use crate::{ofd, pdf};

/// How often a digest is offered to a signer that answers [`SignError::Retryable`].
const ATTEMPTS: usize = 3;

/// The propertyInfo of a PDF's SES_Signature: what the hash was made of, as OFD names the hashed file.
const PDF_PROPERTY: &str = "/ByteRange";

/// What was sealed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sealed {
    /// The OFD, if one was given.
    pub ofd: Option<Vec<u8>>,
    /// The PDF, if one was given.
    pub pdf: Option<Vec<u8>>,
}

impl Sealer {
    /// Whether it may seal at `time`: then its validity and that of its signer's certificate have begun and not ended.
    ///
    /// # Errors
    /// One of the two has not, or has.
    pub fn check_validity(&self, time: Timestamp) -> Result<(), SealError> {
        self.inner.check_validity(moment::to_der(time)?)
    }

    /// Seals an OFD, a PDF, or both, with one call to the signer: the seal of the first role, alone.
    ///
    /// # Errors
    /// As [`seal_in_turn`].
    pub fn seal(
        &self,
        ofd: Option<ofd::Unsealed>,
        pdf: Option<pdf::Unsealed>,
        options: &SealOptions,
    ) -> Result<Sealed, SealError> {
        seal_in_turn(self, &[], ofd, pdf, options)
    }

    /// The signature of the seal's key over e = SM3(ZA ‖ M), for what certificates say about themselves beside their seals.
    ///
    /// # Errors
    /// The seal or the certificate is not valid at `options.time`; the signer gave no signature or a wrong one.
    pub fn sign_digest(&self, e: &Digest, options: &SealOptions) -> Result<Signature, SealError> {
        self.inner.check_validity(moment::to_der(options.time)?)?;
        self.inner.signatures(&[*e], options.nonce)?.pop().ok_or_else(miscounted)
    }
}

/// Seals an OFD, a PDF, or both, with the seal of the first role, then with those of the `further` roles, each with one call to its
/// signer. The first seal vouches for the document whether it shows or not; a further one signs where the document keeps a place for it.
///
/// # Errors
/// A seal or a certificate is not valid at `options.time`; a signer gave no signature or a wrong one; a document cannot be
/// written. Nothing is written then.
pub fn seal_in_turn(
    first: &Sealer,
    further: &[Sealer],
    ofd: Option<ofd::Unsealed>,
    pdf: Option<pdf::Unsealed>,
    options: &SealOptions,
) -> Result<Sealed, SealError> {
    let time = moment::to_der(options.time)?;
    let act = Act { sealer: &first.inner, timestamps: first.timestamps.as_deref(), role: 0, time, options };
    let ofd = ofd.map(|ofd| ofd.digest(&act.in_ofd())).transpose()?;
    let pdf = pdf.map(|pdf| Ok::<_, SealError>(pdf.digest(&act.in_pdf()?))).transpose()?;
    let (mut ofd, mut pdf) = act.sign(ofd, pdf)?;
    for (role, sealer) in (1..).zip(further) {
        let in_ofd = ofd.as_ref().is_some_and(|ofd| ofd.awaits(role));
        if in_ofd || pdf.as_ref().is_some_and(|pdf| pdf.awaits(role)) {
            let act = Act { sealer: &sealer.inner, timestamps: sealer.timestamps.as_deref(), role, ..act };
            let further_ofd = ofd.map(|ofd| ofd.digest(&act.in_ofd())).transpose()?;
            let further_pdf = pdf.map(|pdf| Ok::<_, SealError>(pdf.digest(&act.in_pdf()?)?)).transpose()?;
            (ofd, pdf) = act.sign(further_ofd, further_pdf)?;
        }
    }
    let ofd = ofd.map(ofd::Signed::into_bytes).transpose()?;
    Ok(Sealed { ofd, pdf: pdf.map(pdf::Signed::into_bytes) })
}

/// One seal, set upon one document at one time.
#[derive(Clone, Copy)]
struct Act<'a> {
    sealer: &'a Inner,
    timestamps: Option<&'a dyn TimestampSource>,
    role: u16,
    time: DateTime,
    options: &'a SealOptions,
}

/// What a PDF's signature is over.
enum PdfSigned {
    Cms(SignedAttributes),
    Ses(ToSign),
}

impl Act<'_> {
    fn in_ofd(&self) -> ofd::SignatureRequest<'_> {
        ofd::SignatureRequest {
            role: self.role,
            provider: &self.sealer.provider,
            time: self.options.time,
            // The signed value holds the seal already; a second copy would only cost its bytes.
            seal_esl: None,
        }
    }

    fn in_pdf(&self) -> Result<pdf::SignatureRequest, SealError> {
        Ok(pdf::SignatureRequest {
            role: self.role,
            sub_filter: self.options.pdf_profile.sub_filter(),
            signer_name: self.sealer.certificate.common_name.clone(),
            time: self.options.time,
            contents_len: self.contents_len()?,
        })
    }

    /// Has both signed with one call to the signer.
    fn sign(
        &self,
        ofd: Option<ofd::Digested>,
        pdf: Option<pdf::Digested>,
    ) -> Result<(Option<ofd::Signed>, Option<pdf::Signed>), SealError> {
        let Inner { ses, cms, .. } = self.sealer;
        self.sealer.check_validity(self.time)?;
        let in_ses = ofd.is_some() || pdf.is_some() && self.options.pdf_profile == PdfProfile::GmSeal;
        if self.timestamps.is_some() && in_ses && !ses.takes_timestamp() {
            return Err(SealError::NoPlaceForTimestamp(self.sealer.seal.name.clone()));
        }
        let mut digests = Vec::with_capacity(2);
        let ofd = ofd
            .map(|ofd| {
                let to_sign = ses.to_sign(self.time, &ofd.data_hash(), ofd.property_info())?;
                digests.push(ses.digest(&to_sign));
                Ok::<_, SealError>((ofd, to_sign))
            })
            .transpose()?;
        let pdf = pdf
            .map(|pdf| {
                let signed = self.signed_in_pdf(&pdf.data_hash())?;
                digests.push(match &signed {
                    PdfSigned::Cms(attributes) => cms.digest(attributes)?,
                    PdfSigned::Ses(to_sign) => ses.digest(to_sign),
                });
                Ok::<_, SealError>((pdf, signed))
            })
            .transpose()?;

        let signatures = self.sealer.signatures(&digests, self.options.nonce)?;
        let values: Vec<Vec<u8>> = signatures.iter().map(Signature::to_der).collect();
        let tokens = self.stamp(&values)?;
        let mut stamped = values.iter().zip(tokens.iter().map(Option::as_deref));
        let mut next = || stamped.next().ok_or_else(miscounted);
        let ofd = ofd
            .map(|(ofd, to_sign)| {
                let (value, token) = next()?;
                Ok::<_, SealError>(ofd.finish(&ses.finish(&to_sign, value, token)?))
            })
            .transpose()?;
        let pdf = pdf
            .map(|(pdf, signed)| {
                let (value, token) = next()?;
                Ok::<_, SealError>(pdf.finish(&self.contents(signed, value, token)?)?)
            })
            .transpose()?;
        Ok((ofd, pdf))
    }

    /// A checked timestamp for each signature's value, if there is somebody to ask for them.
    fn stamp(&self, values: &[Vec<u8>]) -> Result<Vec<Option<Vec<u8>>>, SealError> {
        let Some(source) = self.timestamps else { return Ok(vec![None; values.len()]) };
        let imprints: Vec<Digest> = values.iter().map(|value| sm3::digest(value)).collect();
        let mut answers = source.stamp(&imprints, self.options);
        for _ in 1..ATTEMPTS {
            if !answers.iter().any(|answer| matches!(answer, Err(SignError::Retryable(_)))) {
                break;
            }
            answers = source.stamp(&imprints, self.options);
        }
        if answers.len() != values.len() {
            return Err(miscounted());
        }
        let checked = values.iter().zip(answers).map(|(value, answer)| {
            let token = answer?;
            let is_good = token.len() <= source.max_len() && timestamp::is_over(&token, value);
            if is_good { Ok(Some(token)) } else { Err(SealError::WrongTimestamp) }
        });
        checked.collect()
    }

    /// What the signature of a PDF with `data_hash` is over.
    fn signed_in_pdf(&self, data_hash: &Digest) -> Result<PdfSigned, der::Error> {
        let (Inner { ses, cms, .. }, profile) = (self.sealer, self.options.pdf_profile);
        Ok(match profile {
            PdfProfile::Cms | PdfProfile::Cades | PdfProfile::GmCms => {
                PdfSigned::Cms(cms.attributes(profile, self.time, data_hash)?)
            }
            PdfProfile::GmSeal => PdfSigned::Ses(ses.to_sign(self.time, data_hash, PDF_PROPERTY)?),
        })
    }

    /// The room that /Contents needs: nothing in it varies in length but the signature and its timestamp.
    fn contents_len(&self) -> Result<usize, der::Error> {
        let signed = self.signed_in_pdf(&[0; 32])?;
        // Any DER of the length will do in a token's stead.
        let room =
            |source: &dyn TimestampSource| Any::new(Tag::Sequence, vec![0; source.max_len()])?.to_der();
        let token = self.timestamps.map(room).transpose()?;
        Ok(self.contents(signed, &[0; Signature::MAX_DER_LEN], token.as_deref())?.len())
    }

    fn contents(
        &self,
        signed: PdfSigned,
        signature: &[u8],
        timestamp: Option<&[u8]>,
    ) -> Result<Vec<u8>, der::Error> {
        match signed {
            PdfSigned::Cms(attributes) => self.sealer.cms.finish(attributes, signature, timestamp),
            PdfSigned::Ses(to_sign) => self.sealer.ses.finish(&to_sign, signature, timestamp),
        }
    }
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

    /// One checked signature for each digest.
    fn signatures(&self, digests: &[Digest], nonce: Nonce) -> Result<Vec<Signature>, SealError> {
        let batch = self.signer.limits().batch.max(1);
        let wrong = || SealError::WrongSignature(self.certificate.subject.clone());
        let mut signed = Vec::with_capacity(digests.len());
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
                signed.push((*e, Signature::from_raw(&answer?.0).map_err(|_| wrong())?));
            }
        }
        let all_hold = self.key.verify_digests(&signed).into_iter().all(|holds| holds);
        if !all_hold {
            return Err(wrong());
        }
        Ok(signed.into_iter().map(|(_, signature)| signature).collect())
    }
}

fn miscounted() -> SealError {
    SignError::Fatal(
        "as many signatures were asked for as there are digests, and other than that came back".into(),
    )
    .into()
}
