//! Attachments.xml and the files inside the document. GB/T 33190-2016, 20.2.
//!
//! In: [`Attachment`]s. Out: their parts and the list that names them.
//! Invariant: no two names of the folder are equal, even without regard to case.

use std::collections::BTreeSet;

use super::package::Part;
use super::xml::Xml;
use super::{PackagePath, WriteError};
use crate::page::{Attachment, Info};

const LIST: &str = "Attachments.xml";

/// Writes the parts; None without attachments.
pub(super) fn write(info: &Info, parts: &mut Vec<Part>) -> Result<Option<PackagePath>, WriteError> {
    if info.attachments.is_empty() {
        return Ok(None);
    }
    let path = PackagePath::known(format!("Doc_0/Attachs/{LIST}"));
    let created = info.created.civil_in_china().to_string();
    let mut xml = Xml::new();
    let mut names = BTreeSet::from([LIST.to_ascii_lowercase()]);
    let mut files = Vec::new();
    xml.root("ofd:Attachments").open();
    for (i, attachment) in info.attachments.iter().enumerate() {
        let file = file_path(attachment, &mut names)?;
        let format = attachment.name.rsplit_once('.').map(|(_, extension)| extension);
        xml.element("ofd:Attachment")
            // The schema says xs:ID, which digits alone are not; producers write digits, and readers expect them.
            .attr("ID", i as u32 + 1)
            .attr("Name", &attachment.name)
            .attr_if("Format", format)
            .attr("CreationDate", &created)
            .attr("Size", attachment.data.len() as f64 / 1024.0)
            .open();
        xml.leaf("ofd:FileLoc", file.absolute());
        xml.close("ofd:Attachment");
        files.push(Part::shared(file, attachment.data.clone()));
    }
    xml.close("ofd:Attachments");
    let data = xml.finish(&path)?;
    parts.push(Part::plain(path.clone(), data));
    parts.append(&mut files);
    Ok(Some(path))
}

fn file_path(attachment: &Attachment, names: &mut BTreeSet<String>) -> Result<PackagePath, WriteError> {
    let name = &attachment.name;
    if name.contains('/') || !names.insert(name.to_ascii_lowercase()) {
        return Err(WriteError::PartName(name.clone()));
    }
    PackagePath::new(format!("Doc_0/Attachs/{name}"))
}
