//! Unsealed: a file whose pages and catalog are still open, because a signature adds to both.
//!
//! In: what [`Base::write`](super::Base::write) wrote. Out: the file, or [`Digested`] with a signature field.
//! Invariant: either way it is one revision; nothing is ever appended to a finished file.

use lopdf::{Dictionary, Object, ObjectId, dictionary};

use super::object::{Body, name, points};
use super::{Digested, PdfError, SignatureRequest, Stamp, content, signature};
use crate::crypto::sm3::Sm3;
use crate::geom::{Rect, Size};

/// A document's objects before any signature.
#[derive(Debug)]
pub struct Unsealed {
    pub(super) body: Body,
    /// Never empty.
    pub(super) pages: Vec<OpenPage>,
    pub(super) resources: ObjectId,
    pub(super) catalog: Dictionary,
    pub(super) trailer: Dictionary,
    pub(super) stamps: Vec<Stamp>,
    /// The seal's form XObject.
    pub(super) seal: Option<ObjectId>,
    /// SM3 of the first so many bytes.
    pub(super) hashed: (Sm3, usize),
}

/// A page that may still get annotations.
#[derive(Debug)]
pub(super) struct OpenPage {
    pub(super) id: ObjectId,
    pub(super) size: Size,
    pub(super) contents: Vec<ObjectId>,
    pub(super) annotations: Vec<ObjectId>,
}

impl Unsealed {
    /// The places that the layout keeps for seals.
    pub fn stamps(&self) -> &[Stamp] {
        &self.stamps
    }

    /// The file without a signature, and without a field for one.
    pub fn into_bytes(self) -> Vec<u8> {
        self.close().0
    }

    /// Adds the signature field and hashes the file.
    ///
    /// # Errors
    /// A stamp's page does not exist.
    pub fn digest(mut self, request: &SignatureRequest) -> Result<Digested, PdfError> {
        if let Some(stamp) = request.stamps.iter().find(|s| s.page >= self.pages.len()) {
            return Err(PdfError::NoPage(stamp.page));
        }
        let dictionary = self.body.reserve();
        let blanks = signature::write_dictionary(&mut self.body, dictionary, request);

        // 12.7.4.5: a field that shows nothing has a rectangle without extent.
        let nowhere = [Stamp { page: 0, rect: Rect::default() }];
        let shown = self.seal.is_some() && !request.stamps.is_empty();
        let stamps = if shown { &request.stamps[..] } else { &nowhere };
        let field = self.annotate(&stamps[0], signature::field(dictionary), shown);
        for stamp in &stamps[1..] {
            self.annotate(stamp, signature::stamp(), shown);
        }

        self.catalog.set("AcroForm", signature::form(field));
        self.catalog.set("Perms", dictionary! { "DocMDP" => dictionary });
        let (bytes, hashed) = self.close();
        Ok(Digested::new(bytes, blanks, hashed))
    }

    /// Completes `annotation` with its place and, if it is `shown`, the seal.
    fn annotate(&mut self, stamp: &Stamp, mut annotation: Dictionary, shown: bool) -> ObjectId {
        let page = &mut self.pages[stamp.page];
        annotation.set("P", page.id);
        annotation.set("Rect", content::flipped(&stamp.rect, page.size.height));
        if let (Some(seal), true) = (self.seal, shown) {
            annotation.set("AP", dictionary! { "N" => seal });
        }
        let id = self.body.add(annotation);
        page.annotations.push(id);
        id
    }

    /// Writes the pages (7.7.3), the catalog (7.7.2), the cross-reference table and the trailer.
    fn close(mut self) -> (Vec<u8>, (Sm3, usize)) {
        let tree = self.body.reserve();
        let kids: Vec<Object> = self.pages.iter().map(|page| page.id.into()).collect();
        self.body
            .put(tree, dictionary! { "Type" => name("Pages"), "Count" => kids.len() as i64, "Kids" => kids });
        for page in self.pages {
            let (width, height) = (points(page.size.width), points(page.size.height));
            let mut entries = dictionary! {
                "Type" => name("Page"),
                "Parent" => tree,
                "MediaBox" => vec![0.into(), 0.into(), width, height],
                "Resources" => self.resources,
                // 11.6.6: colours blend in the space they are given in.
                "Group" => dictionary! { "Type" => name("Group"), "S" => name("Transparency"), "CS" => name("DeviceRGB") },
                "Contents" => references(&page.contents),
            };
            if !page.annotations.is_empty() {
                entries.set("Annots", references(&page.annotations));
            }
            self.body.put(page.id, entries);
        }
        self.catalog.set("Pages", tree);
        self.trailer.set("Root", self.body.add(self.catalog));
        (self.body.finish(self.trailer), self.hashed)
    }
}

fn references(ids: &[ObjectId]) -> Object {
    ids.iter().map(|&id| Object::Reference(id)).collect::<Vec<_>>().into()
}
