//! OFD.xml, the only part with a fixed name: what the package holds and what the document says about itself. GB/T 33190-2016, 7.4.
//!
//! In: [`Info`]. Out: [`Entry`], finished once it is known whether the package is signed.
//! Invariant: Signatures is named before anything is digested.

use super::document;
use super::package::Part;
use super::xml::Xml;
use super::{PackagePath, WriteError};
use crate::page::Info;

/// OFD.xml up to DocRoot.
#[derive(Debug)]
pub(super) struct Entry {
    xml: Xml,
}

impl Entry {
    /// Writes DocInfo (CT_DocInfo, in the order of its sequence).
    pub(super) fn new(info: &Info) -> Entry {
        let mut xml = Xml::new();
        xml.root("ofd:OFD").attr("Version", "1.0").attr("DocType", "OFD").open();
        xml.element("ofd:DocBody").open();
        xml.element("ofd:DocInfo").open();
        xml.leaf("ofd:DocID", &info.id);
        for (name, value) in
            [("ofd:Title", &info.title), ("ofd:Author", &info.author), ("ofd:Subject", &info.subject)]
        {
            if !value.is_empty() {
                xml.leaf(name, value);
            }
        }
        let date = info.created.civil_in_china().date().to_string();
        xml.leaf("ofd:CreationDate", &date);
        xml.leaf("ofd:ModDate", &date);
        xml.leaf("ofd:Creator", env!("CARGO_PKG_NAME"));
        xml.leaf("ofd:CreatorVersion", env!("CARGO_PKG_VERSION"));
        xml.element("ofd:CustomDatas").open();
        for (name, value) in info.metadata(info.standings.ofd) {
            xml.element("ofd:CustomData").attr("Name", name).value(value);
        }
        xml.close("ofd:CustomDatas");
        xml.close("ofd:DocInfo");
        xml.leaf("ofd:DocRoot", document::path().as_str());
        Entry { xml }
    }

    /// The finished part.
    pub(super) fn finish(mut self, signatures: Option<&PackagePath>) -> Result<Part, WriteError> {
        let path = PackagePath::known("OFD.xml");
        if let Some(signatures) = signatures {
            self.xml.leaf("ofd:Signatures", signatures.as_str());
        }
        self.xml.close("ofd:DocBody");
        self.xml.close("ofd:OFD");
        let data = self.xml.finish(&path)?;
        Ok(Part::plain(path, data))
    }
}
