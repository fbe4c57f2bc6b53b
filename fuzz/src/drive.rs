//! One function a fuzz target: hostile bytes into everything that reads them.
//!
//! In: any bytes. Out: nothing; it panics where an invariant breaks. The library's tests replay all seeds and found cases through the same functions.
//! Invariant: no function touches a file but [`records`], whose readers open files by name.

use std::sync::Arc;

use certpress::crypto::cms::SignedData;
use certpress::crypto::crl::Crl;
use certpress::crypto::timestamp::{Proof, TimeStampToken};
use certpress::crypto::trust::{Purpose, SigningTime, Trust};
use certpress::crypto::x509::Certificate;
use certpress::mark;
use certpress::mark::payload::Payload;
use certpress::ofd::read::{self, Limits, Package};
use certpress::page::{Image, Timestamp};
use certpress::seal::{Seal, SealSignature};
use certpress::verify::{self, Policy, Report};
use certpress::{Layout, record};

/// A driver by the name of its target and of its folder of seeds.
pub type Driver = fn(&[u8]);

/// All of them.
pub const ALL: [(&str, Driver); 14] = [
    ("container", container),
    ("parts", parts),
    ("certificate", certificate),
    ("crl", crl),
    ("cms", cms),
    ("timestamp", timestamp),
    ("seal", seal),
    ("ofd", ofd),
    ("pdf", pdf),
    ("payload", payload),
    ("mark", mark),
    ("image", image),
    ("layout", layout),
    ("records", records),
];

/// Small enough that an honest file fits, and that a target is not stopped for its memory.
pub fn limits() -> Limits {
    Limits { total: 32 << 20, part: 16 << 20, objects: 200_000, nodes: 100_000, ..Limits::default() }
}

/// A ZIP: what is opened here must be the same to another reader.
pub fn container(bytes: &[u8]) {
    let Ok(package) = Package::open(bytes, &limits()) else { return };
    let mut other = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("what opens here opens there");
    let files = (0..other.len()).filter(|&i| other.by_index(i).expect("an entry").is_file()).count();
    assert_eq!(files, package.parts().count());
    for (name, data) in package.parts() {
        let mut entry = other.by_name(name).expect("a part of the same name");
        let mut theirs = Vec::new();
        std::io::Read::read_to_end(&mut entry, &mut theirs).expect("the part can be read");
        assert!(theirs == data, "{name} differs");
    }
}

/// An OFD through every reader, verified or not.
pub fn parts(bytes: &[u8]) {
    let Ok(package) = Package::open(bytes, &limits()) else { return };
    let _ = read::info(&package);
    let _ = read::signatures(&package);
    let _ = read::attachments(&package);
    let _ = read::fields(&package);
    let _ = read::document(&package);
}

/// A DER certificate, trusted as a root and judged as a signer's.
pub fn certificate(bytes: &[u8]) {
    let Ok(certificate) = Certificate::parse(bytes) else { return };
    assert_eq!(certificate.der, bytes, "a certificate is kept as it was read");
    let Ok(trust) = Trust::empty().with_roots(bytes) else { return };
    let at = SigningTime::Proven(certificate.not_before);
    trust.chain(&Arc::new(certificate), &[], at, Purpose::Sealing);
}

/// A revocation list.
pub fn crl(bytes: &[u8]) {
    let _ = Crl::parse(bytes);
    let _ = Trust::empty().with_crls(bytes);
}

/// A CMS signature, checked over nothing.
pub fn cms(bytes: &[u8]) {
    let _ = SignedData::without_padding(bytes);
    let Ok(signed) = SignedData::parse(bytes) else { return };
    for signer in &signed.signers {
        signer.check(&[b""], &signed.certificates, &Trust::empty());
    }
}

/// A timestamp over nothing.
pub fn timestamp(bytes: &[u8]) {
    let Ok(token) = TimeStampToken::parse(bytes) else { return };
    let proof = token.check(&[b""], &[], &Trust::empty()).proof();
    assert!(!matches!(proof, Proof::Proven(_)), "nobody is trusted");
}

/// A DER SESeal or SES_Signature.
pub fn seal(bytes: &[u8]) {
    if let Ok(seal) = Seal::parse(bytes) {
        assert_eq!(seal.der, bytes, "a seal is kept as it was read");
        seal.is_signed_by_maker();
        seal.allows(bytes);
    }
    let _ = SealSignature::parse(bytes);
}

/// An OFD to be verified. It is valid only if its parts are those that were sealed.
pub fn ofd(bytes: &[u8]) {
    judge(&verify::ofd(bytes, &policy()));
}

/// A PDF to be verified.
pub fn pdf(bytes: &[u8]) {
    judge(&verify::pdf(bytes, &policy()));
}

fn policy() -> Policy {
    Policy::new(Timestamp { seconds: 1_772_697_600 }).with_limits(limits())
}

/// A verdict is the worst that was found.
fn judge(report: &Report) {
    assert!(report.verdict != verify::Verdict::Valid, "nobody is trusted");
    assert!(report.all_findings().count() > 0, "an answer without a reason");
}

/// The text of a QR mark.
pub fn payload(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let _ = Payload::parse(text);
}

/// A grid of modules: its version, then its rows.
pub fn mark(bytes: &[u8]) {
    let Some((&version, modules)) = bytes.split_first() else { return };
    let side = 17 + 4 * (usize::from(version) % 41);
    let dark = |i: usize| modules.get(i / 8).is_some_and(|byte| byte >> (i % 8) & 1 == 1);
    let row = |y: usize| (0..side.min(128)).fold(0u128, |row, x| row | u128::from(dark(y * side + x)) << x);
    let rows: Vec<u128> = (0..side).map(row).collect();
    let _ = mark::read::from_rows(&rows);
}

/// A photograph or a seal's picture.
pub fn image(bytes: &[u8]) {
    let _ = Image::read(bytes);
}

/// A layout.
pub fn layout(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let _ = Layout::from_text("fuzz.xml", text);
}

/// A file of records: the first byte says in which format.
pub fn records(bytes: &[u8]) {
    const EXTENSIONS: [&str; 4] = [".csv", ".jsonl", ".json", ".xlsx"];
    let Some((&kind, content)) = bytes.split_first() else { return };
    let extension = EXTENSIONS[usize::from(kind) % EXTENSIONS.len()];
    let file = tempfile::Builder::new().suffix(extension).tempfile().expect("a temporary file");
    std::fs::write(file.path(), content).expect("it can be written");
    let Ok(records) = record::open(file.path()) else { return };
    for record in records.take(1000) {
        let _ = record;
    }
}
