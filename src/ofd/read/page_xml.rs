//! The XML of pages, of which several questions are asked: which objects there are, and what they show.
//!
//! Invariant: one page is held at a time, so that a document of a single page, which most certificates are, is parsed once, and one of many
//! takes no more memory.

use std::cell::RefCell;
use std::rc::Rc;

use super::error::ReadError;
use super::package::Package;
use super::xml::Xml;

/// Pages and page templates by their parts.
pub(super) struct PageXml<'p> {
    pub(super) package: &'p Package<'p>,
    last: RefCell<Option<(String, Rc<Xml<'p>>)>>,
}

impl<'p> PageXml<'p> {
    pub(super) fn new(package: &'p Package<'p>) -> PageXml<'p> {
        PageXml { package, last: RefCell::default() }
    }

    /// The XML of `part`.
    pub(super) fn get(&self, part: &str) -> Result<Rc<Xml<'p>>, ReadError> {
        if let Some((_, xml)) = self.last.borrow().as_ref().filter(|(last, _)| last == part) {
            return Ok(Rc::clone(xml));
        }
        // The last one goes before the next is read.
        self.last.take();
        let xml = Rc::new(self.package.xml(part)?);
        self.last.replace(Some((part.to_owned(), Rc::clone(&xml))));
        Ok(xml)
    }
}
