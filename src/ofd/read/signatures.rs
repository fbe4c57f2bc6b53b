//! Signatures.xml and Signature.xml: what each signature covers and where its seal shows. GB/T 33190-2016, chapter 18.
//!
//! In: a [`Package`]. Out: [`Signature`]s as they are written; nothing is checked but that it can be read.

use super::document::Structure;
use super::error::ReadError;
use super::name;
use super::package::Package;
use super::value;
use super::xml::Element;
use crate::geom::Rect;

/// Signatures of one document; each of them may name every part.
const MAX_SIGNATURES: usize = 64;

/// One signature of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Its ID in the list.
    pub id: String,
    /// Whether it shows a seal (Type is Seal, which is the default, and not Sign).
    pub is_seal: bool,
    /// The name of the list it stands in, Signatures.xml.
    pub list: String,
    /// The name of its Signature.xml.
    pub part: String,
    /// The name of its signed value.
    pub value: String,
    /// SignatureMethod, an OID.
    pub method: String,
    /// SignatureDateTime as it is written.
    pub time: String,
    /// CheckMethod of the references, an OID; empty for the default.
    pub check_method: String,
    /// What it covers.
    pub references: Vec<Reference>,
    /// Where its seal shows.
    pub stamps: Vec<StampAnnot>,
    /// The name of Seal.esl, if the seal is a part of its own.
    pub seal: Option<String>,
}

/// A part that a signature covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The part's name, whether or not it is there.
    pub part: String,
    /// CheckValue, base64.
    pub check_value: String,
}

/// Where a seal shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StampAnnot {
    /// Index of the page.
    pub page: usize,
    /// On the page, as large as the whole seal.
    pub boundary: Rect,
    /// What of it shows, relative to the boundary.
    pub clip: Option<Rect>,
}

/// The document's signatures in the order of their list; none for a document that is not signed.
///
/// # Errors
/// The list or a signature's description is broken.
pub fn signatures(package: &Package<'_>) -> Result<Vec<Signature>, ReadError> {
    entries(package)?.iter().map(|entry| entry.description.clone()).collect()
}

/// An entry of the list of signatures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureEntry {
    /// Its ID in the list.
    pub id: String,
    /// Its Signature.xml as the list names it.
    pub location: String,
    /// What that says, unless it cannot be read.
    pub description: Result<Signature, ReadError>,
}

/// As [`signatures`], where a description that cannot be read leaves the others.
///
/// # Errors
/// The list is broken.
pub fn each_signature(package: &Package<'_>) -> Result<Vec<SignatureEntry>, ReadError> {
    entries(package).map(<[_]>::to_vec)
}

fn entries<'p>(package: &'p Package<'_>) -> Result<&'p [SignatureEntry], ReadError> {
    package.read.signatures.get(|| read(package)).map(Vec::as_slice)
}

fn read(package: &Package<'_>) -> Result<Vec<SignatureEntry>, ReadError> {
    let structure = Structure::of(package)?;
    let Some(list) = &structure.body.signatures else { return Ok(Vec::new()) };
    let xml = package.xml(list)?;
    let entries = xml.root("Signatures")?;
    if entries.all("Signature").count() > MAX_SIGNATURES {
        return Err(ReadError::limit("signatures", MAX_SIGNATURES as u64, list));
    }
    let entry = |entry: Element<'_>| {
        Ok(SignatureEntry {
            id: entry.need_attr("ID")?.to_owned(),
            location: entry.need_attr("BaseLoc")?.to_owned(),
            description: signature(package, structure, list, entry),
        })
    };
    entries.all("Signature").map(entry).collect()
}

fn signature(
    package: &Package<'_>,
    structure: &Structure,
    list: &str,
    entry: Element<'_>,
) -> Result<Signature, ReadError> {
    let part = package.locate(list, entry.need_attr("BaseLoc")?)?;
    let xml = package.xml(part)?;
    let root = xml.root("Signature")?;
    let signed = root.need("SignedInfo")?;
    let references = signed.need("References")?;
    let reference = |element: Element<'_>| {
        let name = element.need_attr("FileRef")?;
        let resolved = name::resolve(part, name).unwrap_or_else(|| name.to_owned());
        let found = package.find(part, &resolved).map_or(resolved.clone(), str::to_owned);
        Ok(Reference { part: found, check_value: element.need("CheckValue")?.text() })
    };
    let seal = signed.child("Seal").map(|seal| package.locate(part, &seal.need("BaseLoc")?.text()));
    Ok(Signature {
        id: entry.need_attr("ID")?.to_owned(),
        is_seal: entry.attr("Type") != Some("Sign"),
        list: list.to_owned(),
        part: part.to_owned(),
        value: package.locate(part, &root.need("SignedValue")?.text())?.to_owned(),
        method: signed.text_of("SignatureMethod"),
        time: signed.text_of("SignatureDateTime"),
        check_method: references.attr("CheckMethod").unwrap_or_default().to_owned(),
        references: references.all("Reference").map(reference).collect::<Result<_, ReadError>>()?,
        stamps: signed.all("StampAnnot").map(|e| stamp(structure, e)).collect::<Result<_, ReadError>>()?,
        seal: seal.transpose()?.map(str::to_owned),
    })
}

fn stamp(structure: &Structure, element: Element<'_>) -> Result<StampAnnot, ReadError> {
    Ok(StampAnnot {
        page: structure.page_ref(element)?,
        boundary: value::rect(element, element.need_attr("Boundary")?)?,
        clip: element.attr("Clip").map(|clip| value::rect(element, clip)).transpose()?,
    })
}
