//! One signature of a PDF: its value, who signed, when, and whom that is to be believed.
//!
//! In: a signature dictionary, and the bytes that it covers. Out: a [`SignatureReport`]. RFC 5652; GB/T 35275; GB/T 38540; RFC 3161.
//! Invariant: digests are made of the file's bytes, signatures checked over the attributes as they were read.

use std::sync::Arc;

use der::DateTime;

use super::sub_filter::Encoding;
use super::{cms, digest, signing_time};
use crate::crypto::cms::{CmsCheck, SignedData};
use crate::crypto::hash::Hash;
use crate::crypto::public_key::KeyCheck;
use crate::crypto::sm2::VerifyingKey;
use crate::crypto::timestamp::{Proof, TimeStampToken};
use crate::crypto::trust::{Purpose, SigningTime};
use crate::crypto::x509::{Certificate, Holder};
use crate::pdf::read::Signature;
use crate::seal::SealSignature;
use crate::verify::finding::Findings;
use crate::verify::report::SignatureReport;
use crate::verify::times::Times;
use crate::verify::{Policy, rules, ses};

/// What a signature turned out to be.
pub(super) struct Judged {
    pub(super) report: SignatureReport,
    /// The signer's key, if it is of SM2.
    pub(super) key: Option<VerifyingKey>,
    /// The time that a document timestamp proves for all before it.
    pub(super) stamps: Option<DateTime>,
}

/// A signature to be judged.
pub(super) struct Subject<'s> {
    pub(super) signature: &'s Signature,
    pub(super) encoding: Option<Encoding>,
    /// The covered bytes, if they are what they must be.
    pub(super) content: Option<[&'s [u8]; 2]>,
    /// When it existed, as a later document timestamp proves.
    pub(super) stamped: Option<DateTime>,
}

/// Asks the rules about value, signer, trust and time.
pub(super) fn judge(subject: &Subject<'_>, policy: &Policy, mut findings: Findings) -> Judged {
    let signature = subject.signature;
    let place = format!("object {}", signature.id);
    let id = signature.fields.join(", ");
    let value = match (subject.encoding, subject.content) {
        (Some(encoding), Some(content)) => {
            cms::value(&place, signature, &mut findings).map(|value| (encoding, content, value))
        }
        _ => None,
    };
    let mut key = None;
    let mut stamps = None;
    let mut describe: Box<dyn FnOnce(&mut SignatureReport)> = Box::new(|_| {});
    if let Some((encoding, content, value)) = value {
        match encoding {
            Encoding::Cms => {
                if let Some((certificate, times)) =
                    signed(&place, subject, &content, value, policy, &mut findings)
                {
                    key = certificate.as_ref().and_then(|c| c.sm2_key().ok().cloned());
                    describe = Box::new(move |report| describe_plain(certificate.as_deref(), times, report));
                }
            }
            Encoding::TimeStamp => {
                if let Some((certificate, times)) =
                    stamp(&place, signature, &content, value, policy, &mut findings)
                {
                    stamps = times.proven;
                    describe = Box::new(move |report| describe_plain(certificate.as_deref(), times, report));
                }
            }
            Encoding::Seal => match SealSignature::parse(value) {
                Ok(seal) => {
                    let holds = seal.data_hash == policy.trust.digest(Hash::Sm3, &content);
                    digest::tell(&place, &holds.into(), &mut findings);
                    let judged = ses::judge(&seal, &place, policy, &mut findings);
                    signing_time::check(&place, signature, judged.times.claimed, &mut findings);
                    key = judged.signer.as_ref().and_then(|c| c.sm2_key().ok().cloned());
                    describe = Box::new(move |report| judged.describe(&seal, report));
                }
                Err(error) => findings.fails(&cms::RULE, &place, error.to_string(), "SES_Signature"),
            },
        }
    }
    let mut report = SignatureReport::new(&id, &place, signature.sub_filter.clone(), findings);
    report.is_timestamp = subject.encoding == Some(Encoding::TimeStamp);
    describe(&mut report);
    Judged { report, key, stamps }
}

fn describe_plain(certificate: Option<&Certificate>, times: Times, report: &mut SignatureReport) {
    report.signer = certificate.map(Holder::from);
    report.set_times(times);
}

/// A CMS over `content`.
fn signed(
    place: &str,
    subject: &Subject<'_>,
    content: &[&[u8]],
    value: &[u8],
    policy: &Policy,
    findings: &mut Findings,
) -> Option<(Option<Arc<Certificate>>, Times)> {
    let signature = subject.signature;
    let read = match SignedData::parse_knowing(value, &policy.trust) {
        Ok(read) => read,
        Err(error) => {
            findings.fails(&cms::RULE, place, error.to_string(), "SignedData");
            return None;
        }
    };
    let signer = cms::signer(place, signature, &read, findings)?;
    let (trust, beside) = (&policy.trust, &read.certificates);
    let check = signer.check(content, beside, trust);
    tell(place, signature, &check, findings);

    let inside = signer.signed.as_ref().and_then(|signed| signed.signing_time);
    let claimed = signing_time::check(place, signature, inside, findings);
    let token = signer.timestamp_tokens.first().map(Vec::as_slice);
    let proven = match subject.stamped {
        Some(at) if token.is_none() => {
            findings.holds(&rules::time_proof::RULE, place, format!("{at}, by a later document timestamp"));
            Some(at)
        }
        _ => rules::time_proof::check(place, token, &signer.signature, beside, trust, findings),
    };
    let times = Times { claimed, proven };
    rules::time_claim::check(place, claimed, proven, policy.now(), findings);
    if let Some(certificate) = &check.certificate {
        let chain = trust.chain(certificate, beside, times.signing_time(policy.now()), Purpose::Sealing);
        rules::trust_chain::check(place, &chain, findings);
        rules::trust_revocation::check(place, &chain, findings);
    }
    Some((check.certificate, times))
}

/// A document timestamp over `content` (ISO 32000-2, 12.8.5).
fn stamp(
    place: &str,
    signature: &Signature,
    content: &[&[u8]],
    value: &[u8],
    policy: &Policy,
    findings: &mut Findings,
) -> Option<(Option<Arc<Certificate>>, Times)> {
    let token = match TimeStampToken::parse(value) {
        Ok(token) => token,
        Err(error) => {
            findings.fails(&cms::RULE, place, error.to_string(), "TimeStampToken");
            return None;
        }
    };
    let check = token.check(content, &[], &policy.trust);
    let both = match &check.imprint {
        KeyCheck::Holds => check.signature.content.clone(),
        other => other.clone(),
    };
    tell(place, signature, &CmsCheck { content: both, ..check.signature.clone() }, findings);
    let times = match check.proof() {
        Proof::Proven(at) => {
            findings.holds(&rules::time_proof::RULE, place, at.to_string());
            Times { claimed: Some(token.gen_time), proven: Some(at) }
        }
        Proof::Broken(why) => {
            findings.fails(&rules::time_proof::RULE, place, why, "");
            Times { claimed: Some(token.gen_time), proven: None }
        }
        Proof::Unknown(why) => {
            findings.unknown(&rules::time_proof::RULE, place, why);
            Times { claimed: Some(token.gen_time), proven: None }
        }
    };
    rules::time_claim::check(place, times.claimed, times.proven, policy.now(), findings);
    if let Some(certificate) = &check.signature.certificate {
        let time = SigningTime::Proven(token.gen_time);
        let chain = policy.trust.chain(certificate, token.certificates(), time, Purpose::TimeStamping);
        rules::trust_chain::check(place, &chain, findings);
        rules::trust_revocation::check(place, &chain, findings);
    }
    Some((check.signature.certificate, times))
}

fn tell(place: &str, signature: &Signature, check: &CmsCheck, findings: &mut Findings) {
    cms::check(place, signature, check, findings);
    digest::tell(place, &check.content, findings);
    rules::signature_value::tell(place, check.signature.clone(), findings);
}
