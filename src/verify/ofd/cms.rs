//! A signed value that is a CMS: a digital signature without a seal, in the words of GB/T 35275 or RFC 5652.
//!
//! In: the CMS and the Signature.xml it stands for. Out: a [`SignatureReport`].

use super::super::finding::Findings;
use super::super::report::SignatureReport;
use super::super::times::Times;
use super::super::{Policy, rules};
use crate::crypto::cms::SignedData;
use crate::crypto::public_key::KeyCheck;
use crate::crypto::sm3::Digest;
use crate::crypto::trust::Purpose;
use crate::crypto::x509::Holder;
use crate::ofd::read::Signature;

/// Asks the rules about the first signer; others are told as unknown.
pub(super) fn judge(
    cms: &SignedData,
    signature: &Signature,
    described: &[u8],
    digest: Option<Digest>,
    policy: &Policy,
    mut findings: Findings,
) -> SignatureReport {
    let place = signature.value.as_str();
    let digest = digest.unwrap_or_default();
    let trust = &policy.trust;
    // Producers sign Signature.xml itself or its SM3; what is carried must be one of them.
    let carried = cms.content.as_deref();
    let contents: Vec<&[u8]> =
        [described, &digest].into_iter().filter(|c| carried.is_none_or(|it| it == *c)).collect();
    if contents.is_empty() {
        let found = "the CMS carries something else than Signature.xml or its SM3";
        findings.fails(&rules::data_hash::RULE, &signature.part, found, "");
    }
    let signer = &cms.signers[0];
    let checks = contents.iter().map(|content| signer.check(&[content], &cms.certificates, trust));
    let check = checks.reduce(|best, next| if best.content.holds() { best } else { next });
    if cms.signers.len() > 1 {
        findings.unknown(
            &rules::signature_value::RULE,
            place,
            format!("one of {} signers is checked", cms.signers.len()),
        );
    }
    let mut times =
        Times { claimed: signer.signed.as_ref().and_then(|signed| signed.signing_time), proven: None };
    let mut holder = None;
    if let Some(check) = check {
        match &check.content {
            KeyCheck::Holds => findings.holds(&rules::data_hash::RULE, &signature.part, ""),
            KeyCheck::Fails => findings.fails(&rules::data_hash::RULE, &signature.part, "another digest", ""),
            KeyCheck::Unsupported(what) => {
                findings.unknown(&rules::data_hash::RULE, &signature.part, what.as_str())
            }
        }
        for fault in &check.faults {
            findings.fails(&rules::signature_value::RULE, place, fault.to_string(), "");
        }
        rules::signature_value::tell(place, check.signature, &mut findings);
        let token = signer.timestamp_tokens.first().map(Vec::as_slice);
        times.proven = rules::time_proof::check(
            place,
            token,
            &signer.signature,
            &cms.certificates,
            trust,
            &mut findings,
        );
        rules::time_claim::check(place, times.claimed, times.proven, policy.now(), &mut findings);
        if let Some(certificate) = &check.certificate {
            let time = times.signing_time(policy.now());
            let chain = trust.chain(certificate, &cms.certificates, time, Purpose::Sealing);
            rules::trust_chain::check(place, &chain, &mut findings);
            rules::trust_revocation::check(place, &chain, &mut findings);
        }
        holder = check.certificate.as_deref().map(Holder::from);
    }
    let profile = if cms.is_gm { "CMS, GB/T 35275-2017" } else { "CMS, RFC 5652" };
    let mut report = SignatureReport::new(&signature.id, &signature.part, profile, findings);
    report.signer = holder;
    report.set_times(times);
    report
}
