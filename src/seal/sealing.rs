//! The act of sealing: digests out, one call to each signer, signatures in.
//!
//! In: unsealed documents, and the seals in the order of their roles. Out: sealed documents, or why one could not be sealed. Standard: GB/T 38540-2020 for OFD, RFC 5652,
//! GB/T 35275 or GB/T 38540 for PDF.
//! Invariant: a signature is placed only after it was verified with the certificate's key over the digest that was asked for, and a
//! later one covers the earlier ones.

use der::asn1::Any;
use der::{DateTime, Encode as _, Tag};

use super::cms::SignedAttributes;
use super::options::PdfProfile;
use super::sealer::Inner;
use super::ses::ToSign;
use super::signatures::{ATTEMPTS, miscounted};
use super::signer::SignError;
use super::timestamp::{self, TimestampSource};
use super::{SealError, SealOptions, Sealer, moment};
use crate::crypto::sm2::Signature;
use crate::crypto::sm3::{self, Digest, Wanted};
use crate::page::Timestamp;
use crate::{ofd, pdf};

/// The propertyInfo of a PDF's SES_Signature: what the hash was made of, as OFD names the hashed file.
const PDF_PROPERTY: &str = "/ByteRange";

/// What is to be sealed: an OFD, a PDF, or both.
#[derive(Debug, Default)]
pub struct Unsealed {
    /// The OFD.
    pub ofd: Option<ofd::Unsealed>,
    /// The PDF.
    pub pdf: Option<pdf::Unsealed>,
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
        self.inner.signatures(&[*e], options.nonce).pop().ok_or_else(miscounted)?
    }
}

/// Seals one document, an OFD, a PDF, or both: [`seal_all_in_turn`] of it alone.
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
    let mut sealed = seal_all_in_turn(first, further, vec![Unsealed { ofd, pdf }], options);
    sealed.pop().ok_or_else(miscounted)?
}

/// Seals each document with the seal of the first role, then with those of the `further` roles. For each seal, the digests of all
/// documents are made side by side, and its signer is called once for all. The first seal vouches for a document whether it shows or
/// not; a further one signs where the document keeps a place for it. The answers stand in the order of the documents, and what hinders
/// one of them, as told at [`seal_in_turn`], hinders no other.
pub fn seal_all_in_turn(
    first: &Sealer,
    further: &[Sealer],
    documents: Vec<Unsealed>,
    options: &SealOptions,
) -> Vec<Result<Sealed, SealError>> {
    let mut sheets: Vec<Result<Sheet, SealError>> = documents.into_iter().map(Sheet::open).collect();
    for (role, sealer) in (0..).zip([first].into_iter().chain(further)) {
        Act { sealer: &sealer.inner, timestamps: sealer.timestamps.as_deref(), role, options }
            .seal(&mut sheets);
    }
    sheets.into_iter().map(|sheet| sheet?.close()).collect()
}

/// A document between two seals.
#[derive(Default)]
struct Sheet {
    ofd: Option<ofd::Signed>,
    pdf: Option<Pdf>,
}

enum Pdf {
    Unsealed(pdf::Unsealed),
    Signed(pdf::Signed),
}

impl Sheet {
    fn open(Unsealed { ofd, pdf }: Unsealed) -> Result<Sheet, SealError> {
        Ok(Sheet { ofd: ofd.map(ofd::Unsealed::open).transpose()?, pdf: pdf.map(Pdf::Unsealed) })
    }

    fn awaits(&self, role: u16) -> bool {
        let in_pdf = match &self.pdf {
            Some(Pdf::Signed(pdf)) => pdf.awaits(role),
            Some(Pdf::Unsealed(_)) | None => false,
        };
        role == 0 || in_pdf || self.ofd.as_ref().is_some_and(|ofd| ofd.awaits(role))
    }

    fn close(self) -> Result<Sealed, SealError> {
        let pdf = self.pdf.map(|pdf| match pdf {
            Pdf::Unsealed(pdf) => pdf.into_bytes(),
            Pdf::Signed(pdf) => pdf.into_bytes(),
        });
        Ok(Sealed { ofd: self.ofd.map(ofd::Signed::into_bytes).transpose()?, pdf })
    }
}

/// One seal, set upon documents at one time.
#[derive(Clone, Copy)]
struct Act<'a> {
    sealer: &'a Inner,
    timestamps: Option<&'a dyn TimestampSource>,
    role: u16,
    options: &'a SealOptions,
}

/// A document whose PDF, then whose OFD, waits for its digest.
struct Pressed {
    ofd: Option<ofd::Signed>,
    pdf: Option<pdf::Digested>,
}

/// A document with what is signed for it.
struct Signing {
    ofd: Option<(ofd::Digested, ToSign)>,
    pdf: Option<(pdf::Digested, PdfSigned)>,
    /// One or two, in this order.
    digests: Vec<Digest>,
}

/// What a PDF's signature is over.
enum PdfSigned {
    Cms(SignedAttributes),
    Ses(ToSign),
}

/// A signature's value in DER, with its timestamp.
type Stamped = (Vec<u8>, Option<Vec<u8>>);

impl Act<'_> {
    /// Seals those that wait for this seal, step by step all together. Who fails in a step stands aside in the next.
    fn seal(&self, sheets: &mut [Result<Sheet, SealError>]) {
        let mut waiting: Vec<&mut Result<Sheet, SealError>> = Vec::new();
        let mut pressed = Vec::new();
        for sheet in sheets.iter_mut().filter(|sheet| sheet.as_ref().is_ok_and(|s| s.awaits(self.role))) {
            pressed.push(std::mem::replace(sheet, Ok(Sheet::default())).and_then(|sheet| self.press(sheet)));
            waiting.push(sheet);
        }
        sm3::fill(pressed.iter().flatten().flat_map(Pressed::wanted));
        let digested = pressed.into_iter().map(|pressed| pressed?.digest(self)).collect::<Vec<_>>();
        sm3::fill(digested.iter().flatten().filter_map(|(ofd, _)| Some(ofd.as_ref()?.wanted())));
        let signing: Vec<Result<Signing, SealError>> = digested
            .into_iter()
            .map(|digested| digested.and_then(|(ofd, pdf)| self.signing(ofd, pdf)))
            .collect();
        let digests: Vec<Digest> = signing.iter().flatten().flat_map(|s| s.digests.iter().copied()).collect();
        let mut values = self.stamp(self.sealer.signatures(&digests, self.options.nonce)).into_iter();
        for (sheet, signing) in waiting.into_iter().zip(signing) {
            *sheet = signing.and_then(|signing| {
                // All of a document's are taken, so that the next finds its own.
                let values: Vec<_> = values.by_ref().take(signing.digests.len()).collect();
                self.finish(signing, values.into_iter().collect::<Result<_, _>>()?)
            });
        }
    }

    /// Writes what the PDF says of the signature. The OFD says it in a part, once the digests of the others are there.
    fn press(&self, Sheet { ofd, pdf }: Sheet) -> Result<Pressed, SealError> {
        self.sealer.check_validity(self.time()?)?;
        let in_ses = ofd.is_some() || pdf.is_some() && self.options.pdf_profile == PdfProfile::GmSeal;
        if self.timestamps.is_some() && in_ses && !self.sealer.ses.takes_timestamp() {
            return Err(SealError::NoPlaceForTimestamp(self.sealer.seal.name.clone()));
        }
        let pdf = pdf.map(|pdf| {
            let request = self.in_pdf()?;
            Ok::<_, SealError>(match pdf {
                Pdf::Unsealed(pdf) => pdf.digest(&request),
                Pdf::Signed(pdf) => pdf.digest(&request)?,
            })
        });
        Ok(Pressed { ofd, pdf: pdf.transpose()? })
    }

    fn time(&self) -> Result<DateTime, der::Error> {
        moment::to_der(self.options.time)
    }

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

    /// e for each of a document's signatures.
    fn signing(&self, ofd: Option<ofd::Digested>, pdf: Option<pdf::Digested>) -> Result<Signing, SealError> {
        let Inner { ses, cms, .. } = self.sealer;
        let mut digests = Vec::with_capacity(2);
        let ofd = ofd.map(|ofd| {
            let to_sign = ses.to_sign(self.time()?, &ofd.data_hash(), &ofd.property_info())?;
            digests.push(ses.digest(&to_sign));
            Ok::<_, SealError>((ofd, to_sign))
        });
        let ofd = ofd.transpose()?;
        let pdf = pdf.map(|pdf| {
            let signed = self.signed_in_pdf(&pdf.data_hash())?;
            digests.push(match &signed {
                PdfSigned::Cms(attributes) => cms.digest(attributes)?,
                PdfSigned::Ses(to_sign) => ses.digest(to_sign),
            });
            Ok::<_, SealError>((pdf, signed))
        });
        Ok(Signing { ofd, pdf: pdf.transpose()?, digests })
    }

    /// Places the values, one for each digest.
    fn finish(&self, Signing { ofd, pdf, .. }: Signing, values: Vec<Stamped>) -> Result<Sheet, SealError> {
        let mut values = values.iter().map(|(value, token)| (value, token.as_deref()));
        let mut next = || values.next().ok_or_else(miscounted);
        let ofd = ofd.map(|(ofd, to_sign)| {
            let (value, token) = next()?;
            Ok::<_, SealError>(ofd.finish(&self.sealer.ses.finish(&to_sign, value, token)?))
        });
        let ofd = ofd.transpose()?;
        let pdf = pdf.map(|(pdf, signed)| {
            let (value, token) = next()?;
            Ok::<_, SealError>(Pdf::Signed(pdf.finish(&self.contents(signed, value, token)?)?))
        });
        Ok(Sheet { ofd, pdf: pdf.transpose()? })
    }

    /// Each signature's value, with a checked timestamp if there is somebody to ask for them.
    fn stamp(&self, signatures: Vec<Result<Signature, SealError>>) -> Vec<Result<Stamped, SealError>> {
        let values = signatures.into_iter().map(|signature| signature.map(|s| s.to_der()));
        let Some(source) = self.timestamps else {
            return values.map(|value| Ok((value?, None))).collect();
        };
        let values: Vec<Result<Vec<u8>, SealError>> = values.collect();
        let imprints: Vec<Digest> = values.iter().flatten().map(|value| sm3::digest(value)).collect();
        let mut answers = source.stamp(&imprints, self.options);
        for _ in 1..ATTEMPTS {
            if !answers.iter().any(|answer| matches!(answer, Err(SignError::Retryable(_)))) {
                break;
            }
            answers = source.stamp(&imprints, self.options);
        }
        let is_complete = answers.len() == imprints.len();
        let mut answers = answers.into_iter().filter(|_| is_complete);
        let stamped = values.into_iter().map(|value| {
            let value = value?;
            let token = answers.next().ok_or_else(miscounted)??;
            let is_good = token.len() <= source.max_len() && timestamp::is_over(&token, &value);
            if is_good { Ok((value, Some(token))) } else { Err(SealError::WrongTimestamp) }
        });
        stamped.collect()
    }

    /// What the signature of a PDF with `data_hash` is over.
    fn signed_in_pdf(&self, data_hash: &Digest) -> Result<PdfSigned, SealError> {
        let (Inner { ses, cms, .. }, profile) = (self.sealer, self.options.pdf_profile);
        Ok(match profile {
            PdfProfile::Cms | PdfProfile::Cades | PdfProfile::GmCms => {
                PdfSigned::Cms(cms.attributes(profile, self.time()?, data_hash)?)
            }
            PdfProfile::GmSeal => PdfSigned::Ses(ses.to_sign(self.time()?, data_hash, PDF_PROPERTY)?),
        })
    }

    /// The room that /Contents needs: nothing in it varies in length but the signature and its timestamp.
    fn contents_len(&self) -> Result<usize, SealError> {
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

impl Pressed {
    fn wanted(&self) -> impl Iterator<Item = Wanted<'_>> {
        let in_ofd = self.ofd.iter().flat_map(ofd::Signed::wanted);
        in_ofd.chain(self.pdf.as_ref().map(pdf::Digested::wanted))
    }

    fn digest(self, act: &Act<'_>) -> Result<(Option<ofd::Digested>, Option<pdf::Digested>), SealError> {
        Ok((self.ofd.map(|ofd| ofd.digest(&act.in_ofd())).transpose()?, self.pdf))
    }
}
