//! Signature.xml and SignedValue.dat: what a seal covers and where it shows. GB/T 33190-2016, chapter 18.
//!
//! In: a package with its signatures so far, and a [`SignatureRequest`]. Out: [`Digested`], whose data hash goes to the signer and comes
//! back as the SES_Signature of GB/T 38540.
//! Invariant: the References cover every part but the signature's own files and Signatures.xml, which a later signature changes; the
//! files of earlier signatures are covered like all others.

use super::package::{Part, PartData};
use super::xml::Xml;
use super::{PackagePath, Signed, WriteError};
use crate::crypto::sm3::Wanted;
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

/// What goes into Signature.xml. Method and digest are always SM2 with SM3 and SM3.
#[derive(Clone, Debug)]
pub struct SignatureRequest<'a> {
    /// Whose seal shows: an index into [`Master::seal_roles`](crate::page::Master::seal_roles).
    pub role: u16,
    /// Who signs, as a program.
    pub provider: &'a Provider,
    /// SignatureDateTime.
    pub time: Timestamp,
    /// The seal itself (SESeal, DER) as a part of its own, Seal.esl; it must equal the one in the signed value byte for byte.
    pub seal_esl: Option<&'a [u8]>,
}

/// A package with every digest made, waiting for the signed value.
#[derive(Debug)]
pub struct Digested {
    pub(super) package: Signed,
    /// Seal.esl, if it is wanted.
    pub(super) seal: Option<Part>,
    /// Signature.xml.
    pub(super) signature: Part,
    pub(super) folder: SignFolder,
}

impl Digested {
    /// SM3 of Signature.xml: the dataHash of TBS_Sign.
    pub fn data_hash(&self) -> [u8; 32] {
        *self.signature.bytes().sm3()
    }

    /// The same, to be made together with those of other packages.
    pub(crate) fn wanted(&self) -> Wanted<'_> {
        self.signature.bytes().wanted()
    }

    /// The absolute path of Signature.xml: the propertyInfo of TBS_Sign.
    pub fn property_info(&self) -> String {
        self.signature.path.absolute()
    }

    /// The package with `signed_value` (SES_Signature, DER) as SignedValue.dat.
    pub fn finish(self, signed_value: &[u8]) -> Signed {
        let value = Part { path: self.folder.value(), data: PartData::Dense(signed_value.into()) };
        let mut package = self.package;
        package.signed.push(self.seal.into_iter().chain([self.signature, value]).collect());
        package
    }
}

/// The folder of one signature, `Sign_0` for the first.
#[derive(Clone, Copy, Debug)]
pub(super) struct SignFolder(pub(super) usize);

impl SignFolder {
    fn path(self, name: &str) -> PackagePath {
        PackagePath::known(format!("Doc_0/Signs/Sign_{}/{name}", self.0))
    }

    pub(super) fn signature(self) -> PackagePath {
        self.path("Signature.xml")
    }

    fn value(self) -> PackagePath {
        self.path("SignedValue.dat")
    }

    fn seal(self) -> PackagePath {
        self.path("Seal.esl")
    }
}

/// Writes Signature.xml over all that `package` holds, the files of earlier signatures included.
pub(super) fn digest(package: Signed, request: &SignatureRequest<'_>) -> Result<Digested, WriteError> {
    let folder = SignFolder(package.signed.len());
    let path = folder.signature();
    let seal = request.seal_esl.map(|seal| Part::plain(folder.seal(), seal.to_vec()));

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
    package.entry.reference(&mut xml);
    package.parts.iter().for_each(|part| part.reference(&mut xml));
    xml.append(&package.finished.references);
    package.signed.iter().flatten().chain(&seal).for_each(|part| part.reference(&mut xml));
    xml.close("ofd:References");
    let places = package.pages.iter().flat_map(|page| page.seals.iter().map(|place| (page.id, place)));
    for ((page, place), id) in places.filter(|(_, place)| place.role == request.role).zip(1u32..) {
        // Within Boundary, as GB/T 33190 counts.
        let clip = place.clip.map(|c| Rect { x: c.x - place.rect.x, y: c.y - place.rect.y, ..c });
        xml.element("ofd:StampAnnot")
            // Digits against the schema's xs:ID, as in attachments.rs.
            .attr("ID", id)
            .attr("PageRef", page)
            .attr("Boundary", place.rect)
            .attr_if("Clip", clip)
            .empty();
    }
    if let Some(seal) = &seal {
        xml.element("ofd:Seal").open();
        xml.leaf("ofd:BaseLoc", seal.path.absolute());
        xml.close("ofd:Seal");
    }
    xml.close("ofd:SignedInfo");
    xml.leaf("ofd:SignedValue", folder.value().absolute());
    xml.close("ofd:Signature");
    let data = xml.finish(&path)?;
    let signature = Part::plain(path, data);
    Ok(Digested { package, seal, signature, folder })
}
