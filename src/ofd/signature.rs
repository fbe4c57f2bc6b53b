//! Signatures.xml, Signature.xml and SignedValue.dat: what a seal covers and where it shows. GB/T 33190-2016, chapter 18.
//!
//! In: an [`Unsealed`] package and a [`SignatureRequest`]. Out: [`Digested`], whose data hash goes to the signer and comes back as the
//! SES_Signature of GB/T 38540.
//! Invariant: the References cover every part but the signature's own files and Signatures.xml, which a later signature changes.

use std::sync::Arc;

use super::base::Finished;
use super::package::{Part, PartData};
use super::unsealed::archive;
use super::xml::Xml;
use super::{PackagePath, Unsealed, WriteError, res};
use crate::crypto::sm3;
use crate::geom::Rect;
use crate::page::Timestamp;

/// SM2 signature over SM3 (GM/T 0006).
const SIGNATURE_METHOD: &str = "1.2.156.10197.1.501";
/// SM3 (GM/T 0006).
const CHECK_METHOD: &str = "1.2.156.10197.1.401";

/// The program that makes the signature (Provider).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    /// ProviderName.
    pub name: String,
    /// Version.
    pub version: String,
    /// Company; left out when empty.
    pub company: String,
}

/// Where a seal shows (StampAnnot).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Index of the page in its document.
    pub page: usize,
    /// Upright on the page, as large as the seal.
    pub rect: Rect,
}

/// What goes into Signature.xml. Method and digest are always SM2 with SM3 and SM3.
#[derive(Clone, Debug)]
pub struct SignatureRequest<'a> {
    /// Who signs, as a program.
    pub provider: &'a Provider,
    /// SignatureDateTime.
    pub time: Timestamp,
    /// Where the seal shows; [`Unsealed::stamps`] are the places the layout keeps.
    pub stamps: Vec<Stamp>,
    /// The seal itself (SESeal, DER) as a part of its own, Seal.esl; it must equal the one in the signed value byte for byte.
    pub seal_esl: Option<&'a [u8]>,
}

/// A package with every digest made, waiting for the signed value.
#[derive(Debug)]
pub struct Digested {
    entry: Part,
    finished: Arc<Finished>,
    parts: Vec<Part>,
    signatures: Part,
    signature: Part,
    signed_value: PackagePath,
    property_info: String,
}

impl Digested {
    /// SM3 of Signature.xml: the dataHash of TBS_Sign.
    pub fn data_hash(&self) -> [u8; 32] {
        sm3::digest(self.signature.bytes())
    }

    /// The absolute path of Signature.xml: the propertyInfo of TBS_Sign.
    pub fn property_info(&self) -> &str {
        &self.property_info
    }

    /// The package with `signed_value` (SES_Signature, DER) as SignedValue.dat.
    pub fn finish(self, signed_value: &[u8]) -> Result<Vec<u8>, WriteError> {
        let mut archive = archive(&self.entry, &self.finished, &self.parts)?;
        archive.add(&self.signatures)?;
        archive.add(&self.signature)?;
        archive.add(&Part { path: self.signed_value, data: PartData::Dense(signed_value.into()) })?;
        archive.finish()
    }
}

/// Digests the record's parts; the static ones were digested with the base.
pub(super) fn digest(unsealed: Unsealed, request: &SignatureRequest<'_>) -> Result<Digested, WriteError> {
    let list = PackagePath::known("Doc_0/Signs/Signatures.xml");
    let path = PackagePath::known("Doc_0/Signs/Sign_0/Signature.xml");
    let value = PackagePath::known("Doc_0/Signs/Sign_0/SignedValue.dat");
    let Unsealed { entry, finished, mut parts, page_ids, .. } = unsealed;
    let entry = entry.finish(Some(&list))?;
    let seal = request.seal_esl.map(|seal| {
        let path = PackagePath::known("Doc_0/Signs/Sign_0/Seal.esl");
        parts.push(Part::plain(path.clone(), seal.to_vec()));
        path
    });

    let mut xml = Xml::new();
    xml.root("ofd:Signature").open();
    xml.element("ofd:SignedInfo").open();
    let Provider { name, version, company } = request.provider;
    xml.element("ofd:Provider")
        .attr("ProviderName", name)
        .attr("Version", version)
        .attr_if("Company", (!company.is_empty()).then_some(company))
        .empty();
    xml.leaf("ofd:SignatureMethod", SIGNATURE_METHOD);
    xml.leaf("ofd:SignatureDateTime", request.time.civil().strftime("%Y%m%d%H%M%SZ").to_string());
    xml.element("ofd:References").attr("CheckMethod", CHECK_METHOD).open();
    entry.reference(&mut xml);
    parts.iter().for_each(|part| part.reference(&mut xml));
    xml.append(&finished.references);
    xml.close("ofd:References");
    for (i, stamp) in request.stamps.iter().enumerate() {
        let page = page_ids.get(stamp.page).ok_or_else(|| res::dangling(&path, "page", stamp.page))?;
        xml.element("ofd:StampAnnot")
            // Digits against the schema's xs:ID, as in attachments.rs.
            .attr("ID", i as u32 + 1)
            .attr("PageRef", *page)
            .attr("Boundary", stamp.rect)
            .empty();
    }
    if let Some(seal) = seal {
        xml.element("ofd:Seal").open();
        xml.leaf("ofd:BaseLoc", seal.absolute());
        xml.close("ofd:Seal");
    }
    xml.close("ofd:SignedInfo");
    xml.leaf("ofd:SignedValue", value.absolute());
    xml.close("ofd:Signature");
    let signature = xml.finish(&path)?;

    Ok(Digested {
        entry,
        finished,
        parts,
        signatures: write_list(&list, &path)?,
        property_info: path.absolute(),
        signature: Part::plain(path, signature),
        signed_value: value,
    })
}

/// Signatures.xml, 18.1: the list of signatures.
fn write_list(list: &PackagePath, signature: &PackagePath) -> Result<Part, WriteError> {
    let mut xml = Xml::new();
    xml.root("ofd:Signatures").open();
    xml.leaf("ofd:MaxSignId", "1");
    xml.element("ofd:Signature")
        .attr("ID", "1")
        .attr("Type", "Seal")
        .attr("BaseLoc", signature.absolute())
        .empty();
    xml.close("ofd:Signatures");
    let data = xml.finish(list)?;
    Ok(Part::plain(list.clone(), data))
}
