//! What the PDF writer writes, read back by `lopdf` and by strangers.

#![expect(clippy::unwrap_used, reason = "a test that meets the unexpected fails")]

mod content;
mod images;
mod judges;
mod metadata;
mod objects;
mod revisions;
mod sample;
mod signature;

use std::collections::BTreeMap;

use certpress::page::Document;
use certpress::pdf::Base;
use lopdf::{Dictionary, Object};

/// The file of `document`, unsealed.
fn write(document: &Document) -> Vec<u8> {
    Base::new(&document.master).unwrap().write(document).unwrap().into_bytes()
}

/// A file as lopdf reads it.
struct Read(lopdf::Document);

impl Read {
    fn new(bytes: &[u8]) -> Read {
        Read(lopdf::Document::load_mem(bytes).unwrap())
    }

    fn catalog(&self) -> &Dictionary {
        self.0.catalog().unwrap()
    }

    fn page(&self, index: usize) -> &Dictionary {
        let id = *self.0.get_pages().values().nth(index).unwrap();
        self.0.get_dictionary(id).unwrap()
    }

    /// Follows `object` if it is a reference.
    fn resolve<'a>(&'a self, object: &'a Object) -> &'a Object {
        self.0.dereference(object).unwrap().1
    }

    fn stream(&self, object: &Object) -> String {
        let stream = self.resolve(object).as_stream().unwrap();
        String::from_utf8(stream.get_plain_content().unwrap()).unwrap()
    }

    /// The content streams of a page, in order.
    fn contents(&self, page: usize) -> Vec<String> {
        self.page(page).get(b"Contents").unwrap().as_array().unwrap().iter().map(|o| self.stream(o)).collect()
    }

    /// The images of a page's resources by name.
    fn images(&self) -> BTreeMap<String, &lopdf::Stream> {
        let resources = self.resolve(self.page(0).get(b"Resources").unwrap()).as_dict().unwrap();
        let images = resources.get(b"XObject").unwrap().as_dict().unwrap();
        let name = |name: &[u8]| String::from_utf8(name.to_vec()).unwrap();
        images.iter().map(|(key, object)| (name(key), self.resolve(object).as_stream().unwrap())).collect()
    }
}
