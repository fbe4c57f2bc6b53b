//! The files inside the document. GB/T 33190-2016, 20.2.

use super::document::Structure;
use super::error::ReadError;
use super::package::Package;

/// A file inside the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttachedFile<'p> {
    /// The name it shows under.
    pub name: String,
    /// The part that holds it.
    pub part: String,
    /// The file.
    pub data: &'p [u8],
}

/// The files inside the document, in the order of its list.
///
/// # Errors
/// The list is broken, or names a part that is not there.
pub fn attachments<'p>(package: &'p Package<'_>) -> Result<Vec<AttachedFile<'p>>, ReadError> {
    let Some(list) = &Structure::of(package)?.attachments else { return Ok(Vec::new()) };
    let xml = package.xml(list)?;
    let attachments = xml.root("Attachments")?;
    let file = |attachment: super::xml::Element<'_>| {
        let part = package.locate(list, &attachment.need("FileLoc")?.text())?;
        Ok(AttachedFile {
            name: attachment.need_attr("Name")?.to_owned(),
            part: part.to_owned(),
            data: package.need(part)?,
        })
    };
    attachments.all("Attachment").map(file).collect()
}
