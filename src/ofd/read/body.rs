//! OFD.xml: what the document says about itself, and where its parts begin. GB/T 33190-2016, 7.4.
//!
//! In: a [`Package`]. Out: [`DocInfo`], DocRoot and the list of signatures.
//! Invariant: there is one document (GB/T 42133); a package with several is refused, because a reader would show only one of them.

use super::error::ReadError;
use super::package::Package;
use super::xml::Element;

const ENTRY: &str = "OFD.xml";

/// What a document says about itself (CT_DocInfo); empty where it says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DocInfo {
    /// DocID.
    pub id: String,
    /// Title.
    pub title: String,
    /// Author.
    pub author: String,
    /// Subject.
    pub subject: String,
    /// CreationDate as it is written, by the standard `yyyy-MM-dd`.
    pub created: String,
    /// Creator: the program.
    pub creator: String,
    /// CreatorVersion.
    pub creator_version: String,
    /// CustomDatas: names and values in order.
    pub custom: Vec<(String, String)>,
}

impl DocInfo {
    /// The first value of the metadata entry `name`.
    pub fn custom(&self, name: &str) -> Option<&str> {
        self.custom.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

/// The one DocBody.
#[derive(Clone, Debug)]
pub(super) struct DocBody {
    pub(super) info: DocInfo,
    /// The name of Document.xml.
    pub(super) root: String,
    /// The name of Signatures.xml, if the document is signed.
    pub(super) signatures: Option<String>,
}

/// What the document says about itself.
///
/// # Errors
/// OFD.xml is missing or broken.
pub fn info(package: &Package<'_>) -> Result<DocInfo, ReadError> {
    Ok(body(package)?.info.clone())
}

/// What OFD.xml says.
pub(super) fn body<'p>(package: &'p Package<'_>) -> Result<&'p DocBody, ReadError> {
    package.read.body.get(|| read(package))
}

fn read(package: &Package<'_>) -> Result<DocBody, ReadError> {
    let xml = package.xml(ENTRY)?;
    let root = xml.root("OFD")?;
    let mut bodies = root.all("DocBody");
    let body = bodies.next().ok_or_else(|| root.malformed("OFD has no DocBody"))?;
    if bodies.next().is_some() {
        return Err(root.unsupported("several documents in one package"));
    }
    if body.child("Versions").is_some() {
        return Err(root.unsupported("several versions of a document (Versions)"));
    }
    let locate = |element: Element<'_>| package.locate(ENTRY, &element.text()).map(str::to_owned);
    Ok(DocBody {
        info: doc_info(body.need("DocInfo")?)?,
        root: locate(body.only("DocRoot")?.ok_or_else(|| body.malformed("DocBody has no DocRoot"))?)?,
        signatures: body.only("Signatures")?.map(locate).transpose()?,
    })
}

fn doc_info(info: Element<'_>) -> Result<DocInfo, ReadError> {
    let datas = info.child("CustomDatas").into_iter().flat_map(|datas| datas.all("CustomData"));
    let custom = datas.map(|data| Ok((data.need_attr("Name")?.to_owned(), data.text())));
    Ok(DocInfo {
        id: info.text_of("DocID"),
        title: info.text_of("Title"),
        author: info.text_of("Author"),
        subject: info.text_of("Subject"),
        created: info.text_of("CreationDate"),
        creator: info.text_of("Creator"),
        creator_version: info.text_of("CreatorVersion"),
        custom: custom.collect::<Result<_, ReadError>>()?,
    })
}
