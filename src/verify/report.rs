//! What verification answers about a file.

use serde::Serialize;

use super::content::entry;
use super::facts::Facts;
use super::finding::{Finding, Findings};
use super::times::Times;
use super::verdict::Verdict;
use crate::crypto::x509::Holder;
use crate::licence::mask;
use crate::page::Standing;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// GB/T 33190-2016.
    Ofd,
    /// ISO 32000.
    Pdf,
    /// Neither.
    Unknown,
}

/// What verification answers about a file. Its JSON form is specified in `docs/verify-report.schema.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// What the file is.
    pub format: Format,
    /// The answer in one word.
    pub verdict: Verdict,
    /// What the file says it is.
    pub subject: Subject,
    /// What is true of each signature, in the order of signing.
    pub signatures: Vec<SignatureReport>,
    /// What is true of the file as a whole.
    pub findings: Vec<Finding>,
}

/// What is true of one signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SignatureReport {
    /// Its ID in the OFD's list, or the name of its field in the PDF.
    pub id: String,
    /// The part or object that describes it.
    pub place: String,
    /// How it is written: `SES V4`, `ETSI.CAdES.detached`.
    pub profile: String,
    /// Whether it is a timestamp over the document (ISO 32000-2, 12.8.5): that proves a time, and nobody stands up for the content.
    pub is_timestamp: bool,
    /// The answer in one word.
    pub verdict: Verdict,
    /// What holds of it, fact by fact.
    pub facts: Facts,
    /// The certificate whose key signed, as far as it can be read.
    pub signer: Option<Holder>,
    /// The seal that shows, where the signature has one.
    pub seal: Option<SealSummary>,
    /// When it was signed, as the signer claims; UTC, RFC 3339.
    pub claimed_time: Option<String>,
    /// When it existed, as a timestamp proves; UTC, RFC 3339.
    pub proven_time: Option<String>,
    /// What each rule found.
    pub findings: Vec<Finding>,
}

/// What a seal says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SealSummary {
    /// Its name.
    pub name: String,
    /// esID.
    pub id: String,
    /// The standard of its structure.
    pub standard: String,
    /// First moment of validity, UTC.
    pub valid_from: String,
    /// Last moment of validity, UTC.
    pub valid_to: String,
    /// Who made it (制章人): the common name of its certificate.
    pub maker: Option<String>,
}

/// What the file says it is; each empty or absent where it does not say. Nothing of this is believed unless the verdict says so.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Subject {
    /// The title.
    pub title: String,
    /// How many pages it has.
    pub pages: Option<usize>,
    /// The certificate's identifier (ZZBS, GB/T 36904).
    pub identifier: String,
    /// The certificate's number (ZZBH).
    pub number: String,
    /// The holder's name (CZZT).
    pub holder: String,
    /// The holder's code (CZZTDM), masked.
    pub holder_code: String,
    /// Who issued it (ZZBFJG).
    pub issuer: String,
    /// What the file is (KZ_BBXZ): 原件, 转换件, 印刷稿.
    pub standing: String,
    /// The identifier of the certificate that this one replaces (补发).
    pub reissue_of: Option<String>,
    /// The QR marks on its pages, in painting order.
    pub marks: Vec<Mark>,
}

/// A QR mark on the file's pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mark {
    /// The page, counted from 1.
    pub page: usize,
    /// What it says.
    pub content: String,
}

impl Report {
    /// A report whose verdict follows from what was found: MALFORMED before RESOURCE, INVALID, NOT_SIGNED, PARTIAL, INDETERMINATE, VALID.
    pub(crate) fn new(
        format: Format,
        subject: Subject,
        signatures: Vec<SignatureReport>,
        findings: Findings,
    ) -> Report {
        let findings = findings.into_vec();
        let is_signed = signatures.iter().any(|signature| !signature.is_timestamp);
        let least = if is_signed { Verdict::Valid } else { Verdict::NotSigned };
        let verdicts = signatures.iter().map(|signature| signature.verdict);
        let verdict = verdicts.fold(Verdict::of(&findings).max(least), Verdict::max);
        Report { format, verdict, subject, signatures, findings }
    }

    /// Every finding, of the file and of its signatures.
    pub fn all_findings(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().chain(self.signatures.iter().flat_map(|signature| &signature.findings))
    }
}

impl SignatureReport {
    /// A report whose verdict and facts follow from what was found.
    pub(crate) fn new(
        id: &str,
        place: &str,
        profile: impl Into<String>,
        findings: Findings,
    ) -> SignatureReport {
        let findings = findings.into_vec();
        SignatureReport {
            id: id.to_owned(),
            place: place.to_owned(),
            profile: profile.into(),
            is_timestamp: false,
            verdict: Verdict::of(&findings),
            facts: Facts::of(&findings),
            signer: None,
            seal: None,
            claimed_time: None,
            proven_time: None,
            findings,
        }
    }

    /// Writes down when it was made.
    pub(super) fn set_times(&mut self, times: Times) {
        self.claimed_time = times.claimed.map(|time| time.to_string());
        self.proven_time = times.proven.map(|time| time.to_string());
    }
}

impl Subject {
    /// From a title and metadata (GB/T 36903).
    pub(crate) fn of(title: &str, entries: &[(String, String)]) -> Subject {
        let said = |name: &str| entry(entries, name).to_owned();
        Subject {
            title: title.to_owned(),
            pages: None,
            identifier: said("ZZBS"),
            number: said("ZZBH"),
            holder: said("CZZT"),
            holder_code: mask::id_number(entry(entries, "CZZTDM")),
            issuer: said("ZZBFJG"),
            standing: said(Standing::KEY),
            reissue_of: Some(said("GLZZBS")).filter(|earlier| !earlier.is_empty()),
            marks: Vec::new(),
        }
    }
}
