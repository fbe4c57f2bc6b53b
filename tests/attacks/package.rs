//! A sealed OFD taken apart, to be put together wrongly.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use certpress::crypto::sm3;
use certpress::ofd::read::{Limits, Package};

use super::asn1::Node;
use super::zip::{Entry, Zip};

pub(crate) const RECORD: &str = "Doc_0/Attachs/record.json";
pub(crate) const LIST: &str = "Doc_0/Signs/Signatures.xml";
pub(crate) const SIGNATURE: &str = "Doc_0/Signs/Sign_0/Signature.xml";
pub(crate) const VALUE: &str = "Doc_0/Signs/Sign_0/SignedValue.dat";
pub(crate) const PAGE: &str = "Doc_0/Pages/Page_0/Content.xml";
pub(crate) const DOCUMENT: &str = "Doc_0/Document.xml";

/// The parts of a package in the order of their names. Each change gives back the package, so that forgeries read as one sentence.
#[derive(Clone)]
pub(crate) struct Parts(pub(crate) Vec<(String, Vec<u8>)>);

impl Parts {
    pub(crate) fn of(bytes: &[u8]) -> Parts {
        let package = Package::open(bytes, &Limits::default()).unwrap();
        Parts(package.parts().map(|(name, data)| (name.to_owned(), data.to_vec())).collect())
    }

    pub(crate) fn get(&self, name: &str) -> &[u8] {
        &self.0.iter().find(|(n, _)| n == name).unwrap_or_else(|| panic!("no {name}")).1
    }

    pub(crate) fn text(&self, name: &str) -> &str {
        std::str::from_utf8(self.get(name)).unwrap()
    }

    /// With other content for a part that is there, or with one more part.
    pub(crate) fn set(mut self, name: &str, data: impl Into<Vec<u8>>) -> Parts {
        match self.0.iter_mut().find(|(n, _)| n == name) {
            Some((_, old)) => *old = data.into(),
            None => self.0.push((name.to_owned(), data.into())),
        }
        self
    }

    /// With the first `from` in a part replaced.
    pub(crate) fn replace(self, name: &str, from: &str, to: &str) -> Parts {
        let text = self.text(name);
        assert!(text.contains(from), "{name} has no {from}");
        let text = text.replacen(from, to, 1);
        self.set(name, text)
    }

    pub(crate) fn remove(mut self, name: &str) -> Parts {
        let before = self.0.len();
        self.0.retain(|(n, _)| n != name);
        assert_eq!(self.0.len() + 1, before, "no {name}");
        self
    }

    pub(crate) fn rename(mut self, from: &str, to: &str) -> Parts {
        self.0.iter_mut().find(|(n, _)| n == from).unwrap().0 = to.to_owned();
        self
    }

    /// The name of the first part that begins and ends so.
    pub(crate) fn find(&self, start: &str, end: &str) -> String {
        let found = self.0.iter().find(|(n, _)| n.starts_with(start) && n.ends_with(end));
        found.unwrap_or_else(|| panic!("no {start}…{end}")).0.clone()
    }

    /// With all digests in Signature.xml made to fit what the parts are now: the first thing that a forger does.
    pub(crate) fn fit_references(self) -> Parts {
        let mut text = self.text(SIGNATURE).to_owned();
        for (name, data) in &self.0 {
            let head = format!("FileRef=\"/{name}\"><ofd:CheckValue>");
            let Some(start) = text.find(&head).map(|at| at + head.len()) else { continue };
            let end = start + text[start..].find('<').unwrap();
            text.replace_range(start..end, &BASE64_STANDARD.encode(sm3::digest(data)));
        }
        self.set(SIGNATURE, text)
    }

    /// With the dataHash of the signed value made to fit Signature.xml: the second.
    pub(crate) fn fit_hash(self) -> Parts {
        let digest = sm3::digest(self.get(SIGNATURE));
        self.value(&[0, 3], |hash| hash.set_bits(&digest))
    }

    /// With one node of the signed value changed; see [`Node::at`].
    pub(crate) fn value(self, path: &[usize], change: impl FnOnce(&mut Node)) -> Parts {
        let mut root = Node::parse(self.get(VALUE));
        change(root.at(path));
        self.set(VALUE, root.encode())
    }

    pub(crate) fn signed_value(&self) -> Node {
        Node::parse(self.get(VALUE))
    }

    pub(crate) fn zip(&self) -> Zip {
        Zip::of(self.0.iter().map(|(name, data)| Entry::deflated(name, data)).collect())
    }

    pub(crate) fn build(&self) -> Vec<u8> {
        self.zip().build()
    }
}
