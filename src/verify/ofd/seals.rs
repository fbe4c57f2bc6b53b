//! The signatures of a package, one by one.
//!
//! In: a [`Package`]. Out: for each entry of its list a [`SignatureReport`], and for those who show seals a [`SealedBy`].
//! Invariant: each part is digested once; one signed value is held at a time, unless all are asked for.

use std::collections::{BTreeMap, BTreeSet};

use super::super::finding::{Finding, Findings};
use super::super::report::SignatureReport;
use super::super::rule::Aspect;
use super::super::rules::signed_value::SignedValue;
use super::super::{Policy, rules, ses};
use super::cms;
use crate::crypto::sm2::VerifyingKey;
use crate::crypto::sm3::Digest;
use crate::ofd::read::{Package, ReadError, Signature, SignatureEntry, each_signature};
use crate::seal::SealSignature;

/// A signature, what it is, and what is true of it.
#[derive(Clone, Debug)]
pub struct SealedBy {
    /// Its description.
    pub signature: Signature,
    /// The seal and its signature, where it is one that can be read.
    pub value: Option<SealSignature>,
    /// What is true of it.
    pub report: SignatureReport,
}

impl SealedBy {
    /// What keeps the signature from showing that the document is as it was sealed, and sealed as a whole. Whom to trust, and whether the
    /// time is proven, is not asked.
    pub fn doubts(&self) -> impl Iterator<Item = &Finding> {
        let of_the_document = |f: &&Finding| !matches!(f.rule.fact, Aspect::Trust | Aspect::Time);
        self.report.findings.iter().filter(|finding| !finding.is_good()).filter(of_the_document)
    }
}

/// The signatures of a package with what is true of each; none for one that is not signed.
///
/// # Errors
/// The list of signatures, or a signature's description, cannot be read.
pub fn seals(package: &Package<'_>, policy: &Policy) -> Result<Vec<SealedBy>, ReadError> {
    let examination = Examination::new(package, policy)?;
    let entries = examination.entries.iter().enumerate();
    let all = entries.map(|(at, entry)| {
        let signature = entry.description.clone()?;
        let (report, _, value) = examination.judge(at, &signature);
        let value = match value {
            Some(SignedValue::Seal(value)) => Some(*value),
            _ => None,
        };
        Ok(SealedBy { signature, value, report })
    });
    all.collect()
}

/// What all signatures of a package have in common.
pub(super) struct Examination<'p, 'b> {
    package: &'p Package<'b>,
    policy: &'p Policy,
    entries: Vec<SignatureEntry>,
    digests: BTreeMap<String, Digest>,
    /// Parts that belong to signatures, each of which protects itself.
    own: BTreeSet<String>,
}

impl<'p, 'b> Examination<'p, 'b> {
    /// Reads the list, and digests every part that a signature is about.
    pub(super) fn new(
        package: &'p Package<'b>,
        policy: &'p Policy,
    ) -> Result<Examination<'p, 'b>, ReadError> {
        let entries = each_signature(package)?;
        let mut own = BTreeSet::new();
        for signature in entries.iter().filter_map(|entry| entry.description.as_ref().ok()) {
            own.extend([&signature.list, &signature.part, &signature.value].map(String::clone));
            own.extend(signature.seal.clone());
        }
        let described = || entries.iter().filter_map(|entry| entry.description.as_ref().ok());
        let covered =
            described().flat_map(|signature| &signature.references).map(|reference| &reference.part);
        let named: BTreeSet<&String> = covered.chain(described().map(|signature| &signature.part)).collect();
        let digests =
            named.into_iter().filter_map(|name| Some((name.clone(), package.digest(name)?))).collect();
        Ok(Examination { package, policy, entries, digests, own })
    }

    /// The list.
    pub(super) fn entries(&self) -> &[SignatureEntry] {
        &self.entries
    }

    /// What is true of the entry `at`, and the signer's key, if it is of SM2.
    pub(super) fn report(&self, at: usize) -> (SignatureReport, Option<VerifyingKey>) {
        let entry = &self.entries[at];
        match &entry.description {
            Ok(signature) => {
                let (report, key, _) = self.judge(at, signature);
                (report, key)
            }
            Err(error) => {
                let mut findings = Findings::default();
                rules::description::unreadable(entry, error, &mut findings);
                (SignatureReport::new(&entry.id, &entry.location, "", findings), None)
            }
        }
    }

    fn judge(
        &self,
        at: usize,
        signature: &Signature,
    ) -> (SignatureReport, Option<VerifyingKey>, Option<SignedValue>) {
        let mut findings = Findings::default();
        findings.holds(&rules::description::RULE, &signature.part, "");
        let all: Vec<&Signature> =
            self.entries.iter().filter_map(|entry| entry.description.as_ref().ok()).collect();
        let place = self.entries.iter().take(at).filter(|entry| entry.description.is_ok()).count();
        rules::signatures_order::check(&all, place, &mut findings);
        if rules::reference_method::check(signature, &mut findings) {
            let digest = |part: &str| self.digests.get(part).copied();
            rules::reference_digest::check(signature, digest, &mut findings);
        }
        self.coverage(signature, all.get(place + 1..).unwrap_or_default(), &mut findings);

        let value =
            rules::signed_value::read(&signature.value, self.package.part(&signature.value), &mut findings);
        let digest = self.digests.get(&signature.part).copied();
        let (id, part) = (signature.id.as_str(), signature.part.as_str());
        match &value {
            Some(SignedValue::Seal(seal)) => {
                rules::data_hash::check(part, &seal.data_hash, digest, &mut findings);
                rules::property_info::check(part, &seal.property_info, &mut findings);
                if let Some(file) = &signature.seal {
                    rules::seal_file::check(file, self.package.part(file), &seal.seal.der, &mut findings);
                }
                rules::stamp::check(signature, &seal.seal.picture, &mut findings);
                let judged = ses::judge(seal, &signature.value, self.policy, &mut findings);
                let profile = format!("SES_Signature, {}", rules::ses_version::standard(seal));
                let mut report = SignatureReport::new(id, part, profile, findings);
                judged.describe(seal, &mut report);
                let key = judged.signer.as_ref().and_then(|signer| signer.sm2_key().ok().cloned());
                (report, key, value)
            }
            Some(SignedValue::Cms(cms)) => {
                let described = self.package.part(part).unwrap_or_default();
                let report = cms::judge(cms, signature, described, digest, self.policy, findings);
                (report, None, value)
            }
            None => (SignatureReport::new(id, part, "", findings), None, None),
        }
    }

    /// What the signature covers, and what those after it cover.
    fn coverage(&self, signature: &Signature, later: &[&Signature], findings: &mut Findings) {
        let covered = |signature: &&'_ Signature| -> BTreeSet<String> {
            signature.references.iter().map(|reference| reference.part.clone()).collect()
        };
        let own = covered(&signature);
        let own: BTreeSet<&str> = own.iter().map(String::as_str).collect();
        let later: BTreeSet<String> = later.iter().flat_map(covered).collect();
        let later: BTreeSet<&str> = later.iter().map(String::as_str).collect();
        let parts = self.package.names();
        let parts = parts.filter(|part| !self.own.contains(*part) && *part != rules::entry::ENTRY);
        rules::coverage::check(&signature.part, parts, &own, &later, findings);
        rules::entry::check(
            own.contains(rules::entry::ENTRY) || later.contains(rules::entry::ENTRY),
            findings,
        );
    }
}
