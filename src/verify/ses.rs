//! A SES_Signature, in whatever container: its rules in their order, but for what it signs.
//!
//! In: a [`SealSignature`] and a [`Policy`]. Out: findings, and [`Judged`]. GB/T 38540-2020; GM/T 0031-2014.
//! Invariant: signatures are checked over the bytes that were read.

use std::sync::Arc;

use x509_cert::spki::AlgorithmIdentifierOwned;

use super::finding::Findings;
use super::report::{SealSummary, SignatureReport};
use super::rules;
use super::times::Times;
use super::{Policy, rules::ses_version};
use crate::crypto::oid;
use crate::crypto::public_key::KeyCheck;
use crate::crypto::trust::{Purpose, SigningTime};
use crate::crypto::x509::{Certificate, Holder};
use crate::seal::SealSignature;

/// What a SES_Signature turned out to be.
pub(super) struct Judged {
    /// The signer's certificate, if it can be read.
    pub(super) signer: Option<Arc<Certificate>>,
    /// The seal maker's.
    pub(super) maker: Option<Arc<Certificate>>,
    /// When it was made.
    pub(super) times: Times,
}

/// Asks the rules about signature, seal, trust and time.
pub(super) fn judge(value: &SealSignature, place: &str, policy: &Policy, findings: &mut Findings) -> Judged {
    let trust = &policy.trust;
    let seal = &value.seal;
    ses_version::check(place, value, findings);

    let signer = trust.certificate(&value.certificate);
    let signature = rules::signature_form::der(place, &value.signature, findings);
    match &signer {
        Ok(signer) => {
            let check = check(policy, signer, value.algorithm, &value.signed, &signature);
            rules::signature_value::tell(place, check, findings);
        }
        Err(error) => findings.fails(&rules::signature_value::RULE, place, error.to_string(), ""),
    }

    let maker = trust.certificate(&seal.maker_certificate);
    let signature = rules::signature_form::der(place, &seal.signature, findings);
    match &maker {
        Ok(maker) => {
            let check = check(policy, maker, seal.algorithm, &seal.signed, &signature);
            rules::seal_maker::tell(place, check, &maker.common_name, findings);
        }
        Err(error) => findings.fails(&rules::seal_maker::RULE, place, error.to_string(), ""),
    }
    rules::seal_signer::check(place, seal, &value.certificate, findings);
    rules::seal_timestamp::check(place, seal, trust, findings);

    let beside: Vec<Arc<Certificate>> = maker.iter().cloned().collect();
    let token = value.time_stamp.as_deref();
    let proven = rules::time_proof::check(place, token, &value.signature, &beside, trust, findings);
    let times = Times { claimed: value.time, proven };
    rules::time_claim::check(place, times.claimed, times.proven, policy.now(), findings);
    rules::seal_validity::check(place, seal, times.known(), findings);

    if let Ok(signer) = &signer {
        let chain = trust.chain(signer, &beside, times.signing_time(policy.now()), Purpose::Sealing);
        rules::trust_chain::check(place, &chain, findings);
        rules::trust_revocation::check(place, &chain, findings);
    }
    if let Ok(maker) = &maker {
        let made = SigningTime::Claimed { at: seal.created, now: policy.now() };
        let chain = trust.chain(maker, &[], made, Purpose::SealMaking);
        rules::trust_maker::check(place, &chain, findings);
        rules::trust_revocation::check(place, &chain, findings);
    }
    Judged { signer: signer.ok(), maker: maker.ok(), times }
}

/// Both standards know SM2 with SM3 alone. Seals of other families are older than them, and what they would have to keep is nowhere
/// written, so that a signature which holds would say nothing.
fn check(
    policy: &Policy,
    certificate: &Certificate,
    algorithm: der::asn1::ObjectIdentifier,
    message: &[u8],
    signature: &[u8],
) -> KeyCheck {
    if algorithm != oid::SM2_WITH_SM3 {
        return KeyCheck::Unsupported(format!(
            "a seal's signature by another algorithm than SM2 with SM3 ({algorithm})"
        ));
    }
    let algorithm = AlgorithmIdentifierOwned { oid: algorithm, parameters: None };
    policy.trust.check(&certificate.public_key, &algorithm, None, &[message], signature)
}

impl Judged {
    /// Writes who, whose seal and when into the report.
    pub(super) fn describe(&self, value: &SealSignature, report: &mut SignatureReport) {
        report.signer = self.signer.as_deref().map(Holder::from);
        report.seal = Some(SealSummary {
            name: value.seal.name.clone(),
            id: value.seal.id.clone(),
            standard: ses_version::standard(value).to_owned(),
            valid_from: value.seal.valid_from.to_string(),
            valid_to: value.seal.valid_to.to_string(),
            maker: self.maker.as_ref().map(|maker| maker.common_name.clone()),
        });
        report.set_times(self.times);
    }
}
